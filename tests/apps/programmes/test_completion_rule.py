"""Golden cases of the completion rule: each rule alone, with the numbers worked out by hand."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.apps.programmes.models import PRESETS, Inputs, RuleValues, Verdict, evaluate
from bitgoeul.apps.programmes.models.attendance_rule import Day, LabResult, unit_of
from bitgoeul.apps.programmes.models.completion_rule import Line

FIRST = dt.date(2025, 3, 3)
PLAIN = RuleValues()
DAYS = RuleValues(attendance_unit="days")
KDT = PRESETS["k-digital-2026"]


def calendar(days: int, hours: int = 8) -> tuple[tuple[dt.date, int], ...]:
    """Working days from the first Monday of March 2025."""
    found: list[tuple[dt.date, int]] = []
    day = FIRST
    while len(found) < days:
        if day.weekday() < 5:
            found.append((day, hours))
        day += dt.timedelta(days=1)
    return tuple(found)


def case(
    marks: list[str],
    *,
    events: dict[int, int] | None = None,
    excuses: dict[int, str] | None = None,
    planned_hours: int | None = None,
    labs: tuple[bool, ...] = (),
    exam: str | None = None,
) -> Inputs:
    """One entry of `marks` per training day; an empty one is a day without a record."""
    days = calendar(len(marks))
    return Inputs(
        starts_on=FIRST,
        planned_hours=planned_hours or 8 * len(marks),
        calendar=days,
        days=tuple(
            Day(
                on=on,
                marks=text,
                events=(events or {}).get(number, 0),
                excuse=(excuses or {}).get(number, ""),
            )
            for number, ((on, _), text) in enumerate(zip(days, marks, strict=True))
            if text
        ),
        labs=tuple(LabResult(lab=str(number), passed=ok) for number, ok in enumerate(labs)),
        exam_score=None if exam is None else Decimal(exam),
    )


def line(verdict: Verdict, rule: str) -> Line:
    return next(one for one in verdict.lines if one.rule == rule)


FULL, NONE = "1" * 8, "0" * 8


def test_the_published_example() -> None:
    """1,043 of 1,300 hours are 80.2 %, which is at least 80 %."""
    inputs = case([FULL] * 129 + ["11111110", "11110000"], planned_hours=1300)
    verdict = evaluate(inputs, PLAIN)
    assert verdict.completed
    facts = line(verdict, "attendance").facts
    assert facts == {
        "unit": "hours",
        "attended": 1043,
        "planned": 1300,
        "share": "80.2",
        "needed": "80",
    }


@pytest.mark.parametrize(("away", "completes"), [(20, True), (21, False)])
def test_eighty_per_cent_of_days_is_enough(away: int, completes: bool) -> None:
    verdict = evaluate(case([FULL] * (100 - away) + [NONE] * away), DAYS)
    assert verdict.completed is completes
    assert line(verdict, "attendance").facts["attended"] == 100 - away


def test_a_day_under_half_counts_as_absent_and_a_half_day_does_not() -> None:
    half = evaluate(case(["11110000"] * 10), DAYS)
    assert line(half, "attendance").facts["attended"] == 10
    under = evaluate(case(["11100000"] * 10), DAYS)
    assert line(under, "attendance").facts["attended"] == 0
    assert line(under, "absent_days").facts == {"days": 10, "below": "0.5"}
    in_hours = evaluate(case(["11100000"] * 10), PLAIN)
    assert line(in_hours, "attendance").facts["attended"] == 0


def test_a_day_without_a_record_is_missed() -> None:
    verdict = evaluate(case([FULL] * 8 + ["", ""]), DAYS)
    assert line(verdict, "attendance").facts["attended"] == 8


def test_three_events_make_one_absence() -> None:
    two = evaluate(case([FULL] * 10, events={0: 1, 1: 1}), DAYS)
    assert line(two, "conversion").facts["days"] == 0
    three = evaluate(case([FULL] * 10, events={0: 1, 1: 1, 2: 1}), DAYS)
    assert line(three, "conversion").facts["days"] == 1
    assert line(three, "attendance").facts["attended"] == 9
    hours = evaluate(case([FULL] * 10, events={0: 1, 1: 1, 2: 1}), PLAIN)
    assert line(hours, "attendance").facts["attended"] == 72


def test_two_events_on_one_day_count_two() -> None:
    verdict = evaluate(case([FULL] * 10, events={0: 2, 1: 1}), DAYS)
    assert line(verdict, "conversion").facts == {
        "events": 3,
        "each": 3,
        "days": 1,
        "period": "unit",
    }


def test_an_event_on_an_absent_day_is_not_counted_again() -> None:
    verdict = evaluate(case([NONE, FULL, FULL, FULL], events={0: 1, 1: 1, 2: 1}), DAYS)
    assert line(verdict, "conversion").facts["days"] == 0


def test_the_conversion_period_is_a_setting() -> None:
    """Two events in the first month, one in the second: an absence only over the whole course."""
    spread = case([FULL] * 40, events={0: 1, 1: 1, 30: 1})
    per_unit = evaluate(spread, DAYS)
    per_course = evaluate(spread, dataclasses.replace(DAYS, conversion_period="course"))
    assert line(per_unit, "conversion").facts["days"] == 0
    assert line(per_course, "conversion").facts["days"] == 1


def test_no_conversion_when_the_rules_have_none() -> None:
    values = dataclasses.replace(DAYS, events_per_absence=0)
    verdict = evaluate(case([FULL] * 4, events=dict.fromkeys(range(4), 2)), values)
    assert not [one for one in verdict.lines if one.rule == "conversion"]
    assert verdict.completed


def test_excused_hours_count_as_attended() -> None:
    verdict = evaluate(case([FULL] * 8 + ["e" * 8] * 2), DAYS)
    assert line(verdict, "attendance").facts["attended"] == 10


def test_leave_beyond_its_days_is_an_absence() -> None:
    """The guideline recognises six days of leave; the seventh is missed."""
    excuses = dict.fromkeys(range(7), "leave")
    values = dataclasses.replace(KDT, excuse_days_a_unit_at_most={}, leave_course_months_at_least=3)
    verdict = evaluate(case(["e" * 8] * 7 + [FULL] * 93, excuses=excuses), values)
    assert line(verdict, "unrecognised_excuses").facts == {"days": 1}
    assert line(verdict, "attendance").facts["attended"] == 99


def test_illness_is_recognised_up_to_a_tenth_rounded_half_up() -> None:
    """A tenth of 25 days is 2.5, half up 3: the fourth day of illness is missed."""
    excuses = dict.fromkeys(range(4), "illness")
    verdict = evaluate(case(["e" * 8] * 4 + [FULL] * 21, excuses=excuses), KDT)
    assert line(verdict, "unrecognised_excuses").facts == {"days": 1}


def test_removal_at_half_of_a_unit_period() -> None:
    """March 3 to April 2 holds 23 working days: 12 missed are 52.2 %, 11 are 47.8 %."""
    over = evaluate(case([NONE] * 12 + [FULL] * 100), KDT)
    assert line(over, "unit_absence").met is False
    assert line(over, "unit_absence").facts == {
        "number": 1,
        "missed": 12,
        "days": 23,
        "share": "52.2",
        "limit": "50",
    }
    assert not over.completed
    under = evaluate(case([NONE] * 11 + [FULL] * 100), KDT)
    assert line(under, "unit_absence").met is True
    assert under.completed


def test_a_short_unit_period_does_not_remove() -> None:
    """The last unit has fewer than 14 days, so missing all of it is judged by the total only."""
    verdict = evaluate(case([FULL] * 69 + [NONE] * 5), KDT)
    assert line(verdict, "unit_absence").met is True


def test_removal_above_a_fifth_of_the_course_is_rounded_first() -> None:
    """26 of 125 days are 20.8 %, above; 25 are exactly 20.0 %, not above."""
    values = dataclasses.replace(KDT, unit_absent_share_at_least=None)
    spread = [NONE if number % 5 == 0 else FULL for number in range(125)]
    assert line(evaluate(case(spread), values), "total_absence").met is True
    spread[1] = NONE
    assert line(evaluate(case(spread), values), "total_absence").met is False


def test_a_short_course_is_counted_in_hours() -> None:
    verdict = evaluate(case([FULL] * 5), KDT)
    assert line(verdict, "attendance").facts["unit"] == "hours"


def test_every_required_lab_must_be_passed() -> None:
    passed = evaluate(case([FULL] * 10, labs=(True, True)), PLAIN)
    assert line(passed, "labs").facts == {"passed": 2, "labs": 2, "needed": 2}
    failed = evaluate(case([FULL] * 10, labs=(True, False)), PLAIN)
    assert not failed.completed
    half = dataclasses.replace(PLAIN, required_lab_share=Decimal("0.5"))
    assert evaluate(case([FULL] * 10, labs=(True, False)), half).completed


@pytest.mark.parametrize(("exam", "completes"), [("71", True), ("60", True), ("59.99", False)])
def test_the_final_test_has_a_pass_mark(exam: str, completes: bool) -> None:
    values = dataclasses.replace(PLAIN, exam_pass_mark=Decimal(60))
    verdict = evaluate(case([FULL] * 10, exam=exam), values)
    assert verdict.completed is completes
    assert line(verdict, "exam").facts == {"score": exam, "needed": "60"}


def test_a_missing_final_test_is_not_passed() -> None:
    values = dataclasses.replace(PLAIN, exam_pass_mark=Decimal(60))
    assert not evaluate(case([FULL] * 10), values).completed


def test_a_share_that_only_seems_to_reach_the_line_is_shown_longer() -> None:
    """7,999 of 10,000 hours read 80.0 % with one decimal, and yet they are too few."""
    marks = [FULL] * 999 + ["1111111"] + [NONE] * 250
    verdict = evaluate(case(marks, planned_hours=10_000), PLAIN)
    assert not verdict.completed
    assert line(verdict, "attendance").facts["share"] == "79.99"
    rounded = dataclasses.replace(PLAIN, round_completion_share=True)
    assert evaluate(case(marks, planned_hours=10_000), rounded).completed


def test_unit_periods_are_months_from_the_first_day() -> None:
    start = dt.date(2025, 1, 15)
    assert unit_of(dt.date(2025, 2, 14), starts_on=start) == 0
    assert unit_of(dt.date(2025, 2, 15), starts_on=start) == 1
    assert unit_of(dt.date(2026, 1, 14), starts_on=start) == 11
    late = dt.date(2025, 1, 31)
    assert unit_of(dt.date(2025, 2, 27), starts_on=late) == 0
    assert unit_of(dt.date(2025, 2, 28), starts_on=late) == 1


marks_of_a_day = st.sampled_from([FULL, NONE, "e" * 8, "11110000", "11100000", ""])


@given(
    marks=st.lists(marks_of_a_day, min_size=1, max_size=60),
    late=st.dictionaries(st.integers(0, 59), st.integers(1, 3)),
    preset=st.sampled_from([PLAIN, DAYS, KDT]),
)
def test_inputs_survive_json_and_more_attendance_never_hurts(
    marks: list[str], late: dict[int, int], preset: RuleValues
) -> None:
    """Replay gives the same verdict; turning a missed day into a full one never loses one."""
    inputs = case(marks, events={k: v for k, v in late.items() if k < len(marks)})
    verdict = evaluate(inputs, preset)
    assert evaluate(Inputs.from_json(inputs.as_json()), preset) == verdict
    if NONE in marks and verdict.completed:
        better = [*marks]
        better[better.index(NONE)] = FULL
        assert evaluate(case(better, events={}), preset).completed
