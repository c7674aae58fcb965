"""Every rule of the K-Digital preset against cases worked out by hand, kept in a readable file."""

import dataclasses
import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitgoeul.apps.programmes.models import PRESETS, Inputs, RuleValues, evaluate
from bitgoeul.apps.programmes.models.allowance_rule import AllowanceInputs, allowance
from bitgoeul.apps.programmes.models.attendance_rule import Day, count
from tests.apps.programmes import plain_rules
from tests.apps.programmes.test_completion_rule import FIRST, calendar

FILE = tomllib.loads(Path(__file__).with_name("golden_rules.toml").read_text("utf-8"))
KINDS = {"full": "11111111", "half": "11110000", "under": "11100000", "none": "00000000"}


def values_of(case: dict[str, Any]) -> RuleValues:
    stored = PRESETS[case.get("preset", "k-digital-2026")].as_json()
    return RuleValues.from_json(stored | case.get("rules", {}))


def days_of(text: str, hours: int = 8) -> list[tuple[str, int, str] | None]:
    """Each word of the file as marks, events and excuse; None is a day without a record."""
    found: list[tuple[str, int, str] | None] = []
    for word in text.split():
        what, _star, times = word.partition("*")
        marks, events, excuse = KINDS["full"], 0, ""
        if what.startswith("late"):
            events = int(what[4:] or 1)
        elif what.startswith("e:"):
            marks, excuse = "e" * 8, what[2:]
        elif what != "norecord":
            marks = KINDS[what]
        one = None if what == "norecord" else (marks[:hours], events, excuse)
        found += [one] * int(times or 1)
    return found


def inputs_of(case: dict[str, Any]) -> Inputs:
    hours = case.get("day_hours", 8)
    days = days_of(case["days"], hours)
    held = calendar(len(days), hours)
    exam, remote = case.get("exam"), case.get("remote_progress")
    return Inputs(
        starts_on=FIRST,
        planned_hours=case.get("course_hours", hours * len(days)),
        calendar=held,
        days=tuple(
            Day(on=on, marks=day[0], events=day[1], excuse=day[2])
            for (on, _hours), day in zip(held, days, strict=True)
            if day
        ),
        exam_score=Decimal(exam) if exam else None,
        remote_progress=Decimal(remote) if remote else None,
        ends_on=case.get("ends_on", dt.date(2025, 9, 26)),
        planned_days=case.get("planned_days"),
    )


@pytest.mark.parametrize("case", FILE["case"], ids=lambda case: case["name"])
def test_a_case_of_the_file(case: dict[str, Any]) -> None:
    verdict = evaluate(inputs_of(case), values_of(case))
    found = {line.rule: {**line.facts, "met": line.met} for line in verdict.lines}
    for rule, expected in case["expect"].items():
        assert {name: found[rule][name] for name in expected} == expected, case["article"]
    assert verdict.completed is case.get("completed", verdict.completed)


@pytest.mark.parametrize("case", FILE["pay"], ids=lambda case: case["name"])
def test_a_payment_of_the_file(case: dict[str, Any]) -> None:
    case = {"course_hours": 1300, **case}
    inputs = AllowanceInputs(attendance=inputs_of(case), unit=1, kind=case.get("kind", "standard"))
    found = allowance(inputs, values_of(case))
    assert (found.training_won, found.special_won) == (case["training"], case["special"])
    assert allowance(AllowanceInputs.from_json(inputs.as_json()), values_of(case)) == found


WORDS = ("full", "half", "under", "none", "late", "late2", "norecord", "e:illness", "e:birth",
         "e:leave", "e:official")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    runs=st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 6)), min_size=1, max_size=25),
    period=st.sampled_from(["unit", "course"]),
    day_hours=st.sampled_from([4, 5, 8]),
    course_hours=st.sampled_from([100, 200, 1300]),
    kind=st.sampled_from(["standard", "self_employed", "none"]),
    shift=st.integers(0, 30),
)
def test_the_rules_agree_with_their_slow_plain_twin(
    runs: list[tuple[str, int]], period: str, day_hours: int, course_hours: int, kind: str,
    shift: int,
) -> None:  # fmt: skip
    case = {
        "days": " ".join(f"{word}*{times}" for word, times in runs),
        "day_hours": day_hours,
        "course_hours": course_hours,
    }
    inputs = dataclasses.replace(inputs_of(case), starts_on=FIRST - dt.timedelta(days=shift))
    values = dataclasses.replace(
        values_of(case), conversion_period=period, leave_course_months_at_least=None
    )
    counted = count(inputs, values)
    assert {*counted.absent, *counted.converted} == plain_rules.missed(inputs, values)
    verdict = {line.rule: line.met for line in evaluate(inputs, values).lines}
    by_unit, total = plain_rules.removed(inputs, values)
    assert (verdict["unit_absence"], verdict["total_absence"]) == (not by_unit, not total)
    for number in range(len(plain_rules.unit_periods(inputs))):
        found = allowance(AllowanceInputs(attendance=inputs, unit=number + 1, kind=kind), values)
        paid = plain_rules.pay(inputs, values, number, course_hours, kind)
        assert (found.training_won, found.special_won) == paid
