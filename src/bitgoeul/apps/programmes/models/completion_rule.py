"""What the rules say of one person's attendance, labs and final test: a pure function.

It knows no database and no clock, so anyone who holds a verdict's inputs and the rule version can
replay it and must get the same verdict, line by line. Each line is data (which rule, which facts,
met or not); `queries.trace` puts it into words.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_noop as _

from bitgoeul.apps.programmes.models.attendance_rule import (
    Counted,
    Inputs,
    compared,
    count,
    percent_text,
    unit_of,
)
from bitgoeul.apps.programmes.models.rule_values import RuleValues


@dataclass(frozen=True, kw_only=True)
class Line:
    """One step of the trace: the rule, its facts and whether it was met (None = only told)."""

    rule: str
    met: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the line in JSON types."""
        return {"rule": self.rule, "met": self.met, "facts": dict(self.facts)} | (
            {"source": self.source} if self.source else {}
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Completed or not, with the line of every rule that was looked at."""

    completed: bool
    lines: tuple[Line, ...]


def evaluate(inputs: Inputs, values: RuleValues) -> Verdict:
    """Apply one version of the rules to one person."""
    counted = count(inputs, values)
    lines = [
        *_told(counted, values),
        *_attendance_lines(inputs, values, counted),
        *_removal_lines(inputs, values, counted),
        *_lab_line(inputs, values),
        *_project_line(inputs),
        *_exam_line(inputs, values),
        *_remote_line(inputs, values),
    ]
    return Verdict(completed=all(line.met is not False for line in lines), lines=tuple(lines))


def plain_attendance(
    *, calendar_days: int, planned_hours: int, days: int, hours: int, values: RuleValues
) -> Line:
    """Return the attendance line of somebody without excuses, late arrivals or early leaves.

    Then nothing has to be looked at day by day: `days` are those that count as there (see
    `absent_below`), `hours` the attended hours of these days.
    """
    missed = calendar_days - days
    return _attendance(calendar_days, planned_hours, hours, missed, values)


def _told(counted: Counted, values: RuleValues) -> list[Line]:
    lines = []
    if counted.absent:
        facts = {"days": len(counted.absent), "below": str(values.day_absent_below)}
        lines.append(_line("absent_days", None, facts, "day_absent_below"))
    if counted.unrecognised:
        facts = {"days": counted.unrecognised}
        lines.append(_line("unrecognised_excuses", None, facts, "excuse_days_at_most"))
    if counted.events and values.events_per_absence:
        facts = {
            "events": counted.events,
            "each": values.events_per_absence,
            "days": len(counted.converted),
            "period": values.conversion_period,
        }
        lines.append(_line("conversion", None, facts, "conversion_period"))
    return lines


def attendance_line(inputs: Inputs, values: RuleValues, counted: Counted) -> Line:
    """Return only the line about attendance of a verdict."""
    missed = len(counted.absent) + len(counted.converted)
    days = len(inputs.calendar)
    return _attendance(days, inputs.planned_hours, counted.hours, missed, values)


def _attendance_lines(inputs: Inputs, values: RuleValues, counted: Counted) -> list[Line]:
    if not inputs.calendar and values.remote_progress_at_least is not None:
        return []  # nothing of the course is attended anywhere
    return [attendance_line(inputs, values, counted)]


def _attendance(days: int, planned_hours: int, hours: int, missed: int, values: RuleValues) -> Line:
    unit = _unit(days, planned_hours, values)
    if unit == "hours":
        attended, planned = hours, planned_hours
    else:
        planned, attended = days, days - missed
    reached, met = _at_least(
        Fraction(attended, planned) if planned else Fraction(0),
        values.attendance_share_at_least,
        values,
        rounded=values.round_completion_share,
    )
    facts = {
        "unit": unit,
        "attended": attended,
        "planned": planned,
        "share": reached,
        "needed": percent_text(Fraction(values.attendance_share_at_least) * 100, 0, values),
    }
    return _line("attendance", met, facts, "attendance_share_at_least")


def _unit(days: int, planned_hours: int, values: RuleValues) -> str:
    short = days < values.short_course_days or planned_hours < values.short_course_hours
    return "hours" if short else values.attendance_unit


def _removal_lines(inputs: Inputs, values: RuleValues, counted: Counted) -> list[Line]:
    missed = {*counted.absent, *counted.converted}
    lines = []
    if values.unit_absent_share_at_least is not None:
        lines.append(_unit_removal_line(inputs, values, missed))
    if values.total_absent_share_above is not None and inputs.calendar:
        shown, share = compared(
            Fraction(len(missed), inputs.total_days), values, values.round_removal_share
        )
        limit = Fraction(values.total_absent_share_above) * 100
        facts = {
            "missed": len(missed),
            "days": inputs.total_days,
            "share": shown,
            "limit": percent_text(limit, 0, values),
        }
        lines.append(_line("total_absence", share <= limit, facts, "total_absent_share_above"))
    return lines


def _unit_removal_line(inputs: Inputs, values: RuleValues, missed: set[dt.date]) -> Line:
    planned: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for on, _hours in inputs.calendar:
        unit = unit_of(on, starts_on=inputs.starts_on)
        planned[unit] += 1
        lost[unit] += on in missed
    limit = Fraction(values.unit_absent_share_at_least or 0) * 100
    worst, facts = Fraction(-1), {}
    for unit, days in sorted(planned.items()):
        if days < values.unit_days_at_least:
            continue
        shown, share = compared(Fraction(lost[unit], days), values, values.round_removal_share)
        if share > worst:
            worst = share
            facts = {"number": unit + 1, "missed": lost[unit], "days": days, "share": shown}
    facts["limit"] = percent_text(limit, 0, values)
    return _line("unit_absence", worst < limit, facts, "unit_absent_share_at_least")


def _lab_line(inputs: Inputs, values: RuleValues) -> list[Line]:
    if not inputs.labs:
        return []
    passed = sum(lab.passed for lab in inputs.labs)
    needed = -(-Fraction(values.required_lab_share) * len(inputs.labs) // 1)
    facts = {"passed": passed, "labs": len(inputs.labs), "needed": int(needed)}
    return [_line("labs", passed >= needed, facts, "required_lab_share")]


def _project_line(inputs: Inputs) -> list[Line]:
    if not inputs.projects:
        return []
    passed = sum(each.passed for each in inputs.projects)
    facts = {"passed": passed, "projects": len(inputs.projects)}
    met = passed == len(inputs.projects)
    return [Line(rule="projects", met=met, facts=facts, source=_("programme"))]


def _exam_line(inputs: Inputs, values: RuleValues) -> list[Line]:
    if values.exam_pass_mark is None:
        return []
    score = inputs.exam_score
    facts = {"score": None if score is None else str(score), "needed": str(values.exam_pass_mark)}
    met = score is not None and score >= values.exam_pass_mark
    return [_line("exam", met, facts, "exam_pass_mark")]


def _remote_line(inputs: Inputs, values: RuleValues) -> list[Line]:
    if values.remote_progress_at_least is None:
        return []
    reached = inputs.remote_progress
    needed = percent_text(Fraction(values.remote_progress_at_least) * 100, 0, values)
    facts = {"reached": None if reached is None else str(reached), "needed": needed}
    wanted = Fraction(values.remote_progress_at_least) * 100
    met = reached is not None and Fraction(reached) >= wanted
    return [_line("remote", met, facts, "remote_progress_at_least")]


def _line(rule: str, met: bool | None, facts: Mapping[str, Any], name: str) -> Line:
    return Line(rule=rule, met=met, facts=facts, source=RuleValues.source_of(name))


def _at_least(
    share: Fraction, needed: Decimal, values: RuleValues, *, rounded: bool
) -> tuple[str, bool]:
    shown, percent = compared(share, values, rounded)
    wanted = Fraction(needed) * 100
    met = percent >= wanted
    places = values.share_decimals
    while not met and Fraction(shown) >= wanted and places < 6:
        # Rounded for the eye the share would seem to reach the line it missed: show more of it.
        places += 1
        shown = percent_text(percent, places, values)
    return shown, met
