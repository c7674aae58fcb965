"""What counts as attended: a pure function from days and rules to what was missed.

It knows no database and no clock. In order: recognised absences beyond their limit become plain
ones; a day under the half-day line is missed as a whole; each full number of times late, early or
out makes a day absent.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bitgoeul.apps.programmes.enums import Excuse
from bitgoeul.apps.programmes.models.rule_values import RuleValues

THERE, AWAY, EXCUSED = "1", "0", "e"
LEAVE = Excuse.LEAVE.value
_WHOLE_COURSE = -1


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
class ProjectOutcome:
    """Whether a project that completion needs was passed; not judged yet is not passed."""

    project: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a verdict depends on besides the rules.

    `calendar` holds every training day of the cohort with its hours: a day of which the person
    has no record counts as missed. `planned_days` is the number of training days of the whole
    course where that is known before its end: shares of all days are then shares of it.
    """

    starts_on: dt.date
    planned_hours: int
    calendar: tuple[tuple[dt.date, int], ...]
    days: tuple[Day, ...]
    labs: tuple[LabResult, ...] = ()
    exam_score: Decimal | None = None
    remote_progress: Decimal | None = None
    ends_on: dt.date | None = None
    planned_days: int | None = None
    projects: tuple[ProjectOutcome, ...] = ()

    @property
    def total_days(self) -> int:
        """Training days of the whole course, as far as they are known."""
        return max(len(self.calendar), self.planned_days or 0)

    def as_json(self) -> dict[str, Any]:
        """Return the inputs in JSON types, for storing and digesting."""
        # What is not known stands not in it: inputs stored before it was asked keep their digest.
        further = {
            "remote_progress": None if self.remote_progress is None else str(self.remote_progress),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "planned_days": self.planned_days,
            "projects": [asdict(each) for each in self.projects] or None,
        }
        return {
            "starts_on": self.starts_on.isoformat(),
            "planned_hours": self.planned_hours,
            "calendar": [[day.isoformat(), hours] for day, hours in self.calendar],
            "days": [[d.on.isoformat(), d.marks, d.events, d.excuse] for d in self.days],
            "labs": [asdict(lab) for lab in self.labs],
            "exam_score": None if self.exam_score is None else str(self.exam_score),
            **{name: value for name, value in further.items() if value is not None},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Inputs":
        """Read stored inputs again."""
        exam, remote = stored["exam_score"], stored.get("remote_progress")
        ends = stored.get("ends_on")
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
            remote_progress=None if remote is None else Decimal(remote),
            ends_on=dt.date.fromisoformat(ends) if ends else None,
            planned_days=stored.get("planned_days"),
            projects=tuple(ProjectOutcome(**each) for each in stored.get("projects", ())),
        )


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The attendance after recognised absences, the half-day rule and the conversion."""

    hours: int
    absent: tuple[dt.date, ...]
    converted: tuple[dt.date, ...]
    events: int
    unrecognised: int


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit period, counted from 1: its training days, and those that count as missed."""

    number: int
    starts_on: dt.date
    ends_on: dt.date
    days: tuple[dt.date, ...]
    absent: tuple[dt.date, ...]
    converted: tuple[dt.date, ...]

    @property
    def missed(self) -> int:
        """Days absent, or made absent by events."""
        return len(self.absent) + len(self.converted)


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


