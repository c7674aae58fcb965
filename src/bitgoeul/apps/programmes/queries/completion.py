"""From rows to the inputs of the completion rule, for one person or a whole cohort at once."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Evaluation
from bitgoeul.apps.labs.queries.scores import passes
from bitgoeul.apps.programmes.models import (
    Assignment,
    Attendance,
    Cohort,
    CompletionVerdict,
    Enrolment,
    Inputs,
    Verdict,
    evaluate,
)
from bitgoeul.apps.programmes.models.completion_rule import Day, LabResult

_CHUNK = 2_000


def calendar_of(cohort: Cohort) -> tuple[tuple[dt.date, int], ...]:
    """Return every training day of a cohort with its hours: the longest row of anyone that day."""
    hours: dict[dt.date, int] = {}
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by()
    for day, marks in rows.values_list("held_on", "hours").distinct().iterator():
        hours[day] = max(hours.get(day, 0), len(marks))
    return tuple(sorted(hours.items()))


def inputs_of(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, Inputs]:
    """Return what the rule needs of each enrolment, with a number of queries that is fixed."""
    calendar = calendar_of(cohort)
    days = _days_of(enrolments)
    labs = _labs_of(cohort, enrolments)
    return {
        enrolment.pk: Inputs(
            starts_on=cohort.starts_on,
            planned_hours=cohort.hours,
            calendar=calendar,
            days=tuple(days.get(enrolment.pk, ())),
            labs=labs[enrolment.pk],
            exam_score=enrolment.exam_score,
        )
        for enrolment in enrolments
    }


def verdicts_now(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, Verdict]:
    """Return what the cohort's rules would say today, deciding nothing."""
    values = cohort.rule_set.thresholds
    return {pk: evaluate(inputs, values) for pk, inputs in inputs_of(cohort, enrolments).items()}


def replay(verdict: CompletionVerdict) -> Verdict:
    """Apply the verdict's own rule version to its own inputs again."""
    return evaluate(Inputs.from_json(verdict.inputs), verdict.rule_set.thresholds)


def _days_of(enrolments: Sequence[Enrolment]) -> Mapping[int, list[Day]]:
    days: dict[int, list[Day]] = {}
    rows = Attendance.objects.filter(enrolment__in=[row.pk for row in enrolments])
    fields = ("enrolment_id", "held_on", "hours", "late", "left_early", "went_out", "excuse")
    ordered = rows.order_by("enrolment_id", "held_on").values_list(*fields)
    for pk, on, marks, late, left, out, excuse in ordered.iterator(chunk_size=_CHUNK):
        day = Day(on=on, marks=marks, events=late + left + out, excuse=excuse)
        days.setdefault(pk, []).append(day)
    return days


def _labs_of(
    cohort: Cohort, enrolments: Sequence[Enrolment]
) -> Mapping[int, tuple[LabResult, ...]]:
    """Return, per enrolment, whether each lab needed for completion was passed in time."""
    needed = list(Assignment.objects.filter(cohort=cohort, required=True).select_related("lab"))
    passed = {assignment.pk: _people_who_passed(assignment) for assignment in needed}
    return {
        enrolment.pk: tuple(
            LabResult(
                lab=str(assignment.lab.uuid),
                passed=enrolment.person_id in passed[assignment.pk],
            )
            for assignment in needed
        )
        for enrolment in enrolments
    }


def _people_who_passed(assignment: Assignment) -> set[int]:
    """Return who handed in, by the due date, something whose newest evaluation passes."""
    in_time = Evaluation.objects.filter(
        submission__lab=assignment.lab, submission__received_at__lte=assignment.due_at
    ).exclude(submission__state=SubmissionState.REFUSED)
    rows = in_time.order_by("evaluated_at", "id")
    newest = {
        submission: (person, score)
        for submission, person, score in rows.values_list(
            "submission_id", "submission__person_id", "score"
        )
    }
    return {person for person, score in newest.values() if passes(assignment.lab, score)}
