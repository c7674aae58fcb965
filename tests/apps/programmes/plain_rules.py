"""The attendance rules once more, slowly and plainly: day by day, in fractions, without sharing.

The oracle of `models/attendance_rule.py` and `models/completion_rule.py`; it is written from the
sentences of the guideline and imports nothing of them but the shapes of their inputs.
"""

import datetime as dt
from fractions import Fraction

from bitgoeul.apps.programmes.models import Inputs, RuleValues


def month_after(day: dt.date, wanted: int) -> dt.date:
    """The day one month later, or the last day of a shorter month."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = 28
    while True:
        try:
            dt.date(year, month, last + 1)
        except ValueError:
            break
        last += 1
    return dt.date(year, month, min(wanted, last))


def unit_periods(inputs: Inputs) -> list[list[dt.date]]:
    """The training days of each unit period, walked from the first day on."""
    last = max([on for on, _ in inputs.calendar], default=inputs.starts_on)
    periods, begin = [], inputs.starts_on
    while begin <= last:
        end = month_after(begin, inputs.starts_on.day)
        periods.append([on for on, _ in inputs.calendar if begin <= on < end])
        begin = end
    return periods


def half_up(number: Fraction, decimals: int = 0) -> Fraction:
    """Round half up by looking at the first digit that is dropped."""
    scaled = number * 10**decimals
    below = scaled.numerator // scaled.denominator
    return Fraction(below + (scaled - below >= Fraction(1, 2)), 10**decimals)


def recognised(inputs: Inputs, values: RuleValues) -> set[dt.date]:
    """Excused days within every limit, in order of date."""
    periods = unit_periods(inputs)
    taken: list[tuple[str, int, dt.date]] = []
    for day in sorted(inputs.days, key=lambda one: one.on):
        if "e" not in day.marks:
            continue
        number = next((n for n, days in enumerate(periods) if day.on in days), -1)
        same = [t for t in taken if t[0] == day.excuse]
        most = values.excuse_days_at_most.get(day.excuse, 10**9)
        if day.excuse in values.excuse_share_at_most:
            all_days = max(len(inputs.calendar), inputs.planned_days or 0)
            most = int(half_up(Fraction(values.excuse_share_at_most[day.excuse]) * all_days))
        a_unit = values.excuse_days_a_unit_at_most.get(day.excuse, 10**9)
        in_unit = [t for t in same if t[1] == number]
        if len(same) < most and len(in_unit) < a_unit:
            taken.append((day.excuse, number, day.on))
    return {on for _kind, _number, on in taken}


def missed(inputs: Inputs, values: RuleValues) -> set[dt.date]:
    """The days that count as absent, events converted."""
    fine = recognised(inputs, values)
    lost = set()
    for on, hours in inputs.calendar:
        there = 0
        for day in inputs.days:
            if day.on == on:
                there = day.marks.count("1") + (day.marks.count("e") if on in fine else 0)
        if Fraction(there, max(hours, 1)) < Fraction(values.day_absent_below):
            lost.add(on)
    found = set(lost)
    periods = unit_periods(inputs)
    together = periods if values.conversion_period == "unit" else [[d for p in periods for d in p]]
    for period in together:
        events = 0
        for on in period:
            before = events // values.events_per_absence if values.events_per_absence else 0
            for day in inputs.days:
                if day.on == on and on not in lost:
                    events += min(day.events, values.events_per_absence)
            if values.events_per_absence and events // values.events_per_absence > before:
                found.add(on)
    return found


def removed(inputs: Inputs, values: RuleValues) -> tuple[bool, bool]:
    """Whether half of a unit period, and more than a fifth of the course, was missed."""
    lost = missed(inputs, values)
    by_unit = any(
        half_up(Fraction(len(lost & set(days)), len(days)) * 100, 1)
        >= Fraction(values.unit_absent_share_at_least or 2) * 100
        for days in unit_periods(inputs)
        if len(days) >= values.unit_days_at_least
    )
    share = half_up(Fraction(len(lost), len(inputs.calendar)) * 100, 1)
    return by_unit, share > Fraction(values.total_absent_share_above or 2) * 100


def pay(
    inputs: Inputs, values: RuleValues, unit: int, course_hours: int, kind: str
) -> tuple[int, int]:
    """Training and special allowance of one unit period, from 0."""
    days = unit_periods(inputs)[unit]
    lost = missed(inputs, values)
    hours = dict(inputs.calendar)
    there = [hours[on] for on in days if on not in lost]
    if not days or kind == "none":
        return 0, 0
    share = Fraction(len(there), len(days))
    training = special = 0
    allowed = course_hours >= (values.allowance_course_hours_at_least or 10**9)
    if allowed and share >= Fraction(values.allowance_unit_share_at_least):
        for rate, fits in ((f"{kind}_long", True), (f"{kind}_short", False)):
            fitting = [h for h in there if (h >= values.allowance_day_hours_at_least) == fits]
            paid = sum(values.allowance_day_won[rate] for _ in fitting)
            training += min(paid, values.allowance_month_cap_won[rate])
    allowed = course_hours >= (values.special_course_hours_at_least or 10**9)
    if allowed and share >= Fraction(values.special_unit_share_at_least):
        area = values.training_area
        fitting = [h for h in there if h >= values.special_day_hours_at_least]
        paid = sum(values.special_day_won[area] for _ in fitting)
        special = min(paid, values.special_month_cap_won[area])
    return training, special
