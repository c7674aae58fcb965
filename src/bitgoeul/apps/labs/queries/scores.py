"""Which score counts: of each submission its newest evaluation, of each person the best of them.

While a submission waits to be scored again, its earlier evaluation goes on counting.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.enums import LabKind, Metric, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, Submission


@dataclass(frozen=True, kw_only=True)
class Best:
    """The evaluation that counts for one person in one lab."""

    lab_id: int
    person_id: int
    person: UUID
    submission: UUID
    evaluation: UUID
    score: float
    rows: int
    received_at: dt.datetime
    passed: bool


def passes(lab: "Lab | Standard", score: float | None) -> bool:
    """Tell whether a score reaches a lab's pass line; what is not a number never does."""
    if score is None or not math.isfinite(score):
        return False
    return score >= lab.pass_score if lab.higher_is_better else score <= lab.pass_score


_SHARES = frozenset({Metric.ACCURACY, Metric.MACRO_F1, Metric.ROC_AUC})
"""The metrics that are shares of one already."""


def has_share(lab: Lab) -> bool:
    """Tell whether scores of a lab stand on a scale with a bottom and a top.

    Points do, and what is a share by itself; an error such as RMSE has no worst value.
    """
    return bool(lab.max_points) or lab.metric in _SHARES


def share_of(lab: Lab, score: float) -> Decimal:
    """Return a score as a share of the most that the lab gives, from 0 to 1.

    Raises
    ------
    ValueError
        When the lab has no such scale; ask `has_share` first.
    """
    if not has_share(lab):
        raise ValueError(f"{lab.metric} has no scale")
    share = Decimal(str(score)) / (Decimal(str(lab.max_points)) if lab.max_points else 1)
    return min(max(share, Decimal(0)), Decimal(1))


def people_waiting(lab: Lab) -> frozenset[int]:
    """Return the people whose result may still change by itself, by id.

    Something that they handed in is not scored or marked yet, or what counts of theirs has parts
    that a person has to mark.
    """
    waiting = (SubmissionState.QUEUED, SubmissionState.MARKING)
    rows = Submission.objects.filter(lab=lab, state__in=waiting)
    found = set(rows.values_list("person_id", flat=True).order_by())
    if lab.kind == LabKind.NOTEBOOK:
        counting = {best.evaluation: best.person_id for best in best_evaluations(lab).values()}
        checks = Evaluation.objects.filter(submission__lab=lab).values_list("uuid", "checks")
        found |= {
            counting[uuid]
            for uuid, rows in checks
            if uuid in counting and any(row["code"] == "manual" for row in rows)
        }
    return frozenset(found)


def best_evaluations(lab: Lab, *, before: dt.datetime | None = None) -> dict[int, Best]:
    """Return the best of everyone who was scored in a lab (before a moment), by the person's id.

    The first of equal scores counts. One statement whatever the number of submissions.
    """
    counting = _counting().filter(submission__lab=lab)
    if before is not None:
        counting = counting.filter(evaluated_at__lt=before)
    found = _best(counting)
    return {person: best for (_lab, person), best in found.items()}


def best_score_of(lab: Lab, person: User) -> Best | None:
    """Return one person's best in a lab."""
    counting = _counting().filter(submission__lab=lab, submission__person=person)
    return _best(counting).get((lab.pk, person.pk))


def best_scores_of_person(person: User, labs: Iterable[Lab]) -> dict[int, Best]:
    """Return one person's best in each of several labs, by the lab's id."""
    counting = _counting().filter(submission__person=person, submission__lab__in=list(labs))
    return {lab: best for (lab, _person), best in _best(counting).items()}


def best_scores_by(
    person: User, due: Mapping[int, dt.datetime]
) -> tuple[dict[int, Best], dict[int, Best]]:
    """Return one person's best of what came in time, and of all, by the lab's id.

    `due` says by the lab's id until when something had to be handed in.
    """
    rows = _rows(_counting().filter(submission__person=person, submission__lab__in=list(due)))
    in_time = [row for row in rows if row.received_at <= due[row.lab_id]]
    by_time, by_all = _best_of(in_time), _best_of(rows)
    return (
        {lab: best for (lab, _person), best in by_time.items()},
        {lab: best for (lab, _person), best in by_all.items()},
    )


def _counting() -> QuerySet[Evaluation]:
    counting = Evaluation.objects.exclude(submission__state=SubmissionState.REFUSED)
    return counting.order_by("submission_id", "evaluated_at", "id")


class Standard(NamedTuple):
    """What of a lab a score is held against."""

    pass_score: float
    higher_is_better: bool


class _Scored(NamedTuple):
    """An evaluation in plain columns: ten thousand rows as objects cost ten times as much."""

    submission_id: int
    lab_id: int
    person_id: int
    person: UUID
    submission: UUID
    evaluation: UUID
    score: float
    rows: int
    received_at: dt.datetime
    pass_score: float
    higher_is_better: bool


_COLUMNS = (
    "submission_id",
    "submission__lab_id",
    "submission__person_id",
    "submission__person__uuid",
    "submission__uuid",
    "uuid",
    "score",
    "rows",
    "submission__received_at",
    "submission__lab__pass_score",
    "submission__lab__higher_is_better",
)


def _best(evaluations: QuerySet[Evaluation]) -> dict[tuple[int, int], Best]:
    return _best_of(_rows(evaluations))


def _rows(evaluations: QuerySet[Evaluation]) -> list[_Scored]:
    return [_Scored(*row) for row in evaluations.values_list(*_COLUMNS)]


def _best_of(rows: Iterable[_Scored]) -> dict[tuple[int, int], Best]:
    newest = {row.submission_id: row for row in rows}
    found: dict[tuple[int, int], Best] = {}
    for row in sorted(newest.values(), key=lambda each: (each.received_at, each.submission_id)):
        if not math.isfinite(row.score):
            continue
        lab = Standard(row.pass_score, row.higher_is_better)
        key = (row.lab_id, row.person_id)
        known = found.get(key)
        if known is None or _better(lab, row.score, known.score):
            found[key] = Best(
                lab_id=row.lab_id,
                person_id=row.person_id,
                person=row.person,
                submission=row.submission,
                evaluation=row.evaluation,
                score=row.score,
                rows=row.rows,
                received_at=row.received_at,
                passed=passes(lab, row.score),
            )
    return found


def _better(lab: Standard, score: float, known: float) -> bool:
    return score > known if lab.higher_is_better else score < known
