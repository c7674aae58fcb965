"""What the rules say of one person's attendance, labs and final test: a pure function.

It knows no database and no clock, so anyone who holds a verdict's inputs and the rule version can
replay it and must get the same verdict, line by line. Each line is data (which rule, which facts,
met or not); `queries.trace` puts it into words.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bitgoeul.apps.programmes.models.rule_values import RuleValues

THERE, AWAY, EXCUSED = "1", "0", "e"


@dataclass(frozen=True, kw_only=True)
class Day:
    """One person on one training day: a mark per planned hour, how often late, early or out."""

    on: dt.date
    marks: str
    events: int = 0
    excuse: str = ""

    @property
    def attended(self) -> int:
        """Hours there, or away with a recognised reason."""
        return self.marks.count(THERE) + self.marks.count(EXCUSED)


@dataclass(frozen=True, kw_only=True)
class LabResult:
    """Whether a lab that completion needs was passed."""

    lab: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a verdict depends on besides the rules.

    `calendar` holds every training day of the cohort with its hours: a day of which the person
    has no record counts as missed.
    """

    starts_on: dt.date
    planned_hours: int
    calendar: tuple[tuple[dt.date, int], ...]
    days: tuple[Day, ...]
    labs: tuple[LabResult, ...] = ()
    exam_score: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the inputs in JSON types, for storing and digesting."""
        return {
            "starts_on": self.starts_on.isoformat(),
            "planned_hours": self.planned_hours,
            "calendar": [[day.isoformat(), hours] for day, hours in self.calendar],
            "days": [[d.on.isoformat(), d.marks, d.events, d.excuse] for d in self.days],
            "labs": [asdict(lab) for lab in self.labs],
            "exam_score": None if self.exam_score is None else str(self.exam_score),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Inputs":
        """Read stored inputs again."""
        exam = stored["exam_score"]
        return cls(
            starts_on=dt.date.fromisoformat(stored["starts_on"]),
            planned_hours=stored["planned_hours"],
            calendar=tuple((dt.date.fromisoformat(d), hours) for d, hours in stored["calendar"]),
            days=tuple(
                Day(on=dt.date.fromisoformat(on), marks=marks, events=events, excuse=excuse)
                for on, marks, events, excuse in stored["days"]
            ),
            labs=tuple(LabResult(**lab) for lab in stored["labs"]),
            exam_score=None if exam is None else Decimal(exam),
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One step of the trace: the rule, its facts and whether it was met (None = only told)."""

    rule: str
    met: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the line in JSON types."""
        return {"rule": self.rule, "met": self.met, "facts": dict(self.facts)} | (
            {"source": self.source} if self.source else {}
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Completed or not, with the line of every rule that was looked at."""

    completed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """The attendance after recognised absences, the half-day rule and the conversion."""

    hours: int
    absent: tuple[dt.date, ...]
    converted: tuple[dt.date, ...]
    events: int
    unrecognised: int


def evaluate(inputs: Inputs, values: RuleValues) -> Verdict:
    """Apply one version of the rules to one person."""
    counted = _count(inputs, values)
    lines = [
        *_told(counted, values),
        _attendance_line(inputs, values, counted),
        *_removal_lines(inputs, values, counted),
        *_lab_line(inputs, values),
        *_exam_line(inputs, values),
    ]
    return Verdict(completed=all(line.met is not False for line in lines), lines=tuple(lines))


def plain_attendance(
    *, calendar_days: int, planned_hours: int, days: int, hours: int, values: RuleValues
) -> Line:
    """Return the attendance line of somebody without excuses, late arrivals or early leaves.

    Then nothing has to be looked at day by day: `days` are those that count as there (see
    `absent_below`), `hours` the attended hours of these days.
    """
    missed = calendar_days - days
    return _attendance(calendar_days, planned_hours, hours, missed, values)


def absent_below(values: RuleValues) -> Fraction:
    """Return the share of a day's hours under which the whole day counts as missed."""
    return Fraction(values.day_absent_below)


