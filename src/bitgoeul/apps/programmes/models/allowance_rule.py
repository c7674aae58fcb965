"""What a person is paid for one unit period: a pure function of attendance, rules and rate.

It knows no database and no clock; who holds its inputs and the rule version can replay it. Money
is whole won: rates are whole, days are whole, so nothing is ever rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bitgoeul.apps.programmes.enums import AllowanceKind
from bitgoeul.apps.programmes.models.attendance_rule import (
    Inputs,
    Unit,
    count,
    percent_text,
    units_of,
)
from bitgoeul.apps.programmes.models.completion_rule import Line
from bitgoeul.apps.programmes.models.rule_values import RuleValues

LONG, SHORT = "long", "short"


@dataclass(frozen=True, kw_only=True)
class AllowanceInputs:
    """Everything an amount depends on besides the rules; `attendance` has no labs and no test."""

    attendance: Inputs
    unit: int
    kind: str = AllowanceKind.STANDARD.value

    def as_json(self) -> dict[str, Any]:
        """Return the inputs in JSON types, for storing and digesting."""
        return {"attendance": self.attendance.as_json(), "unit": self.unit, "kind": self.kind}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "AllowanceInputs":
        """Read stored inputs again."""
        attendance = Inputs.from_json(stored["attendance"])
        return cls(attendance=attendance, unit=stored["unit"], kind=stored["kind"])


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Won of one unit period, with the line of every rule that was looked at."""

    training_won: int
    special_won: int
    lines: tuple[Line, ...]

    @property
    def won(self) -> int:
        """Both together."""
        return self.training_won + self.special_won


def allowance(inputs: AllowanceInputs, values: RuleValues) -> Allowance:
    """Apply one version of the rules to one person's unit period (counted from 1)."""
    counted = count(inputs.attendance, values)
    units = units_of(inputs.attendance, counted)
    unit = next((one for one in units if one.number == inputs.unit), None)
    return paid_for(unit, inputs, values)


def paid_for(unit: Unit | None, inputs: AllowanceInputs, values: RuleValues) -> Allowance:
    """Pay a unit period whose missed days are counted already."""
    if unit is None:
        return Allowance(training_won=0, special_won=0, lines=(_told("no_days", {}),))
    lines = [_unit_line(unit, values)]
    training, said = _training(unit, inputs, values)
    special, more = _special(unit, inputs, values)
    return Allowance(training_won=training, special_won=special, lines=(*lines, *said, *more))


def _unit_line(unit: Unit, values: RuleValues) -> Line:
    facts = {
        "number": unit.number,
        "from": unit.starts_on.isoformat(),
        "until": unit.ends_on.isoformat(),
        "days": len(unit.days),
        "attended": len(unit.days) - unit.missed,
        "absent": len(unit.absent),
        "converted": len(unit.converted),
    }
    return _told("unit", facts)


def _training(unit: Unit, inputs: AllowanceInputs, values: RuleValues) -> tuple[int, list[Line]]:
    needed = values.allowance_course_hours_at_least
    if needed is None:
        return 0, []
    if inputs.kind == AllowanceKind.NONE:
        return 0, [_line("no_right", False, {}, "allowance_day_won")]
    planned = inputs.attendance.planned_hours
    if planned < needed:
        facts = {"hours": planned, "needed": needed}
        return 0, [_line("course_hours", False, facts, "allowance_course_hours_at_least")]
    share = _share_line(unit, values, "allowance_unit_share_at_least")
    if not share.met:
        return 0, [share]
    lines, total = [share], 0
    for length, days in _days_paid(unit, inputs, values.allowance_day_hours_at_least).items():
        rate = f"{inputs.kind}_{length}"
        won, line = _capped(
            days,
            values.allowance_day_won.get(rate, 0),
            values.allowance_month_cap_won.get(rate),
            {"rate": rate},
            "training",
        )
        total += won
        lines += [line] if days else []
    return total, lines


def _special(unit: Unit, inputs: AllowanceInputs, values: RuleValues) -> tuple[int, list[Line]]:
    needed = values.special_course_hours_at_least
    if needed is None or inputs.kind == AllowanceKind.NONE:
        return 0, []
    planned = inputs.attendance.planned_hours
    if planned < needed:
        facts = {"hours": planned, "needed": needed}
        return 0, [_line("special_course_hours", False, facts, "special_course_hours_at_least")]
    share = _share_line(unit, values, "special_unit_share_at_least")
    if not share.met:
        return 0, [share]
    days = _days_paid(unit, inputs, values.special_day_hours_at_least)[LONG]
    area = values.training_area
    won, line = _capped(
        days,
        values.special_day_won.get(area, 0),
        values.special_month_cap_won.get(area),
        {"area": area, "day_hours": values.special_day_hours_at_least},
        "special",
    )
    return won, [line]


def _share_line(unit: Unit, values: RuleValues, name: str) -> Line:
    days = len(unit.days)
    attended = days - unit.missed
    share = Fraction(attended, days)
    needed = Fraction(getattr(values, name))
    facts = {
        "attended": attended,
        "days": days,
        "share": percent_text(share * 100, values.share_decimals, values),
        "needed": percent_text(needed * 100, 0, values),
    }
    return _line("unit_share", share >= needed, facts, name)


def _days_paid(unit: Unit, inputs: AllowanceInputs, long_hours: int) -> dict[str, int]:
    hours = dict(inputs.attendance.calendar)
    missed = {*unit.absent, *unit.converted}
    there = [on for on in unit.days if on not in missed]
    long = sum(hours[on] >= long_hours for on in there)
    return {LONG: long, SHORT: len(there) - long}


def _capped(
    days: int, won: int, cap: int | None, about: Mapping[str, Any], rule: str
) -> tuple[int, Line]:
    full = days * won
    paid = full if cap is None else min(full, cap)
    facts = {**about, "days": days, "won": won, "full": full, "cap": cap, "paid": paid}
    name = "allowance_day_won" if rule == "training" else "special_day_won"
    return paid, _line(rule, None, facts, name)


def _told(rule: str, facts: Mapping[str, Any]) -> Line:
    return Line(rule=rule, met=None, facts=facts)


def _line(rule: str, met: bool | None, facts: Mapping[str, Any], name: str) -> Line:
    return Line(rule=rule, met=met, facts=facts, source=RuleValues.source_of(name))
