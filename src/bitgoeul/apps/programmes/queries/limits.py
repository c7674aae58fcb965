"""How far each person is from the limits of their rules, for a whole cohort at once.

Most days of most people are whole: only the others are read from the database, so 330 people of
1,300 hours take a handful of questions and a fraction of a second.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Submission
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import (
    Assignment,
    Attendance,
    Cohort,
    Enrolment,
    Inputs,
)
from bitgoeul.apps.programmes.models.attendance_rule import (
    Counted,
    Day,
    Unit,
    compared,
    count,
    unit_of,
    units_of,
)
from bitgoeul.apps.programmes.models.completion_rule import attendance_line
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.queries.completion import calendar_of, planned_days_of
from bitgoeul.apps.programmes.queries.signs import signs_of

COUNTED_STATES = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
_FIELDS = ("enrolment_id", "held_on", "hours", "late", "left_early", "went_out", "excuse")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So much was missed, so much may be missed at most; `most` None = no such rule."""

    missed: int
    of: int
    most: int | None

    @property
    def left(self) -> int | None:
        """What may still be missed; negative = the limit is crossed."""
        return None if self.most is None else self.most - self.missed

    def is_near(self, used: Fraction) -> bool:
        """Whether so large a part of the limit is used up."""
        return self.most is not None and self.missed > 0 and self.missed >= used * self.most


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one person stands today, and why somebody should talk to them."""

    enrolment: Enrolment
    course: Limit
    unit_number: int
    unit: Limit
    pass_line: Limit
    counted_in: str
    events: int
    events_each: int
    consecutive: int
    work_due: int
    work_missing: int
    reasons: tuple[str, ...]
    signs: tuple[float, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether a limit is crossed already."""
        return any(
            limit.left is not None and limit.left < 0
            for limit in (self.course, self.unit, self.pass_line)
        )

    @property
    def level(self) -> str:
        """`over` a limit, `near` one or otherwise to be talked to, or `fine`."""
        if self.is_over:
            return "over"
        return "near" if self.reasons else "fine"


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is the same for everybody of a cohort."""

    calendar: tuple[tuple[dt.date, int], ...]
    planned: tuple[dt.date, ...]
    due: tuple[int, ...]
    handed_in: frozenset[tuple[int, int]]


def standings_of(cohort: Cohort, *, at: dt.datetime) -> list[Standing]:
    """Return where people stand, the nearest to a limit first."""
    rows = _enrolments(cohort)
    plan, values = _plan_of(cohort, at), cohort.rule_set.thresholds
    inputs = sparse_inputs(cohort, rows, calendar=plan.calendar)
    found = [
        _standing(row, replace(inputs[row.pk], planned_days=len(plan.planned)), plan, values)
        for row in rows
    ]
    order = {"over": 0, "near": 1, "fine": 2}
    return sorted(found, key=lambda one: (order[one.level], _tightest(one)))


def standing_of(enrolment: Enrolment, inputs: Inputs, *, due: Sequence[int]) -> Standing | None:
    """Return where one person stands by inputs that are known; None for who left early.

    `due` are the labs whose time is over.
    """
    if enrolment.state not in COUNTED_STATES:
        return None
    cohort = enrolment.cohort
    plan = _Plan(
        calendar=inputs.calendar,
        planned=planned_days_of(cohort, inputs.calendar),
        due=tuple(due),
        handed_in=_handed_in(due),
    )
    return _standing(enrolment, inputs, plan, cohort.rule_set.thresholds)


def _tightest(one: Standing) -> int:
    left = [limit.left for limit in (one.course, one.unit, one.pass_line)]
    return min((each for each in left if each is not None), default=0)


def _enrolments(cohort: Cohort) -> list[Enrolment]:
    rows = Enrolment.objects.filter(cohort=cohort, state__in=COUNTED_STATES)
    rows = rows.select_related("person", "track", "application").order_by("pk")
    # One question less than counting apart; a page asks at most twelve.
    return list(rows.annotate(recorded=Count("attendances")))


def _plan_of(cohort: Cohort, at: dt.datetime) -> _Plan:
    calendar = calendar_of(cohort)
    assignments = Assignment.objects.filter(cohort=cohort, due_at__lte=at)
    due = tuple(assignments.order_by("due_at").values_list("lab_id", flat=True))
    return _Plan(
        calendar=calendar,
        planned=planned_days_of(cohort, calendar),
        due=due,
        handed_in=_handed_in(due),
    )


def _handed_in(due: Sequence[int]) -> frozenset[tuple[int, int]]:
    if not due:
        return frozenset()
    rows = Submission.objects.filter(lab__in=due).exclude(state=SubmissionState.REFUSED)
    return frozenset(rows.order_by().values_list("lab_id", "person_id").distinct())


def sparse_inputs(
    cohort: Cohort,
    enrolments: Sequence[Enrolment],
    *,
    calendar: tuple[tuple[dt.date, int], ...],
) -> dict[int, Inputs]:
    """Return the inputs of attendance, reading only days that are not whole."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by()
    recorded = {row.pk: getattr(row, "recorded", -1) for row in enrolments}
    if -1 in recorded.values():
        recorded = dict(rows.values_list("enrolment").annotate(n=Count("pk")))
    plain = Q(late=False, left_early=False, went_out=False) & _whole(calendar)
    # Of whom a day lacks, every day is read: which one is it?
    holes = {row.pk for row in enrolments if recorded.get(row.pk, 0) < len(calendar)}
    odd = _days_by_person(rows.filter(~plain | Q(enrolment__in=holes)))
    whole = {on: Day(on=on, marks="1" * hours) for on, hours in calendar}
    found = {}
    for row in enrolments:
        known = odd.get(row.pk, {})
        days = tuple((known if row.pk in holes else whole | known).values())
        found[row.pk] = Inputs(
            starts_on=cohort.starts_on,
            planned_hours=cohort.hours,
            calendar=calendar,
            days=days,
            exam_score=row.exam_score,
            ends_on=cohort.ends_on,
        )
    return found