def unit_of(day: dt.date, *, starts_on: dt.date) -> int:
    """Return the number of the unit period of a day, from 0.

    A unit period is a month counted from the first day: one that starts on the 15th ends on the
    14th of the next month. In a month too short for that day the next unit starts on its last day.
    """
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    last_of_month = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    last_day = (last_of_month - dt.timedelta(days=1)).day
    return months - (day.day < min(starts_on.day, last_day))


def _count(inputs: Inputs, values: RuleValues) -> _Counted:
    days, unrecognised = _without_excess_excuses(inputs, values)
    by_date = {day.on: day for day in days}
    absent, there = [], []
    hours = 0
    below = absent_below(values)
    for on, planned in inputs.calendar:
        day = by_date.get(on)
        attended = day.attended if day else 0
        # attended / planned < below, in whole numbers: there are a million of these.
        if day is None or attended * below.denominator < below.numerator * max(planned, 1):
            absent.append(on)
            continue
        there.append(day)
        hours += attended
    converted = _converted(there, inputs.starts_on, values)
    hours -= sum(by_date[on].attended for on in converted)
    return _Counted(
        hours=hours,
        absent=tuple(absent),
        converted=tuple(converted),
        events=sum(day.events for day in there),
        unrecognised=unrecognised,
    )


def _without_excess_excuses(inputs: Inputs, values: RuleValues) -> tuple[list[Day], int]:
    """Turn recognised absences beyond their limit into plain ones, in order of date."""
    used: Counter[str] = Counter()
    limits: dict[str, int] = dict(values.excuse_days_at_most)
    for kind, part in values.excuse_share_at_most.items():
        limits[kind] = _rounded(Fraction(part) * len(inputs.calendar), values)
    days, excess = [], 0
    for day in sorted(inputs.days, key=lambda one: one.on):
        kept = day
        if EXCUSED in day.marks:
            used[day.excuse] += 1
            if used[day.excuse] > limits.get(day.excuse, used[day.excuse]):
                excess += 1
                kept = Day(on=day.on, marks=day.marks.replace(EXCUSED, AWAY), events=day.events)
        days.append(kept)
    return days, excess


def _converted(there: Sequence[Day], starts_on: dt.date, values: RuleValues) -> list[dt.date]:
    """Return the days made absent: each on which another full number of events was reached."""
    if not values.events_per_absence:
        return []
    reached: Counter[int] = Counter()
    found = []
    for day in there:
        period = 0
        if values.conversion_period == "unit":
            period = unit_of(day.on, starts_on=starts_on)
        before = reached[period] // values.events_per_absence
        # No day can be absent twice, so it adds at most one absence's worth of events.
        reached[period] += min(day.events, values.events_per_absence)
        if reached[period] // values.events_per_absence > before:
            found.append(day.on)
    return found


def _told(counted: _Counted, values: RuleValues) -> list[Line]:
    lines = []
    if counted.absent:
        facts = {"days": len(counted.absent), "below": str(values.day_absent_below)}
        lines.append(_line("absent_days", None, facts, "day_absent_below"))
    if counted.unrecognised:
        facts = {"days": counted.unrecognised}
        lines.append(_line("unrecognised_excuses", None, facts, "excuse_days_at_most"))
    if counted.events and values.events_per_absence:
        facts = {
            "events": counted.events,
            "each": values.events_per_absence,
            "days": len(counted.converted),
            "period": values.conversion_period,
        }
        lines.append(_line("conversion", None, facts, "conversion_period"))
    return lines


def _attendance_line(inputs: Inputs, values: RuleValues, counted: _Counted) -> Line:
    missed = len(counted.absent) + len(counted.converted)
    return _attendance(len(inputs.calendar), inputs.planned_hours, counted.hours, missed, values)


def _attendance(days: int, planned_hours: int, hours: int, missed: int, values: RuleValues) -> Line:
    unit = _unit(days, planned_hours, values)
    if unit == "hours":
        attended, planned = hours, planned_hours
    else:
        planned, attended = days, days - missed
    reached, met = _at_least(
        Fraction(attended, planned) if planned else Fraction(0),
        values.attendance_share_at_least,
        values,
        rounded=values.round_completion_share,
    )
    facts = {
        "unit": unit,
        "attended": attended,
        "planned": planned,
        "share": reached,
        "needed": _percent_text(Fraction(values.attendance_share_at_least) * 100, 0, values),
    }
    return _line("attendance", met, facts, "attendance_share_at_least")


