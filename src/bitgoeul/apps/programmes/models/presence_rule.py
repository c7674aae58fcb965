"""What times at a session say of its hours: a pure function that anyone can repeat."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from bitgoeul.apps.programmes.models.attendance_rule import AWAY, EXCUSED, THERE
from bitgoeul.apps.programmes.models.rule_values import RuleValues


@dataclass(frozen=True, kw_only=True)
class Times:
    """When somebody came and left, and how many minutes they were away in between."""

    arrived_at: dt.datetime | None
    left_at: dt.datetime | None = None
    out_minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Marks:
    """A mark per hour of a session, and what is counted beside the hours."""

    hours: str
    late: bool = False
    left_early: bool = False
    went_out: bool = False


def marks_of(
    times: Times,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    hours: int,
    values: RuleValues,
) -> Marks:
    """Judge times by the thresholds of the rules.

    Within the minutes of grace nobody is late or early, and no minute is taken off; beyond them an
    hour counts when the rule's share of it was attended. Whole hours away are taken off the last
    attended ones.
    """
    if times.arrived_at is None or times.arrived_at >= ends_at:
        return Marks(hours=AWAY * hours)
    length = (ends_at - starts_at) / hours
    late = times.arrived_at >= starts_at + _minutes(values.late_after_minutes, at_least=1)
    left = times.left_at
    if left is None and values.sign_out_needed:
        left = max(times.arrived_at, starts_at) + length
    early = left is not None and left <= ends_at - _minutes(values.early_before_minutes, at_least=1)
    first = times.arrived_at if late else starts_at
    last = left if early and left is not None else ends_at
    marks = [
        _counts(starts_at + length * number, length, first, last, values.hour_attended_at_least)
        for number in range(hours)
    ]
    _take_off(marks, int(dt.timedelta(minutes=times.out_minutes) / length))
    out = times.out_minutes >= max(1, values.out_after_minutes)
    text = "".join(THERE if there else AWAY for there in marks)
    # Who was there for no hour was away: nothing more is counted against them.
    some = THERE in text
    return Marks(hours=text, late=late and some, left_early=early and some, went_out=out and some)


def excused(hours: int) -> Marks:
    """Return the marks of a recognised absence."""
    return Marks(hours=EXCUSED * hours)


def _minutes(number: int, *, at_least: int) -> dt.timedelta:
    return dt.timedelta(minutes=max(number, at_least))


def _counts(
    begins: dt.datetime,
    length: dt.timedelta,
    first: dt.datetime,
    last: dt.datetime,
    needed: Decimal,
) -> bool:
    attended = min(last, begins + length) - max(first, begins)
    return attended > dt.timedelta() and attended >= length * float(needed)


def _take_off(marks: list[bool], number: int) -> None:
    for place in range(len(marks) - 1, -1, -1):
        if number > 0 and marks[place]:
            marks[place], number = False, number - 1
