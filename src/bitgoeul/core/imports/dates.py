"""Read dates and times the way Korean offices write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from .errors import CellError

_DAY = (
    r"(?P<year>\d{4}|'?\d{2})\s*(?:년|[.\-/–−])\s*(?P<month>\d{1,2})\s*(?:월|[.\-/–−])\s*"
    r"(?P<day>\d{1,2})\s*(?:일|\.)?\s*(?:[(\[]?(?:[월화수목금토일](?:요일)?)[)\]]?)?"
)
_CLOCK = (
    r"(?P<half>오전|오후|am|pm)?\s*(?P<hour>\d{1,2})\s*(?::|시)\s*(?:(?P<minute>\d{1,2})\s*분?)?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d{1,6})?\s*초?)?\s*(?P<late>am|pm)?"
)
_DATE = re.compile(_DAY)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_TIME = re.compile(_CLOCK, re.IGNORECASE)
_DATETIME = re.compile(_DAY + r"[\sT]*" + _CLOCK, re.IGNORECASE)
_MIDNIGHT = re.compile(r"[\sT]+0?0:00(?::00(?:\.0+)?)?$")

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's day number knows no zone
# 1954 to 2119: the day numbers that a person in such a table can mean.
_SERIALS = range(20_000, 80_500)
_CENTURY_ENDS = 50

Plain = Callable[[object], str]


def parse_date(cell: object, plain: Plain) -> date | None:
    """The day a cell means; None when it is no date.

    Raises
    ------
    CellError
        `no_such_day` for a well-formed date that the calendar does not have.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (bool, time)):
        return None
    if isinstance(cell, (int, float)) and _is_serial(cell):
        return (_EPOCH + timedelta(days=int(cell))).date()
    typed = _MIDNIGHT.sub("", plain(cell))
    if len(typed) > 40:
        return None
    found = _DATE.fullmatch(typed) or _COMPACT.fullmatch(typed)
    return _day(found, typed) if found else None


def parse_datetime(cell: object, plain: Plain) -> datetime | None:
    """The moment a cell means, without zone; None when it is none."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, float) and _is_serial(cell):
        return _EPOCH + timedelta(seconds=round(cell * 86_400))
    if not isinstance(cell, str):
        return None
    typed = plain(cell)
    if len(typed) > 60:
        return None
    found = _DATETIME.fullmatch(typed)
    if found is None:
        return None
    clock = _clock(found)
    return datetime.combine(_day(found, typed), clock) if clock else None


def _is_serial(cell: float) -> bool:
    """Tell a spreadsheet's day number from other numbers, infinite ones included."""
    return _SERIALS.start <= cell < _SERIALS.stop


def parse_time(cell: object, plain: Plain) -> time | None:
    """The time of day a cell means; None when it is none."""
    if isinstance(cell, time):
        return cell
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, float) and 0 <= cell < 1:
        return (_EPOCH + timedelta(seconds=round(cell * 86_400))).time()
    if not isinstance(cell, str):
        return None
    typed = plain(cell)
    found = _TIME.fullmatch(typed) if len(typed) <= 30 else None
    return _clock(found) if found else None


def _day(found: re.Match[str], typed: str) -> date:
    digits = found["year"].lstrip("'")
    year = int(digits)
    if len(digits) == 2:
        year += 2000 if year < _CENTURY_ENDS else 1900
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise CellError("no_such_day", found=typed) from None


def _clock(found: re.Match[str]) -> time | None:
    hour = int(found["hour"])
    half = (found["half"] or found["late"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in {"오후", "pm"} else 0)
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None
