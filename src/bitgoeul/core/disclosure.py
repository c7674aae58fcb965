"""The one door through which counts of people leave the house.

Whatever is published or exported about groups of people asks here what may be shown: single
counts (`is_small`), a list of parts beside its sum (`protect_parts`), answers on a scale
(`protect_scale`), tables by group that
stand beside each other (`Tables`), and rows about single people (`protect_records`). The method
of the counts is that of `engines.analysis.disclosure`; nothing else in the rooms may call the
engine (tests/test_house.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from bitgoeul.engines.analysis import disclosure

People = frozenset[UUID]
Cells = Sequence[Sequence[UUID]]
"""Whose rows stand in the cells of one line of a table: as many as the table has columns."""
Place = tuple[int, int]


def public_threshold() -> int:
    """Return the smallest count of people that may be shown to everybody."""
    return int(settings.BITGOEUL.small_cell_threshold)


def is_small(count: int, threshold: int | None = None) -> bool:
    """Tell whether a count is one that could point at people; zero points at nobody."""
    return 0 < count < (public_threshold() if threshold is None else threshold)


@dataclass(frozen=True)
class Parts:
    """Counts beside their sum, as they may be shown; None where a number is withheld."""

    counts: tuple[int | None, ...]
    total: int | None


def protect_parts(
    counts: Sequence[int], *, most: Sequence[int] | None = None, threshold: int | None = None
) -> Parts:
    """Withhold the small parts of a sum, and the sum where it would give one of them away.

    Parameters
    ----------
    counts : sequence of int
        Parts of one sum, such as the seats filled per pool.
    most : sequence of int, optional
        What each part can be at most, where everybody knows it (the seats of the pool).  Then
        nobody may learn whether a part is 0 either: parts under the threshold are all withheld.
    threshold : int, optional
        The smallest count shown; the installation's by default.

    Notes
    -----
    A reader knows the shown parts, the sum S of the withheld ones and their bounds l and u.
    Part i lies between max(l_i, S - sum of the other u) and min(u_i, S - sum of the other l);
    where both meet, the sum is withheld too.

    Examples
    --------
    >>> protect_parts([3, 20], threshold=5)
    Parts(counts=(None, 20), total=None)
    >>> protect_parts([3, 2, 20], threshold=5)
    Parts(counts=(None, None, 20), total=25)
    """
    limit = public_threshold() if threshold is None else threshold
    lowest = 1 if most is None else 0
    hidden = [lowest <= count < limit for count in counts]
    shown = tuple(None if hide else count for hide, count in zip(hidden, counts, strict=True))
    rest = sum(count for hide, count in zip(hidden, counts, strict=True) if hide)
    # A withheld part is known to be below the threshold.
    tops = [
        limit - 1 if most is None else min(most[place], limit - 1)
        for place, hide in enumerate(hidden)
        if hide
    ]
    given_away = any(
        max(lowest, rest - (sum(tops) - top)) >= min(top, rest - lowest * (len(tops) - 1))
        for top in tops
    )
    return Parts(shown, None if given_away else sum(counts))


@dataclass(frozen=True)
class Scale:
    """Answers on a scale from 1 upwards, as they may be shown; None where withheld."""

    answers: int | None
    mean: Decimal | None
    counts: tuple[int, ...] | None


def protect_scale(counts: Sequence[int], *, threshold: int | None = None) -> Scale:
    """Show answers on a scale as far as no small group of them can be told.

    Parameters
    ----------
    counts : sequence of int
        How often each point was given, from 1 upwards.
    threshold : int, optional
        The smallest count shown; the installation's by default.

    Notes
    -----
    Of fewer answers than the threshold nothing is shown. Where a point was given by few, no point
    is shown, only the mean to one decimal; and where number and mean leave a small count only one
    possible value, the mean neither.

    Examples
    --------
    >>> protect_scale([0, 0, 5, 10, 5], threshold=5)
    Scale(answers=20, mean=Decimal('4.0'), counts=(0, 0, 5, 10, 5))
    >>> protect_scale([1, 2, 4, 10, 3], threshold=5)
    Scale(answers=20, mean=Decimal('3.6'), counts=None)
    >>> protect_scale([0, 0, 0, 1, 4], threshold=5)
    Scale(answers=5, mean=None, counts=None)
    """
    limit = public_threshold() if threshold is None else threshold
    number = sum(counts)
    if is_small(number, limit):
        return Scale(None, None, None)
    if not number:
        return Scale(0, None, tuple(counts))
    sums = range(number, number * len(counts) + 1)
    total = sum(point * count for point, count in enumerate(counts, start=1))
    mean = _mean(total, number)
    small = [point for point, count in enumerate(counts, start=1) if is_small(count, limit)]
    if not small:
        return Scale(number, mean, tuple(counts))
    alike = [each for each in sums if _mean(each, number) == mean]
    told = any(_only_one(point, len(counts), number, alike) for point in small)
    return Scale(number, None if told else mean, None)


def _mean(total: int, number: int) -> Decimal:
    return (Decimal(total) / number).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _only_one(point: int, points: int, number: int, sums: Sequence[int]) -> bool:
    """Whether a point can have been given only so often, if the sum is one of `sums`."""
    others = [each for each in range(1, points + 1) if each != point]
    # Bit s of `reached`: so many answers with other points can add up to s.
    reached, possible = 1, 0
    for rest in range(number + 1):
        if any(
            total >= point * (number - rest) and reached >> (total - point * (number - rest)) & 1
            for total in sums
        ):
            possible += 1
            if possible > 1:
                return False
        more = 0
        for each in others:
            more |= reached << each
        reached = more
    return True


@dataclass
class Tables:
    """Tables by group that may be shown beside each other.

    Each table is protected by itself (threshold and complementary suppression, audited). Then it
    is held against the tables of the same group that are shown already: when one cell's people
    are a part of another's and only a few are left between them, the two counts would tell those
    few, and the later cell is withheld with whatever would give it away. The sums of a table are
    the number it belongs to: they are published with it and hide nothing. A table of which only
    zeros and sums would remain is withheld as a whole.
    """

    threshold: int
    shown: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], list[People]] = field(default_factory=dict)

    def add(
        self, key: str, group: str, people: Mapping[str, Cells], **about: Any
    ) -> dict[str, Any] | None:
        """Add a table as far as it may stand beside the others; None when nothing of it may.

        `people` gives per line whose rows stand in its cells: one cell, or two (counted and not
        counted). `about` goes into the shown table as it is.
        """
        shown = self._protected(group, people)
        if shown is None or not _says_something(shown):
            self.withheld.append(key)
            return None
        for _place, name, each in _shown_people(people, shown):
            self.cells.setdefault((group, name), []).append(each)
        entry = {"key": key, **about, "group": group, **shown.as_dict()}
        self.shown.append(entry)
        return entry

    def _protected(self, group: str, people: Mapping[str, Cells]) -> disclosure.Suppressed | None:
        """Withhold until nothing tells; None when the sums, which the headline tells, forbid it."""
        table = _table(people)
        width = len(table.columns or ("counted",))
        known = frozenset((len(people), column) for column in range(width + (width > 1)))
        also: frozenset[Place] = frozenset()
        while True:
            try:
                shown = disclosure.suppress(table, threshold=self.threshold, also=also, known=known)
            except disclosure.DisclosureError:
                return None
            telling = frozenset(
                place
                for place, name, each in _shown_people(people, shown)
                if self._tells((group, name), each)
            )
            if not telling:
                return shown
            also |= telling

    def _tells(self, where: tuple[str, str], people: People) -> bool:
        """Tell whether a count beside those already shown there would give away a few people."""
        return any(
            (people <= other or other <= people) and is_small(len(people ^ other), self.threshold)
            for other in self.cells.get(where, ())
        )


def _table(people: Mapping[str, Cells]) -> disclosure.Table:
    two = any(len(cells) > 1 for cells in people.values())
    return disclosure.Table(
        rows=tuple(people),
        columns=("counted", "not_counted") if two else None,
        cells=tuple(tuple(len(each) for each in cells) for cells in people.values()),
    )


def _shown_people(
    people: Mapping[str, Cells], shown: disclosure.Suppressed
) -> Iterator[tuple[Place, str, People]]:
    """Yield the shown numbers of each line with their places in the full layout."""
    totals = shown.row_totals or (None,) * len(people)
    lines = zip(people.items(), shown.cells, totals, strict=True)
    for row, ((name, cells), counts, total) in enumerate(lines):
        for column, (each, count) in enumerate(zip(cells, counts, strict=True)):
            if count is not None:
                yield (row, column), name, frozenset(each)
        if total is not None:
            yield (row, len(cells)), name, frozenset(person for each in cells for person in each)


def _says_something(shown: disclosure.Suppressed) -> bool:
    numbers = [*(count for line in shown.cells for count in line), *(shown.row_totals or ())]
    return any(numbers)


Steps = Sequence[Callable[[Any], str]]
"""How a value reads, from nearly as it is to coarse; after the last it is not told at all."""

NOT_TOLD = "*"


@dataclass(frozen=True)
class Records:
    """Rows about single people, as far as they may be handed out."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    """The place of each row that stays, and its telling values as they may be told."""
    levels: dict[str, int]
    """On which step each telling column ended."""
    withheld: frozenset[Any]
    """The people whose rows do not go out at all."""


def protect_records(
    people: Sequence[Any],
    telling: Sequence[Mapping[str, Any]],
    ladders: Mapping[str, Steps],
    *,
    threshold: int | None = None,
    spare: float = 0.05,
) -> Records:
    """Coarsen what could tell people apart until nobody stands among fewer than the threshold.

    Parameters
    ----------
    people : sequence
        Whose each row is; one person may have several rows, which count together.
    telling : sequence of mappings
        Per row the values that others may know, by column.
    ladders : mapping
        Per column its steps.
    threshold : int, optional
        Among how many people one must stand; the installation's by default.
    spare : float, optional
        The share of people who may be left out (fewer than the threshold always may) before a
        column is made coarser for everybody.

    Notes
    -----
    Full-domain generalisation: a column is on the same step in all rows. While too many people
    stand among too few, the column with the most different values goes one step up (the first of
    them in the alphabet), which ends because every ladder does. Who still stands among too few
    is left out.

    Examples
    --------
    >>> rows = [{"sex": "f"}, {"sex": "f"}, {"sex": "m"}]
    >>> protect_records("abc", rows, {"sex": (str,)}, threshold=2).withheld
    frozenset({'c'})
    """
    limit = public_threshold() if threshold is None else threshold
    levels = dict.fromkeys(sorted(ladders), 0)
    at_most = max(limit - 1, spare * len(frozenset(people)))
    while True:
        shown = [_told(row, ladders, levels) for row in telling]
        few = _among_few(people, shown, limit)
        open_columns = [name for name, level in levels.items() if level < len(ladders[name])]
        if len(few) <= at_most or not open_columns:
            break
        values = {name: len({row[name] for row in shown}) for name in open_columns}
        levels[max(open_columns, key=lambda name: values[name])] += 1
    pairs = enumerate(zip(people, shown, strict=True))
    kept = tuple((place, row) for place, (person, row) in pairs if person not in few)
    return Records(kept, levels, few)


def _told(
    row: Mapping[str, Any], ladders: Mapping[str, Steps], levels: Mapping[str, int]
) -> dict[str, str]:
    return {
        name: ladders[name][level](row[name]) if level < len(ladders[name]) else NOT_TOLD
        for name, level in levels.items()
    }


def _among_few(
    people: Sequence[Any], shown: Sequence[Mapping[str, str]], limit: int
) -> frozenset[Any]:
    """Who looks like fewer than `limit` people, all rows of a person taken together."""
    looks: dict[Any, list[tuple[str, ...]]] = {}
    for person, row in zip(people, shown, strict=True):
        looks.setdefault(person, []).append(tuple(row.values()))
    alike: dict[tuple[tuple[str, ...], ...], list[Any]] = {}
    for person, rows in looks.items():
        alike.setdefault(tuple(sorted(rows)), []).append(person)
    return frozenset(person for group in alike.values() if len(group) < limit for person in group)
