"""What the rules say of a request to recognise an absence: a pure function of days and rules.

It knows no database and no clock. Each line names the rule, its facts, whether it was met, and the
article it stands in; `queries.trace` puts the lines into words.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.programmes.enums import Evidence
from bitgoeul.apps.programmes.models.attendance_rule import (
    AWAY,
    EXCUSED,
    LEAVE,
    Inputs,
    excuse_limits,
    unit_of,
)
from bitgoeul.apps.programmes.models.completion_rule import Line
from bitgoeul.apps.programmes.models.rule_values import RuleValues

LIMITS = ("absence_course", "absence_unit")
"""Lines that say how many days are left; nothing can be recognised when none is."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as the rules look at it: training days asked for, days of this kind used up."""

    kind: str
    days: tuple[dt.date, ...]
    used: frozenset[dt.date]
    asked_on: dt.date
    has_evidence: bool


@dataclass(frozen=True, kw_only=True)
class Hours:
    """The hours of a day that are meant, counted from 1; without numbers, all of them.

    `numbers` says which hour of the day each mark is of, where not every hour was held.
    """

    first: int | None = None
    last: int | None = None
    numbers: tuple[int, ...] = ()

    def turned(self, marks: str, old: str, new: str) -> str:
        """Turn one mark into another within these hours."""
        numbers = self._numbers(marks)
        return "".join(
            new if mark == old and self._has(number) else mark
            for mark, number in zip(marks, numbers, strict=True)
        )

    def recognise(self, marks: str) -> str:
        """Turn "away" into "away with a recognised reason" within these hours."""
        return self.turned(marks, AWAY, EXCUSED)

    def covers_first(self, marks: str) -> bool:
        """Whether coming late falls into these hours."""
        return self._has(self._numbers(marks)[0])

    def covers_last(self, marks: str) -> bool:
        """Whether leaving early falls into these hours."""
        return self._has(self._numbers(marks)[-1])

    def covers_out(self, marks: str) -> bool:
        """Whether going out in between falls into these hours."""
        first, last = self.covers_first(marks), self.covers_last(marks)
        within = any(self._has(number) for number in self._numbers(marks))
        return within and first == last

    def _numbers(self, marks: str) -> tuple[int, ...]:
        if len(self.numbers) == len(marks):
            return self.numbers
        return tuple(range(1, len(marks) + 1))

    def _has(self, number: int) -> bool:
        return (self.first or 1) <= number and (self.last is None or number <= self.last)


def deadline_of(kind: str, days: tuple[dt.date, ...], values: RuleValues) -> dt.date | None:
    """Return the last day on which the rules let somebody ask; None = no such rule."""
    if not days:
        return None
    if values.excuse_evidence.get(kind) == Evidence.REQUEST:
        return days[0] - dt.timedelta(days=1)
    if values.excuse_request_days is None:
        return None
    return days[-1] + dt.timedelta(days=values.excuse_request_days)


def judge_absence(asked: Asked, inputs: Inputs, values: RuleValues) -> tuple[Line, ...]:
    """Look at a request by one version of the rules."""
    if not asked.days:
        # A class that was called off: nothing is left to be recognised.
        return (Line(rule="absence_days", met=False),)
    found = [_evidence(asked, values), _deadline(asked, values)]
    limits = excuse_limits(inputs, values)
    if asked.kind in limits:
        found.append(_course(asked, inputs, limits[asked.kind], values))
    if asked.kind in values.excuse_days_a_unit_at_most:
        found.append(_unit(asked, inputs, values))
    return tuple(line for line in found if line is not None)


def left_of(lines: tuple[Line, ...]) -> int | None:
    """Return how many of the days asked for the limits leave room for; None = no limit."""
    # Of a day that is counted already nothing more is asked.
    limits = [line.facts for line in lines if line.rule in LIMITS]
    left = [int(facts["left"]) for facts in limits if facts["asked"]]
    return min(left, default=None)


def _evidence(asked: Asked, values: RuleValues) -> Line | None:
    needed = values.excuse_evidence.get(asked.kind)
    if needed is None:
        return None
    # A request is its own evidence.
    given = asked.has_evidence or needed == Evidence.REQUEST
    return _line("absence_evidence", given, {"evidence": needed}, "excuse_evidence")


def _deadline(asked: Asked, values: RuleValues) -> Line | None:
    until = deadline_of(asked.kind, asked.days, values)
    if until is None:
        return None
    name = "excuse_request_days"
    if values.excuse_evidence.get(asked.kind) == Evidence.REQUEST:
        name = "excuse_evidence"
    facts = {"until": until.isoformat(), "asked": asked.asked_on.isoformat()}
    return _line("absence_deadline", asked.asked_on <= until, facts, name)


def _course(asked: Asked, inputs: Inputs, most: int, values: RuleValues) -> Line:
    used, wanted = len(asked.used), len({*asked.days} - asked.used)
    name = "excuse_days_at_most"
    if asked.kind in values.excuse_share_at_most:
        name = "excuse_share_at_most"
    if asked.kind == LEAVE and most == 0:
        name = "leave_course_months_at_least"
    facts = {
        "kind": asked.kind, "used": used, "asked": wanted, "most": most,
        "left": max(0, most - used), "days": inputs.total_days,
    }  # fmt: skip
    return _line("absence_course", used + wanted <= most, facts, name)


def _unit(asked: Asked, inputs: Inputs, values: RuleValues) -> Line:
    most = values.excuse_days_a_unit_at_most[asked.kind]
    used = Counter(unit_of(on, starts_on=inputs.starts_on) for on in asked.used)
    fresh = {*asked.days} - asked.used
    wanted = Counter(unit_of(on, starts_on=inputs.starts_on) for on in fresh)
    worst = max(wanted, key=lambda unit: used[unit] + wanted[unit], default=0)
    room = sum(max(0, min(wanted[unit], most - used[unit])) for unit in wanted)
    facts = {
        "kind": asked.kind, "number": worst + 1, "used": used[worst], "asked": wanted[worst],
        "most": most, "left": room,
    }  # fmt: skip
    met = used[worst] + wanted[worst] <= most
    return _line("absence_unit", met, facts, "excuse_days_a_unit_at_most")


def _line(rule: str, met: bool, facts: Mapping[str, Any], name: str) -> Line:
    return Line(rule=rule, met=met, facts=facts, source=RuleValues.source_of(name))
