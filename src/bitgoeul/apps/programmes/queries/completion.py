"""From rows to the inputs of the completion rule, for one person or a whole cohort at once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Length, Replace

from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Evaluation
from bitgoeul.apps.labs.queries.scores import passes
from bitgoeul.apps.programmes.models import (
    Assignment,
    Attendance,
    Cohort,
    Enrolment,
    Inputs,
    Verdict,
    evaluate,
)
from bitgoeul.apps.programmes.models.attendance_rule import (
    EXCUSED,
    THERE,
    Day,
    LabResult,
    ProjectOutcome,
    absent_below,
)
from bitgoeul.apps.programmes.models.completion_rule import Line, plain_attendance
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.queries.calendar import course_days
from bitgoeul.apps.programmes.queries.projects import project_results_in
from bitgoeul.apps.programmes.queries.remote import remote_progress_of

_CHUNK = 2_000


def calendar_of(cohort: Cohort) -> tuple[tuple[dt.date, int], ...]:
    """Return every training day of a cohort with its hours: the longest row of anyone that day."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by()
    hours = rows.values("held_on").annotate(longest=Max(Length("hours")))
    return tuple(sorted(hours.values_list("held_on", "longest")))


def planned_days_of(cohort: Cohort, calendar: Sequence[tuple[dt.date, int]]) -> tuple[dt.date, ...]:
    """Return the days that were held, and after the last of them those the calendar still has."""
    held = tuple(on for on, _hours in calendar)
    last = held[-1] if held else dt.date.min
    return held + tuple(day for day in course_days(cohort).days if day > last)


def inputs_of(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, Inputs]:
    """Return what the rule needs of each enrolment, with a number of queries that is fixed."""
    calendar = calendar_of(cohort)
    # Limits that are a share of the course are a share of all of it, not of what was held so far.
    planned_days = len(planned_days_of(cohort, calendar))
    days = _days_of(enrolments)
    labs = _labs_of(cohort, enrolments)
    projects = _projects_of(cohort, enrolments)
    remote = remote_progress_of(cohort, enrolments)
    return {
        enrolment.pk: Inputs(
            starts_on=cohort.starts_on,
            planned_hours=cohort.hours,
            calendar=calendar,
            days=tuple(days.get(enrolment.pk, ())),
            labs=labs[enrolment.pk],
            exam_score=enrolment.exam_score,
            remote_progress=remote.get(enrolment.pk),
            ends_on=cohort.ends_on,
            planned_days=planned_days,
            projects=projects.get(enrolment.pk, ()),
        )
        for enrolment in enrolments
    }


def attendance_of(enrolment: Enrolment) -> Inputs:
    """Return what the rules need of one person's attendance, without labs."""
    cohort = enrolment.cohort
    return Inputs(
        starts_on=cohort.starts_on,
        planned_hours=cohort.hours,
        calendar=calendar_of(cohort),
        days=tuple(_days_of([enrolment]).get(enrolment.pk, ())),
    )


def verdicts_now(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, Verdict]:
    """Return what the cohort's rules would say today, deciding nothing."""
    values = cohort.rule_set.thresholds
    return {pk: evaluate(inputs, values) for pk, inputs in inputs_of(cohort, enrolments).items()}


def attendance_now(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, Line]:
    """Return only the attendance line of `verdicts_now`, without reading every day of everybody.

    The database counts the days of those whose days are plain; the others, with an excuse or an
    event, are looked at day by day.
    """
    values = cohort.rule_set.thresholds
    calendar = dict(calendar_of(cohort))
    counted = {row["enrolment"]: row for row in _plain_days(cohort, calendar, values)}
    plain: list[Enrolment] = []
    others: list[Enrolment] = []
    for row in enrolments:
        special = row.pk in counted and counted[row.pk]["special"]
        (others if special else plain).append(row)
    # Few pairs of days and hours, many people: each line is made once.
    line_of = cache(
        lambda days, hours: plain_attendance(
            calendar_days=len(calendar),
            planned_hours=cohort.hours,
            days=days,
            hours=hours,
            values=values,
        )
    )
    none = {"days": 0, "attended": 0}
    found = ((row.pk, counted.get(row.pk, none)) for row in plain)
    lines = {pk: line_of(of["days"], of["attended"] or 0) for pk, of in found}
    verdicts = verdicts_now(cohort, others) if others else {}
    for pk, verdict in verdicts.items():
        lines[pk] = next(line for line in verdict.lines if line.rule == "attendance")
    return lines


def _plain_days(
    cohort: Cohort, calendar: Mapping[dt.date, int], values: RuleValues
) -> Iterable[Mapping[str, Any]]:
    """Count by enrolment: days that count as there, their hours, days that are not plain."""
    usual, unusual = _lengths(calendar)
    planned = Case(
        *(When(held_on__in=days, then=Value(hours)) for hours, days in unusual.items()),
        default=Value(usual),
        output_field=IntegerField(),
    )
    below = absent_below(values)
    attended = Length("hours") - Length(Replace("hours", Value(THERE), Value("")))
    there = Q(weighed__gte=F("needed"))
    special = Q(hours__contains=EXCUSED) | Q(late=True) | Q(left_early=True) | Q(went_out=True)
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by()
    found: QuerySet[Any, Any] = (
        rows.annotate(
            there_for=attended,
            weighed=attended * Value(below.denominator),
            needed=planned * Value(below.numerator),
        )
        .values("enrolment")
        .annotate(
            days=Count("pk", filter=there),
            attended=Sum("there_for", filter=there),
            special=Count("pk", filter=special),
        )
    )
    return found


def _lengths(calendar: Mapping[dt.date, int]) -> tuple[int, dict[int, list[dt.date]]]:
    """The usual number of hours of a day, and the days that have another one."""
    by_hours: dict[int, list[dt.date]] = {}
    for day, hours in calendar.items():
        by_hours.setdefault(max(hours, 1), []).append(day)
    if not by_hours:
        return 1, {}
    usual = max(by_hours, key=lambda hours: len(by_hours[hours]))
    return usual, {hours: days for hours, days in by_hours.items() if hours != usual}


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


def _projects_of(
    cohort: Cohort, enrolments: Sequence[Enrolment]
) -> Mapping[int, tuple[ProjectOutcome, ...]]:
    """Return, per enrolment, whether each project needed for completion was passed."""
    return {
        pk: tuple(
            ProjectOutcome(project=str(one.project), passed=one.passed is True)
            for one in results
            if one.required
        )
        for pk, results in project_results_in(cohort.pk, enrolments).items()
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
