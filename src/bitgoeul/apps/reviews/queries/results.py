"""What a panel found: the result of each case, and how alike its reviewers judge."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from uuid import UUID

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.reviews.enums import ReviewState
from bitgoeul.apps.reviews.models import Case, Panel, Review

_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of a case out of 100; None until every opinion that it needs is there.

    `waiting` opinions were asked for and are not handed in, `missing` ones nobody was asked for:
    first opinions short of the panel's number, and the third where two differ too far.
    """

    case: int
    subject_uuid: UUID
    number: str
    opinions: tuple[Decimal, ...]
    waiting: int
    missing: int
    third: bool
    owes_third: bool
    score: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """How far the opinions lie apart."""
        return max(self.opinions) - min(self.opinions) if len(self.opinions) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Judge:
    """How one reviewer judges, beside the others of the same cases."""

    person: User
    done: int
    waiting: int
    mean: float | None
    spread: float | None
    severity: float | None


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How alike a panel judges: mean distance of two opinions, and the intraclass correlation."""

    judges: tuple[Judge, ...]
    pairs: int
    distance: float | None
    beyond: int
    agreement: float | None


def score_of(opinions: Sequence[Decimal]) -> Decimal:
    """Return the result: the mean of two opinions, the median of three or more."""
    middle = statistics.mean(opinions) if len(opinions) < 3 else statistics.median(opinions)
    return Decimal(middle).quantize(_THOUSANDTH, ROUND_HALF_UP)


def results_of(panel: Panel, *, case: Case | None = None) -> list[Result]:
    """Return the result of every case, by number, or of one."""
    rows = Review.objects.filter(case__panel=panel).exclude(state=ReviewState.ABSTAINED)
    cases = panel.cases.order_by("number")
    if case is not None:
        rows, cases = rows.filter(case=case), cases.filter(pk=case.pk)
    of: dict[int, list[Review]] = defaultdict(list)
    for row in rows.order_by("id").only("case", "state", "total", "third"):
        of[row.case_id].append(row)
    places = cases.values_list("pk", "subject_uuid", "number")
    return [_result(panel, place, of[place[0]]) for place in places]


def _result(panel: Panel, place: tuple[int, UUID, str], rows: Sequence[Review]) -> Result:
    given = _totals(rows)
    first = [row for row in rows if not row.third]
    third, waiting = len(first) < len(rows), len(rows) - len(given)
    owes = not third and _differ(panel, first)
    missing = max(0, panel.reviews_each - len(first)) + owes
    return Result(
        case=place[0],
        subject_uuid=place[1],
        number=place[2],
        opinions=tuple(given),
        waiting=waiting,
        missing=missing,
        third=third,
        owes_third=owes,
        score=score_of(given) if given and not waiting and not missing else None,
    )


def _totals(rows: Iterable[Review]) -> list[Decimal]:
    done = (row.total for row in rows if row.state == ReviewState.SUBMITTED)
    return [total for total in done if total is not None]


def _differ(panel: Panel, first: Sequence[Review]) -> bool:
    """Tell whether all first opinions are there and lie too far apart."""
    totals = _totals(first)
    if panel.gap_limit is None or len(totals) < max(2, panel.reviews_each, len(first)):
        return False
    return max(totals) - min(totals) > panel.gap_limit


def calibration_of(panel: Panel) -> Calibration:
    """Compare the reviewers of a panel by what they handed in."""
    by_case: dict[int, dict[int, float]] = defaultdict(dict)
    waiting: dict[int, int] = defaultdict(int)
    rows = Review.objects.filter(case__panel=panel).exclude(state=ReviewState.ABSTAINED)
    for case, person, state, total in rows.values_list("case", "reviewer", "state", "total"):
        if state == ReviewState.SUBMITTED and total is not None:
            by_case[case][person] = float(total)
        else:
            waiting[person] += 1
    seats = panel.panelists.select_related("person").order_by("person__full_name", "id")
    judges = tuple(_judge(seat.person, by_case, waiting[seat.person_id]) for seat in seats)
    gaps = [
        abs(one - other)
        for own in by_case.values()
        for one, other in combinations([own[key] for key in sorted(own)], 2)
    ]
    limit = float(panel.gap_limit) if panel.gap_limit is not None else None
    return Calibration(
        judges=judges,
        pairs=len(gaps),
        distance=statistics.mean(gaps) if gaps else None,
        beyond=sum(gap > limit for gap in gaps) if limit is not None else 0,
        agreement=intraclass([list(own.values()) for own in by_case.values() if len(own) > 1]),
    )


def intraclass(groups: Sequence[Sequence[float]]) -> float | None:
    """Return ICC(1), one-way random effects, single opinion; None when nothing can be said.

    Shrout and Fleiss (1979), case 1; with groups of different size the usual mean size is taken.
    """
    n, total = len(groups), sum(map(len, groups))
    if n < 2 or total == n:
        return None
    grand = sum(map(sum, groups)) / total
    between = sum(len(g) * (statistics.mean(g) - grand) ** 2 for g in groups) / (n - 1)
    inside = sum((x - statistics.mean(g)) ** 2 for g in groups for x in g) / (total - n)
    size = (total - sum(len(g) ** 2 for g in groups) / total) / (n - 1)
    below = between + (size - 1) * inside
    return (between - inside) / below if below else None


def _judge(person: User, by_case: Mapping[int, Mapping[int, float]], waiting: int) -> Judge:
    own = [given[person.pk] for given in by_case.values() if person.pk in given]
    apart = [
        given[person.pk] - statistics.mean([x for key, x in given.items() if key != person.pk])
        for given in by_case.values()
        if person.pk in given and len(given) > 1
    ]
    return Judge(
        person=person,
        done=len(own),
        waiting=waiting,
        mean=statistics.mean(own) if own else None,
        spread=statistics.stdev(own) if len(own) > 1 else None,
        severity=statistics.mean(apart) if apart else None,
    )
