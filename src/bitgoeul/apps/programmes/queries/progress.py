"""How far a trainee is: held, attended, the pass line, and what may still be missed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from bitgoeul.apps.labs.queries.scores import best_scores_of_person
from bitgoeul.apps.programmes.models import (
    Assignment,
    Cohort,
    Enrolment,
    Inputs,
    Verdict,
    evaluate,
)
from bitgoeul.apps.programmes.models.attendance_rule import count
from bitgoeul.apps.programmes.models.completion_rule import attendance_line
from bitgoeul.apps.programmes.queries.completion import inputs_of


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Attendance so far, never as a bare percentage; hours or days as the rules count."""

    unit: str
    attended: int
    held: int
    planned: int
    needed: int
    verdict: Verdict
    inputs: Inputs

    @property
    def missed(self) -> int:
        """What was held and not attended."""
        return self.held - self.attended

    @property
    def may_miss(self) -> int:
        """What may still be missed without falling under the pass line; negative = too late."""
        return self.planned - self.needed - self.missed

    @property
    def missing(self) -> int:
        """What is still needed to reach the pass line."""
        return max(0, self.needed - self.attended)


def progress_of(enrolment: Enrolment) -> Progress:
    """Return how far one person is, by the rules of their cohort."""
    cohort = enrolment.cohort
    values = cohort.rule_set.thresholds
    inputs = inputs_of(cohort, [enrolment])[enrolment.pk]
    verdict = evaluate(inputs, values)
    found = [line for line in verdict.lines if line.rule == "attendance"]
    # A course that is remote as a whole has no line about attendance: then nothing was held.
    line = found[0] if found else attendance_line(inputs, values, count(inputs, values))
    facts: Mapping[str, Any] = line.facts
    held = (
        sum(hours for _day, hours in inputs.calendar)
        if facts["unit"] == "hours"
        else len(inputs.calendar)
    )
    planned = _planned(cohort, facts["unit"], held)
    needed = Decimal(planned) * values.attendance_share_at_least
    return Progress(
        unit=facts["unit"],
        attended=facts["attended"],
        held=held,
        planned=planned,
        needed=int(needed.to_integral_value(ROUND_CEILING)),
        verdict=verdict,
        inputs=inputs,
    )


def _planned(cohort: Cohort, unit: str, held: int) -> int:
    # Days are known only as they are held; hours are planned for the whole course.
    return max(cohort.hours, held) if unit == "hours" else held


def labs_of(enrolment: Enrolment) -> list[tuple[Assignment, Any]]:
    """Return the cohort's labs, each with the person's best score so far."""
    assignments = list(
        Assignment.objects.filter(cohort=enrolment.cohort).select_related("lab").order_by("due_at")
    )
    best = best_scores_of_person(enrolment.person, [row.lab for row in assignments])
    return [(row, best.get(row.lab_id)) for row in assignments]


def due_labs(labs: Sequence[tuple[Assignment, Any]], *, at: dt.datetime) -> list[int]:
    """Return the labs whose time is over."""
    return [row.lab_id for row, _best in labs if row.due_at <= at]
