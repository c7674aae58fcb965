"""On which days a cohort is taught: its weekdays without Korean public and its own closed days."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import DayKind
from bitgoeul.apps.programmes.models import Cohort, CourseCalendar, SpecialDay

_ONE = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class OffDay:
    """A day on which nobody comes although the weekday is one of teaching, and why."""

    day: dt.date
    title: str


@dataclass(frozen=True, kw_only=True)
class CourseDays:
    """The training days of a cohort, and the days that fall out."""

    days: tuple[dt.date, ...]
    off: tuple[OffDay, ...]
    special: tuple[SpecialDay, ...]
    hours_a_day: int

    @property
    def hours(self) -> int:
        """How many hours fit into the days."""
        return len(self.days) * self.hours_a_day


def calendar_or_usual(cohort: Cohort) -> CourseCalendar:
    """Return the cohort's calendar, or the usual one that it has as long as nobody sets another."""
    known: Any = Cohort._meta.get_field("calendar")
    if known.is_cached(cohort):  # a page loads it together with the cohort
        found = known.get_cached_value(cohort)
    else:
        found = CourseCalendar.objects.filter(cohort=cohort).first()
    return found or CourseCalendar(cohort=cohort)


def public_holidays(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Return Korea's public holidays between two days, named in the reader's language."""
    language = "en_US" if get_language() == "en" else "ko"
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in _holidays(year, language).items()
        if first <= day <= last
    }


@cache
def _holidays(year: int, language: str) -> Mapping[dt.date, str]:
    import holidays

    return dict(holidays.country_holidays("KR", years=year, language=language))


def course_days(cohort: Cohort, calendar: CourseCalendar | None = None) -> CourseDays:
    """Return the training days between the cohort's first and last day."""
    calendar = calendar or calendar_or_usual(cohort)
    public = public_holidays(cohort.starts_on, cohort.ends_on) if calendar.holidays_off else {}
    special = {row.day: row for row in SpecialDay.objects.filter(cohort=cohort)}
    days: list[dt.date] = []
    off: list[OffDay] = []
    for day in _between(cohort.starts_on, cohort.ends_on):
        why = _why_off(day, calendar, public, special)
        if why is None:
            days.append(day)
        elif why:
            off.append(OffDay(day=day, title=why))
    return CourseDays(
        days=tuple(days),
        off=tuple(off),
        special=tuple(special[day] for day in sorted(special)),
        hours_a_day=calendar.hours_a_day,
    )


def _why_off(
    day: dt.date,
    calendar: CourseCalendar,
    public: Mapping[dt.date, str],
    special: Mapping[dt.date, SpecialDay],
) -> str | None:
    """None for a training day, a reason for a day that falls out, "" for a day that never is one.

    The cohort's own word comes first: an extra day is one on a Sunday and on a holiday, too.
    """
    own = special.get(day)
    if own is not None and own.kind == DayKind.EXTRA:
        return None
    if day.weekday() not in calendar.weekdays:
        return ""
    if own is not None:
        return own.title
    holiday = public.get(day)
    return _("Public holiday: %(name)s") % {"name": holiday} if holiday else None


def _between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += _ONE