def _whole(calendar: tuple[tuple[dt.date, int], ...]) -> Q:
    by_hours: dict[int, list[dt.date]] = {}
    for on, hours in calendar:
        by_hours.setdefault(hours, []).append(on)
    usual = max(by_hours, key=lambda hours: len(by_hours[hours]), default=0)
    others = [on for hours, days in by_hours.items() if hours != usual for on in days]
    found = Q(hours="1" * usual) & ~Q(held_on__in=others)
    for hours, days in by_hours.items():
        if hours != usual:
            found |= Q(hours="1" * hours, held_on__in=days)
    return found


def _days_by_person(rows: Any) -> dict[int, dict[dt.date, Day]]:
    found: dict[int, dict[dt.date, Day]] = {}
    for pk, on, marks, late, left, out, excuse in rows.values_list(*_FIELDS).iterator(2_000):
        day = Day(on=on, marks=marks, events=late + left + out, excuse=excuse)
        found.setdefault(pk, {})[on] = day
    return found


def _standing(enrolment: Enrolment, inputs: Inputs, plan: _Plan, values: RuleValues) -> Standing:
    counted = count(inputs, values)
    units = units_of(inputs, counted)
    missed = len(counted.absent) + len(counted.converted)
    total = inputs.total_days
    course = Limit(missed=missed, of=total, most=_most_over(total, values))
    missing = sum((lab, enrolment.person_id) not in plan.handed_in for lab in plan.due)
    found = Standing(
        enrolment=enrolment,
        course=course,
        unit_number=units[-1].number if units else 1,
        unit=_unit_limit(units[-1] if units else None, inputs, plan, values),
        pass_line=_pass_line(inputs, counted, plan, values),
        counted_in=_counted_in(inputs, counted, values),
        events=_events_open(inputs, counted, units, values),
        events_each=values.events_per_absence,
        consecutive=_in_a_row(inputs, counted),
        work_due=len(plan.due),
        work_missing=missing,
        reasons=(),
    )
    signs = signs_of(
        inputs, counted, planned=len(plan.planned), in_a_row=found.consecutive,
        due=found.work_due, missing=missing,
    )  # fmt: skip
    return replace(found, reasons=tuple(_reasons(found, values)), signs=signs)


