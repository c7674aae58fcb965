"""What teaching keeps about people: who teaches, who was there, what they handed in."""

from typing import Any

from bitgoeul.apps.programmes.models.design import (
    ClassGroup,
    CourseCalendar,
    Module,
    SpecialDay,
    Teaching,
)
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part

_NAMED = ("name_ko", "name_en")

TEACHING: dict[Any, Declaration] = {
    CourseCalendar: NOTHING,
    SpecialDay: NOTHING,
    Module: NOTHING,
    ClassGroup: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    Teaching: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="teaching", erase=Erase.LINK),),
        plain=("role",),
    ),
}
