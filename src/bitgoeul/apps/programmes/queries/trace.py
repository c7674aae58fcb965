"""The lines of a completion verdict in words; each stays checkable: facts, limit, met or not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.programmes.models import Line
from bitgoeul.apps.programmes.queries.trace_absence import ABSENCE_WORDS
from bitgoeul.apps.programmes.queries.trace_allowance import ALLOWANCE_WORDS
from bitgoeul.core import formats


@dataclass(frozen=True, kw_only=True)
class TraceLine:
    """A line ready to be shown: what was found, whether it suffices, where the rule stands."""

    text: str
    met: bool | None
    source: str


def phrased(lines: Iterable[Line | Mapping[str, Any]]) -> list[TraceLine]:
    """Put stored or fresh lines into the words of the active language."""
    said = []
    for line in lines:
        plain = line.as_json() if isinstance(line, Line) else line
        say, source = _WORDS[plain["rule"]], plain.get("source", "")
        said.append(
            TraceLine(
                text=say(plain["facts"], bool(plain["met"])),
                met=plain["met"],
                source=_(source) if source else "",
            )
        )
    return said


def _attendance(facts: Mapping[str, Any], met: bool) -> str:
    values = {
        "attended": formats.number(facts["attended"]),
        "planned": formats.number(facts["planned"]),
        "share": facts["share"],
        "needed": facts["needed"],
        "sign": "≥" if met else "<",
    }
    if facts["unit"] == "days":
        text = _("%(attended)s of %(planned)s days = %(share)s %% %(sign)s %(needed)s %%")
    else:
        text = _("%(attended)s of %(planned)s hours = %(share)s %% %(sign)s %(needed)s %%")
    return text % values


def _absent_days(facts: Mapping[str, Any], met: bool) -> str:
    percent = formats.share(facts["below"], digits=0)
    return ngettext(
        "%(days)s day counts as absent: less than %(below)s of its hours were attended",
        "%(days)s days count as absent: less than %(below)s of their hours were attended",
        facts["days"],
    ) % {"days": facts["days"], "below": percent}


def _unrecognised(facts: Mapping[str, Any], met: bool) -> str:
    return ngettext(
        "%(days)s excused day lies beyond what the rules recognise and counts as missed",
        "%(days)s excused days lie beyond what the rules recognise and count as missed",
        facts["days"],
    ) % {"days": facts["days"]}


def _conversion(facts: Mapping[str, Any], met: bool) -> str:
    if facts["period"] == "unit":
        text = _(
            "%(events)s times late, early or out; each %(each)s within a unit period make a day "
            "absent: %(days)s days"
        )
    else:
        text = _(
            "%(events)s times late, early or out; each %(each)s over the whole course make a day "
            "absent: %(days)s days"
        )
    return text % facts


def _total_absence(facts: Mapping[str, Any], met: bool) -> str:
    return _("%(missed)s of %(days)s days missed = %(share)s %% %(sign)s %(limit)s %%") % {
        **facts,
        "sign": "≤" if met else ">",
    }


def _unit_absence(facts: Mapping[str, Any], met: bool) -> str:
    if "number" not in facts:
        return _("No unit period is long enough for the rule about half of a unit period")
    return _(
        "Unit period %(number)s: %(missed)s of %(days)s days missed = %(share)s %% "
        "%(sign)s %(limit)s %%"
    ) % {**facts, "sign": "<" if met else "≥"}


def _labs(facts: Mapping[str, Any], met: bool) -> str:
    return _("%(passed)s of %(labs)s labs passed %(sign)s %(needed)s needed") % {
        **facts,
        "sign": "≥" if met else "<",
    }


def _projects(facts: Mapping[str, Any], met: bool) -> str:
    return _("%(passed)s of %(projects)s projects passed") % facts


def _exam(facts: Mapping[str, Any], met: bool) -> str:
    if facts["score"] is None:
        return _("No final test yet; %(needed)s points are needed") % facts
    return _("Final test %(score)s %(sign)s %(needed)s") % {**facts, "sign": "≥" if met else "<"}


def _remote(facts: Mapping[str, Any], met: bool) -> str:
    if facts["reached"] is None:
        return _("Nothing is recorded of the remote part; %(needed)s %% are needed") % facts
    return _("Remote part %(reached)s %% %(sign)s %(needed)s %%") % {
        **facts,
        "sign": "≥" if met else "<",
    }


_WORDS: Mapping[str, Callable[[Mapping[str, Any], bool], str]] = {
    "attendance": _attendance,
    "absent_days": _absent_days,
    "unrecognised_excuses": _unrecognised,
    "conversion": _conversion,
    "total_absence": _total_absence,
    "unit_absence": _unit_absence,
    "labs": _labs,
    "projects": _projects,
    "exam": _exam,
    "remote": _remote,
    **ABSENCE_WORDS,
    **ALLOWANCE_WORDS,
}