def _unit(days: int, planned_hours: int, values: RuleValues) -> str:
    short = days < values.short_course_days or planned_hours < values.short_course_hours
    return "hours" if short else values.attendance_unit


def _removal_lines(inputs: Inputs, values: RuleValues, counted: _Counted) -> list[Line]:
    missed = {*counted.absent, *counted.converted}
    lines = []
    if values.unit_absent_share_at_least is not None:
        lines.append(_unit_removal_line(inputs, values, missed))
    if values.total_absent_share_above is not None and inputs.calendar:
        shown, share = _compared(
            Fraction(len(missed), len(inputs.calendar)), values, values.round_removal_share
        )
        limit = Fraction(values.total_absent_share_above) * 100
        facts = {
            "missed": len(missed),
            "days": len(inputs.calendar),
            "share": shown,
            "limit": _percent_text(limit, 0, values),
        }
        lines.append(_line("total_absence", share <= limit, facts, "total_absent_share_above"))
    return lines


def _unit_removal_line(inputs: Inputs, values: RuleValues, missed: set[dt.date]) -> Line:
    planned: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for on, _hours in inputs.calendar:
        unit = unit_of(on, starts_on=inputs.starts_on)
        planned[unit] += 1
        lost[unit] += on in missed
    limit = Fraction(values.unit_absent_share_at_least or 0) * 100
    worst, facts = Fraction(-1), {}
    for unit, days in sorted(planned.items()):
        if days < values.unit_days_at_least:
            continue
        shown, share = _compared(Fraction(lost[unit], days), values, values.round_removal_share)
        if share > worst:
            worst = share
            facts = {"number": unit + 1, "missed": lost[unit], "days": days, "share": shown}
    facts["limit"] = _percent_text(limit, 0, values)
    return _line("unit_absence", worst < limit, facts, "unit_absent_share_at_least")


def _lab_line(inputs: Inputs, values: RuleValues) -> list[Line]:
    if not inputs.labs:
        return []
    passed = sum(lab.passed for lab in inputs.labs)
    needed = -(-Fraction(values.required_lab_share) * len(inputs.labs) // 1)
    facts = {"passed": passed, "labs": len(inputs.labs), "needed": int(needed)}
    return [_line("labs", passed >= needed, facts, "required_lab_share")]


def _exam_line(inputs: Inputs, values: RuleValues) -> list[Line]:
    if values.exam_pass_mark is None:
        return []
    score = inputs.exam_score
    facts = {"score": None if score is None else str(score), "needed": str(values.exam_pass_mark)}
    met = score is not None and score >= values.exam_pass_mark
    return [_line("exam", met, facts, "exam_pass_mark")]


def _line(rule: str, met: bool | None, facts: Mapping[str, Any], name: str) -> Line:
    return Line(rule=rule, met=met, facts=facts, source=RuleValues.source_of(name))


def _at_least(
    share: Fraction, needed: Decimal, values: RuleValues, *, rounded: bool
) -> tuple[str, bool]:
    shown, percent = _compared(share, values, rounded)
    wanted = Fraction(needed) * 100
    met = percent >= wanted
    places = values.share_decimals
    while not met and Fraction(shown) >= wanted and places < 6:
        # Rounded for the eye the share would seem to reach the line it missed: show more of it.
        places += 1
        shown = _percent_text(percent, places, values)
    return shown, met


def _compared(share: Fraction, values: RuleValues, rounded: bool) -> tuple[str, Fraction]:
    """Return a share in percent as it is shown, and as it is compared."""
    shown = _percent_text(share * 100, values.share_decimals, values)
    return shown, Fraction(shown) if rounded else share * 100


def _percent_text(percent: Fraction, places: int, values: RuleValues) -> str:
    if places == 0 and percent.denominator != 1:
        places = values.share_decimals
    scaled = _rounded(percent * 10**places, values)
    return str(Decimal(scaled).scaleb(-places))


def _rounded(number: Fraction, values: RuleValues) -> int:
    # Whole numbers only: a division in decimals could itself round across a half.
    if values.rounding == "half_up":
        number += Fraction(1, 2)
    return int(number // 1)
