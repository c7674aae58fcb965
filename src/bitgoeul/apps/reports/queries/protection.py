"""Small cells: which numbers and tables of a report may be shown beside each other.

Each table is protected by itself (threshold and complementary suppression, audited). Tables by
the same group are then looked at together: when one cell's people are a part of another's and
only a few are left between them, the two shown counts would tell those few, and the later table
is withheld as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import translation

from bitgoeul.core.indicators import Indicator, Value
from bitgoeul.engines.analysis import disclosure

NOT_STATED = "not_stated"
People = frozenset[UUID]


@dataclass
class Tables:
    """The tables that may be shown, the keys of those that may not, and who stands in the cells."""

    threshold: int
    shown: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], list[People]] = field(default_factory=dict)


def is_small(count: int, threshold: int) -> bool:
    """Tell whether a count is one that could point at people."""
    return 0 < count < threshold


def hides(indicator: Indicator, value: Value, threshold: int) -> bool:
    """Tell whether a number as a whole is withheld: it, or what it leaves uncounted, is small."""
    counted, against = len(value.numerator), len(value.denominator)
    if indicator.unit == "share":
        return is_small(counted, threshold) or is_small(against - counted, threshold)
    return is_small(counted, threshold)


def in_both(text: Any) -> dict[str, str]:
    """Render a lazy text in both languages."""
    both = {}
    for language in ("ko", "en"):
        with translation.override(language):
            both[language] = str(text)
    return both


def tables_of(numbers: Sequence[tuple[Indicator, Value]], *, threshold: int) -> Tables:
    """Tabulate every indicator by its groups, as far as the tables may stand beside each other."""
    tables = Tables(threshold=threshold)
    for indicator, value in numbers:
        if not value.countable or not value.numerator or hides(indicator, value, threshold):
            continue
        for group in indicator.group_by:
            _add(tables, indicator, value, group)
    return tables


def _add(tables: Tables, indicator: Indicator, value: Value, group: str) -> None:
    people = _people_by_group(value, group)
    key = f"{indicator.key}.{group}"
    shown = disclosure.suppress(_table(people), threshold=tables.threshold).as_dict()
    placed = list(_shown_people(people, shown))
    if any(_tells(tables, (group, name), each) for name, each in placed):
        tables.withheld.append(key)
        return
    for name, each in placed:
        tables.cells.setdefault((group, name), []).append(each)
    title = in_both(indicator.title)
    tables.shown.append(
        {"key": key, "indicator": indicator.key, "title": title, "group": group, **shown}
    )


def _people_by_group(value: Value, group: str) -> dict[str, list[list[UUID]]]:
    """Return whose rows stand in each cell: counted, and (for a share) not counted."""
    counted = {row.uuid for row in value.numerator}
    found: dict[str, list[list[UUID]]] = {}
    for row in value.denominator or value.numerator:
        cells = found.setdefault(row.groups.get(group) or NOT_STATED, [[], []])
        cells[0 if row.uuid in counted else 1].append(row.subject or row.uuid)
    columns = 2 if value.denominator else 1
    return {name: found[name][:columns] for name in sorted(found)}


def _table(people: Mapping[str, Sequence[Sequence[UUID]]]) -> disclosure.Table:
    two = any(len(cells) > 1 for cells in people.values())
    return disclosure.Table(
        rows=tuple(people),
        columns=("counted", "not_counted") if two else None,
        cells=tuple(tuple(len(each) for each in cells) for cells in people.values()),
    )


def _shown_people(
    people: Mapping[str, Sequence[Sequence[UUID]]], shown: Mapping[str, Any]
) -> Iterator[tuple[str, People]]:
    totals = shown["row_totals"] or [None] * len(people)
    for (name, cells), counts, total in zip(people.items(), shown["cells"], totals, strict=True):
        for each, count in zip(cells, counts, strict=True):
            if count is not None:
                yield name, frozenset(each)
        if total is not None:
            yield name, frozenset(person for each in cells for person in each)


def _tells(tables: Tables, place: tuple[str, str], people: People) -> bool:
    """Tell whether a count beside those already shown there would give away a few people."""
    return any(
        (people <= other or other <= people) and is_small(len(people ^ other), tables.threshold)
        for other in tables.cells.get(place, ())
    )
