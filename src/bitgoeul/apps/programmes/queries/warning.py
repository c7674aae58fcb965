"""The early-warning model: what it learns from, how it does, and whom it names now."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Submission
from bitgoeul.apps.programmes.enums import CohortState, EnrolmentState
from bitgoeul.apps.programmes.models import (
    Assignment,
    Cohort,
    Enrolment,
    Inputs,
    Programme,
    WarningModel,
)
from bitgoeul.apps.programmes.queries.completion import calendar_of, planned_days_of
from bitgoeul.apps.programmes.queries.limits import Standing, _Plan, _standing, sparse_inputs
from bitgoeul.apps.programmes.queries.signs import NAMES, sign_words
from bitgoeul.core import clock
from bitgoeul.core.disclosure import Tables, public_threshold
from bitgoeul.engines.analysis import warning
from bitgoeul.engines.evidence import digest

MOMENTS = (0.25, 0.5, 0.75)
"""At these shares of a course people are looked at: three times in a cohort."""

AUDITED_AT = 1
"""The moment whose warnings are audited by group: in the middle, so each person counts once."""

DROPPED = (EnrolmentState.NOT_COMPLETED, EnrolmentState.WITHDRAWN, EnrolmentState.REMOVED)
OUTCOMES = (EnrolmentState.COMPLETED, *DROPPED)
"""Who left for a job is neither: they are not learnt from."""

_TOLD = 3
_TELLING = 0.1


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One person at one moment of an ended cohort."""

    enrolment: Enrolment
    moment: int
    signs: tuple[float, ...]
    warned: bool
    dropped: bool


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A comparison, what it was made from, and its audit."""

    comparison: warning.Comparison
    cohorts: tuple[int, ...]
    digest: str
    audit: Mapping[str, Any]

    def figures(self) -> dict[str, Any]:
        """Return what rules and model found, in JSON types."""
        found = self.comparison
        held_out = [
            {
                "cohort": one.cohort, "rows": one.rows, "dropped": one.dropped,
                "warned": one.warned, "rules": one.found_by_rules, "model": one.found_by_model,
            }
            for one in found.held_out
        ]  # fmt: skip
        return {"moments": list(MOMENTS), "cohorts": list(self.cohorts), "held_out": held_out}


def ended_cohorts(programme: Programme) -> list[Cohort]:
    """Return the cohorts of a programme from which can be learnt."""
    rows = Cohort.objects.filter(programme=programme, state=CohortState.ENDED)
    return list(rows.select_related("rule_set", "programme", "calendar").order_by("number"))


def trained_on(programme: Programme) -> Trained | None:
    """Train and compare; None with too few cohorts. It reads much and writes nothing."""
    seen = [(cohort.number, row) for cohort in ended_cohorts(programme) for row in seen_in(cohort)]
    cohorts = tuple(sorted({number for number, _row in seen}))
    if len(cohorts) < warning.COHORTS_AT_LEAST:
        return None
    comparison = warning.compare(records_of(seen))
    plain = [[number, row.moment, list(row.signs), row.warned, row.dropped] for number, row in seen]
    return Trained(
        comparison=comparison,
        cohorts=cohorts,
        digest=digest(plain),
        audit=_audit([row for _number, row in seen], comparison.warned_by_model),
    )


def records_of(seen: Sequence[tuple[int, Seen]]) -> warning.Records:
    """Return what the engine learns from: signs and outcomes, without who it was."""
    return warning.Records(
        names=NAMES,
        signs=np.array([row.signs for _number, row in seen], dtype=float).reshape(
            len(seen), len(NAMES)
        ),
        dropped=np.array([row.dropped for _number, row in seen], dtype=bool),
        warned=np.array([row.warned for _number, row in seen], dtype=bool),
        cohort=np.array([number for number, _row in seen], dtype=int),
        moment=np.array([row.moment for _number, row in seen], dtype=int),
    )


def seen_in(cohort: Cohort) -> Iterator[Seen]:
    """Yield whoever was still there at each moment, as it looked on that day."""
    calendar = calendar_of(cohort)
    rows = Enrolment.objects.filter(cohort=cohort, state__in=OUTCOMES)
    people = list(rows.select_related("person", "application", "track").order_by("pk"))
    inputs = sparse_inputs(cohort, people, calendar=calendar)
    planned = planned_days_of(cohort, calendar)
    works = _works(cohort)
    for moment, share in enumerate(MOMENTS):
        held = calendar[: int(len(calendar) * share)]
        if not held:
            continue
        day = held[-1][0]
        plan = works.plan(held, planned, day)
        for row in people:
            if row.ended_on is None or row.ended_on > day:
                yield _seen(row, inputs[row.pk], plan, moment, day)


def _seen(row: Enrolment, inputs: Inputs, plan: _Plan, moment: int, day: dt.date) -> Seen:
    then = replace(
        inputs,
        calendar=plan.calendar,
        days=tuple(each for each in inputs.days if each.on <= day),
        planned_days=len(plan.planned),
    )
    found = _standing(row, then, plan, row.cohort.rule_set.thresholds)
    return Seen(
        enrolment=row,
        moment=moment,
        signs=found.signs,
        warned=found.level != "fine",
        dropped=row.state in DROPPED,
    )


@dataclass(frozen=True, kw_only=True)
class _Works:
    """The labs of a cohort with their days, and when each person first handed in."""

    due: tuple[tuple[int, dt.date], ...]
    handed_in: tuple[tuple[int, int, dt.date], ...]

    def plan(
        self, held: tuple[tuple[dt.date, int], ...], planned: tuple[dt.date, ...], day: dt.date
    ) -> _Plan:
        """What was the same for everybody on a day."""
        return _Plan(
            calendar=held,
            planned=planned,
            due=tuple(lab for lab, due in self.due if due <= day),
            handed_in=frozenset((lab, who) for lab, who, on in self.handed_in if on <= day),
        )


def _works(cohort: Cohort) -> _Works:
    labs = Assignment.objects.filter(cohort=cohort).order_by("due_at")
    due = tuple((lab, _local(at)) for lab, at in labs.values_list("lab_id", "due_at"))
    rows = Submission.objects.filter(lab__in=[lab for lab, _day in due])
    handed = rows.exclude(state=SubmissionState.REFUSED).order_by()
    fields = handed.values_list("lab_id", "person_id", "received_at")
    return _Works(due=due, handed_in=tuple((lab, who, _local(at)) for lab, who, at in fields))


def _local(at: dt.datetime) -> dt.date:
    return at.astimezone(clock.SEOUL).date()


# Who is named now


def model_in_use(programme: Programme) -> warning.Model | None:
    """Return the programme's newest model, if it beat the rules and is whole."""
    newest = WarningModel.objects.filter(programme=programme).order_by("-version").first()
    if newest is None or not newest.in_use:
        return None
    try:
        model = warning.Model.from_json(newest.numbers)
    except warning.WarningError:
        return None
    # Of other signs than this version takes, the model cannot speak.
    return model if model.names == NAMES else None


