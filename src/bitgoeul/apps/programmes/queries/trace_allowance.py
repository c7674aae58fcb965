"""The lines of an allowance in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import TrainingArea
from bitgoeul.apps.programmes.queries.rule_words import RATE_NAMES, exact_won
from bitgoeul.core import formats

Facts = Mapping[str, Any]


def _unit(facts: Facts, met: bool) -> str:
    return _(
        "Unit period %(number)s (%(from)s to %(until)s): %(attended)s of %(days)s days, "
        "%(absent)s absent, %(converted)s by being late, early or out"
    ) % {**facts}


def _no_days(facts: Facts, met: bool) -> str:
    return _("No training day was held in this unit period")


def _no_right(facts: Facts, met: bool) -> str:
    return _("This person has no right to an allowance")


def _course_hours(facts: Facts, met: bool) -> str:
    values = {name: formats.number(facts[name]) for name in ("hours", "needed")}
    return _("Training allowance: the course has %(hours)s hours < %(needed)s") % values


def _special_course_hours(facts: Facts, met: bool) -> str:
    values = {name: formats.number(facts[name]) for name in ("hours", "needed")}
    return _("Special allowance: the course has %(hours)s hours < %(needed)s") % values


def _unit_share(facts: Facts, met: bool) -> str:
    text = _("%(attended)s of %(days)s days = %(share)s %% %(sign)s %(needed)s %%")
    return text % {**facts, "sign": "≥" if met else "<"}


def _paid(facts: Facts) -> dict[str, Any]:
    cap = _("no cap") if facts["cap"] is None else exact_won(facts["cap"])
    money = {name: exact_won(facts[name]) for name in ("won", "full", "paid")}
    return {"days": facts["days"], "cap": cap, **money}


def _training(facts: Facts, met: bool) -> str:
    text = _(
        "Training allowance (%(rate)s): %(days)s days × %(won)s = %(full)s, at most %(cap)s: "
        "%(paid)s"
    )
    return text % {**_paid(facts), "rate": RATE_NAMES.get(facts["rate"], facts["rate"])}


def _special(facts: Facts, met: bool) -> str:
    text = _(
        "Special allowance (%(area)s): %(days)s days × %(won)s = %(full)s, at most %(cap)s: "
        "%(paid)s"
    )
    return text % {**_paid(facts), "area": TrainingArea(facts["area"]).label}


ALLOWANCE_WORDS: Mapping[str, Callable[[Facts, bool], str]] = {
    "unit": _unit,
    "no_days": _no_days,
    "no_right": _no_right,
    "course_hours": _course_hours,
    "special_course_hours": _special_course_hours,
    "unit_share": _unit_share,
    "training": _training,
    "special": _special,
}