def _reasons(found: Standing, values: RuleValues) -> list[str]:
    used = Fraction(values.warn_limit_used_at_least)
    reasons = []
    if found.consecutive >= values.warn_consecutive_days:
        reasons.append("consecutive")
    if found.course.is_near(used):
        reasons.append("course")
    if found.unit.is_near(used):
        reasons.append("unit")
    if found.pass_line.is_near(used):
        reasons.append("pass_line")
    if nothing_handed_in(found.work_due, found.work_missing):
        reasons.append("nothing_handed_in")
    return reasons


def nothing_handed_in(due: int, missing: int) -> bool:
    """The rule that finds most: work is due, and not one piece of it came."""
    return due > 0 and missing == due


def _most_over(days: int, values: RuleValues) -> int | None:
    """The most days that may be missed without being over the limit of the course."""
    limit = values.total_absent_share_above
    if limit is None or not days:
        return None
    most = int(Fraction(limit) * days) + 1
    while _share(most, days, values) > Fraction(limit) * 100:
        most -= 1
    return most


def _unit_limit(unit: Unit | None, inputs: Inputs, plan: _Plan, values: RuleValues) -> Limit:
    if unit is None:
        return Limit(missed=0, of=0, most=None)
    number = unit.number - 1
    days = sum(unit_of(on, starts_on=inputs.starts_on) == number for on in plan.planned)
    limit = values.unit_absent_share_at_least
    if limit is None or days < values.unit_days_at_least:
        return Limit(missed=unit.missed, of=days, most=None)
    most = int(Fraction(limit) * days) + 1
    while most >= 0 and _share(most, days, values) >= Fraction(limit) * 100:
        most -= 1
    return Limit(missed=unit.missed, of=days, most=most)


def _share(missed: int, days: int, values: RuleValues) -> Fraction:
    return compared(Fraction(missed, days), values, values.round_removal_share)[1]


def _counted_in(inputs: Inputs, counted: Counted, values: RuleValues) -> str:
    return str(attendance_line(inputs, values, counted).facts["unit"])


def _pass_line(inputs: Inputs, counted: Counted, plan: _Plan, values: RuleValues) -> Limit:
    """What was missed of the hours or days that completion needs, and what may be missed."""
    facts = attendance_line(inputs, values, counted).facts
    if facts["unit"] == "hours":
        held = sum(hours for _on, hours in inputs.calendar)
        planned = max(inputs.planned_hours, held)
    else:
        held, planned = len(inputs.calendar), len(plan.planned)
    needed = -(-Fraction(values.attendance_share_at_least) * planned // 1)
    return Limit(missed=held - facts["attended"], of=planned, most=planned - int(needed))


def _events_open(
    inputs: Inputs, counted: Counted, units: Sequence[Unit], values: RuleValues
) -> int:
    """Times late, early or out in the running period that have not made an absence yet."""
    each = values.events_per_absence
    if not each:
        return 0
    since = dt.date.min
    if values.conversion_period == "unit" and units:
        since = units[-1].starts_on
    absent = set(counted.absent)
    events = sum(
        min(day.events, each) for day in inputs.days if day.on >= since and day.on not in absent
    )
    return events % each


def _in_a_row(inputs: Inputs, counted: Counted) -> int:
    """Days missed in a row up to the last day held."""
    absent, found = set(counted.absent), 0
    for on, _hours in reversed(inputs.calendar):
        if on not in absent:
            break
        found += 1
    return found


def counts_by_level(found: Sequence[Standing]) -> Mapping[str, int]:
    """How many people are over a limit, near one, or fine."""
    levels = [one.level for one in found]
    return {level: levels.count(level) for level in ("over", "near", "fine")}
