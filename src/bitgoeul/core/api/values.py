"""Bounded types: what no database column could keep is refused before anything is asked."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic_core import PydanticCustomError

SMALLEST, LARGEST = -(2**31), 2**31 - 1
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


def clean(text: str) -> str:
    """Refuse what a text column cannot keep: NUL, and halves of surrogate pairs."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise PydanticCustomError("text_unclean", "control character")
    return text


def _near(moment: dt.datetime) -> dt.datetime:
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        raise PydanticCustomError("datetime_far", "too far away")
    return moment


def _near_day(day: dt.date) -> dt.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date_far", "too far away")
    return day


Clean = AfterValidator(clean)
Short = Annotated[str, StringConstraints(max_length=80), Clean]
Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\r\n]*$"), Clean]
Long = Annotated[str, StringConstraints(max_length=4000), Clean]
Whole = Annotated[int, Field(ge=SMALLEST, le=LARGEST)]
Day = Annotated[dt.date, AfterValidator(_near_day)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