def unit_starts(number: int, *, starts_on: dt.date) -> dt.date:
    """Return the first day of a unit period, counted from 0."""
    months = starts_on.month - 1 + number
    first = dt.date(starts_on.year + months // 12, months % 12 + 1, 1)
    last_day = ((first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)).day
    return first.replace(day=min(starts_on.day, last_day))


def units_of(inputs: Inputs, counted: Counted) -> list[Unit]:
    """Return the unit periods of the calendar, each with what was missed in it."""
    absent, converted = set(counted.absent), set(counted.converted)
    days: dict[int, list[dt.date]] = {}
    for on, _hours in inputs.calendar:
        days.setdefault(unit_of(on, starts_on=inputs.starts_on), []).append(on)
    return [
        Unit(
            number=number + 1,
            starts_on=unit_starts(number, starts_on=inputs.starts_on),
            ends_on=unit_starts(number + 1, starts_on=inputs.starts_on) - dt.timedelta(days=1),
            days=tuple(held),
            absent=tuple(on for on in held if on in absent),
            converted=tuple(on for on in held if on in converted),
        )
        for number, held in sorted(days.items())
    ]


def count(inputs: Inputs, values: RuleValues) -> Counted:
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
    return Counted(
        hours=hours,
        absent=tuple(absent),
        converted=tuple(converted),
        events=sum(day.events for day in there),
        unrecognised=unrecognised,
    )


def _without_excess_excuses(inputs: Inputs, values: RuleValues) -> tuple[list[Day], int]:
    """Turn recognised absences beyond their limit into plain ones, in order of date."""
    used: Counter[tuple[str, int]] = Counter()
    limits = excuse_limits(inputs, values)
    days, excess = [], 0
    for day in sorted(inputs.days, key=lambda one: one.on):
        kept = day
        if EXCUSED in day.marks:
            unit = unit_of(day.on, starts_on=inputs.starts_on)
            over = any(used[of] >= most for of, most in _counters(day.excuse, unit, limits, values))
            if over:
                excess += 1
                kept = Day(on=day.on, marks=day.marks.replace(EXCUSED, AWAY), events=day.events)
            else:
                used[(day.excuse, _WHOLE_COURSE)] += 1
                used[(day.excuse, unit)] += 1
        days.append(kept)
    return days, excess


def _counters(
    kind: str, unit: int, limits: Mapping[str, int], values: RuleValues
) -> list[tuple[tuple[str, int], int]]:
    """What an excused day uses up, each with how much there is of it."""
    found = []
    if kind in limits:
        found.append(((kind, _WHOLE_COURSE), limits[kind]))
    if kind in values.excuse_days_a_unit_at_most:
        found.append(((kind, unit), values.excuse_days_a_unit_at_most[kind]))
    return found


def excuse_limits(inputs: Inputs, values: RuleValues) -> dict[str, int]:
    """Return how many days the rules recognise of each kind; no entry = no limit."""
    limits = dict(values.excuse_days_at_most)
    for kind, part in values.excuse_share_at_most.items():
        limits[kind] = whole(Fraction(part) * inputs.total_days, values)
    if not _gives_leave(inputs, values):
        limits[LEAVE] = 0
    return limits


def _gives_leave(inputs: Inputs, values: RuleValues) -> bool:
    """Whether the course is so long and so dense that the rules give leave in it."""
    months = values.leave_course_months_at_least
    if months is None or not inputs.calendar:
        return True
    weeks = Counter(on.isocalendar()[:2] for on, _hours in inputs.calendar)
    hours = Counter(hours for _on, hours in inputs.calendar)
    return (
        months_of(inputs.starts_on, inputs.ends_on or inputs.calendar[-1][0]) >= months
        and _usual(Counter(weeks.values())) >= values.leave_week_days_at_least
        and _usual(hours) >= values.leave_day_hours_at_least
    )


def _usual(found: Counter[int]) -> int:
    """The most frequent number; of equally frequent ones the largest."""
    return max(found, key=lambda number: (found[number], number))


def months_of(first: dt.date, last: dt.date) -> int:
    """Return how many full months lie from the first day to the last, both included."""
    return unit_of(last + dt.timedelta(days=1), starts_on=first)


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


def compared(share: Fraction, values: RuleValues, rounded: bool) -> tuple[str, Fraction]:
    """Return a share in percent as it is shown, and as it is compared."""
    shown = percent_text(share * 100, values.share_decimals, values)
    return shown, Fraction(shown) if rounded else share * 100


def percent_text(percent: Fraction, places: int, values: RuleValues) -> str:
    """Return a percentage with so many decimals, rounded as the rules say."""
    if places == 0 and percent.denominator != 1:
        places = values.share_decimals
    scaled = whole(percent * 10**places, values)
    return str(Decimal(scaled).scaleb(-places))


def whole(number: Fraction, values: RuleValues) -> int:
    """Return the whole number that a number is rounded to by the rules."""
    # Whole numbers only: a division in decimals could itself round across a half.
    if values.rounding == "half_up":
        number += Fraction(1, 2)
    return int(number // 1)