def named_by(
    model: warning.Model | None, found: Iterable[Standing]
) -> Mapping[int, tuple[str, ...]]:
    """Return whom the model names, by the enrolment's id, with what weighs most against them."""
    if model is None:
        return {}
    return {
        one.enrolment.pk: tuple(sign_words(_weighing(model, one.signs)))
        for one in found
        if one.signs and model.probability(one.signs) >= model.threshold
    }


def _weighing(model: warning.Model, signs: Sequence[float]) -> list[str]:
    parts = sorted(model.contributions(signs).items(), key=lambda part: -part[1])
    return [name for name, weight in parts if weight >= _TELLING][:_TOLD]


# The audit


def _audit(seen: Sequence[Seen], warned_by_model: Any) -> dict[str, Any]:
    """Count by group who was warned of, and who dropped out unseen, as far as it may be shown."""
    rows = [
        (row, {"rules": row.warned, "model": bool(model)})
        for row, model in zip(seen, warned_by_model.tolist(), strict=True)
        if row.moment == AUDITED_AT
    ]
    tables = Tables(threshold=public_threshold())
    for group, of in GROUPS.items():
        for by in ("rules", "model"):
            cells = [(of(row.enrolment), row.enrolment.person.uuid, warned[by], row.dropped)
                     for row, warned in rows]  # fmt: skip
            lost = [each[:3] for each in cells if each[3]]
            tables.add(f"warned-{by}-{group}", group, _cells(each[:3] for each in cells))
            tables.add(f"lost-{by}-{group}", group, _cells(lost))
    return {"tables": tables.shown, "withheld": tables.withheld}


def _cells(rows: Iterable[tuple[str, Any, bool]]) -> dict[str, tuple[list[Any], list[Any]]]:
    found: dict[str, tuple[list[Any], list[Any]]] = {}
    for name, person, warned in rows:
        found.setdefault(name, ([], []))[0 if warned else 1].append(person)
    return dict(sorted(found.items()))


def _age_band(row: Enrolment) -> str:
    born = row.person.birth_on
    if born is None:
        return ""
    years = (row.enrolled_on - born).days // 365
    return "-24" if years < 25 else "25-29" if years < 30 else "30-34" if years < 35 else "35-"


def _residence(row: Enrolment) -> str:
    return row.application.residence if row.application else ""


GROUPS: Mapping[str, Any] = {
    "sex": lambda row: row.person.sex or "",
    "age": _age_band,
    "residence": _residence,
}
