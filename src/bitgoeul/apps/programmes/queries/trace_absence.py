"""The lines about a request to recognise an absence in words."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import Evidence, Excuse
from bitgoeul.core import formats

Facts = Mapping[str, Any]


def _evidence(facts: Facts, met: bool) -> str:
    said = {"evidence": Evidence(facts["evidence"]).label}
    if met:
        return _("Evidence: %(evidence)s") % said
    return _("Evidence is lacking: %(evidence)s") % said


def _deadline(facts: Facts, met: bool) -> str:
    said = {name: _day(facts[name]) for name in ("asked", "until")}
    if met:
        return _("Asked for on %(asked)s, possible until %(until)s") % said
    return _("Asked for on %(asked)s, after the last day for it, %(until)s") % said


def _course(facts: Facts, met: bool) -> str:
    text = _(
        "%(kind)s: %(used)s days recognised so far + %(asked)s asked for %(sign)s %(most)s over "
        "the course"
    )
    return text % _said(facts, met)


def _unit(facts: Facts, met: bool) -> str:
    text = _(
        "%(kind)s: %(used)s days recognised so far + %(asked)s asked for %(sign)s %(most)s within "
        "unit period %(number)s"
    )
    return text % _said(facts, met)


def _said(facts: Facts, met: bool) -> dict[str, Any]:
    return {**facts, "kind": Excuse(facts["kind"]).label, "sign": "≤" if met else ">"}


def _day(text: str) -> str:
    return formats.day(dt.date.fromisoformat(text), get_language() or "ko")


def _days(facts: Facts, met: bool) -> str:
    return _("No training day lies within these days any more")


ABSENCE_WORDS: Mapping[str, Callable[[Facts, bool], str]] = {
    "absence_days": _days,
    "absence_evidence": _evidence,
    "absence_deadline": _deadline,
    "absence_course": _course,
    "absence_unit": _unit,
}
