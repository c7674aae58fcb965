"""Each indicator against a cohort counted by hand: three selected of four, one of them leaves."""

import datetime as dt
import random

import pytest

from bitgoeul.apps.programmes import indicators, services
from bitgoeul.apps.programmes.models import Attendance, Enrolment
from bitgoeul.apps.programmes.queries.completion import attendance_now, verdicts_now
from bitgoeul.core.indicators import Scope, Value, collect
from tests.apps.programmes.making import (
    ENDS,
    IN_CLASS,
    STARTS,
    Stage,
    close,
    make_stage,
    score,
    take_in,
)

PEOPLE = (("K1", "24"), ("K2", "11"), ("K3", "24"), ("K4", "11"))
LATER = ENDS + dt.timedelta(days=30)


@pytest.fixture
def year(db: None) -> Stage:
    """K1 and K2 in class a, K3 in class b; K1 attends all, K2 little, K3 leaves for a job."""
    stage = make_stage(hours=80)
    take_in(stage, [(number, region, ("a", "b")) for number, region in PEOPLE])
    score(stage, {"K1": "90", "K2": "80", "K3": "70", "K4": "60"})
    close(stage)
    at = IN_CLASS.replace(month=2, day=3)
    made = services.run_selection(cohort=stage.cohort, by=None, at=at)
    services.publish_selection(selection_round=made, by=None, at=at)
    services.enrol_selected(cohort=stage.cohort, by=None, at=at)
    rows = {row.application.number: row for row in Enrolment.objects.select_related("application")}  # type: ignore[union-attr]  # everyone applied
    entries = [
        services.DayEntry(enrolment=rows[who], held_on=STARTS + dt.timedelta(days=day), hours=marks)
        for who, marks in (("K1", "1" * 8), ("K2", "0" * 8))
        for day in range(10)
    ]
    services.record_attendance(cohort=stage.cohort, entries=entries, by=None, at=IN_CLASS)
    services.end_enrolment(
        enrolment=rows["K3"], state="employed_early", on=IN_CLASS.date(), reason="취업",
        by=None, at=IN_CLASS,
    )  # fmt: skip
    services.decide_completions(cohort=stage.cohort, by=None, at=IN_CLASS)
    return stage


def value(stage: Stage, key: str, as_of: dt.date = LATER) -> Value:
    return collect()[key].compute(Scope(cohort=stage.cohort.uuid), as_of)


@pytest.mark.parametrize(
    ("key", "number", "numerator", "denominator", "excluded"),
    [
        ("programmes.applicants", 4, 4, 0, 0),
        ("programmes.seats", 3, 2, 0, 0),
        ("programmes.selected", 3, 3, 0, 0),
        ("programmes.selected_local_share", 2 / 3, 2, 3, 0),
        ("programmes.enrolled", 3, 3, 0, 0),
        ("programmes.completed", 1, 1, 0, 0),
        ("programmes.completion_rate", 1 / 2, 1, 2, 1),
        ("programmes.attended_hours_share", 1 / 3, 1, 3, 0),
    ],
)
def test_the_numbers_are_those_counted_by_hand(
    year: Stage, key: str, number: float, numerator: int, denominator: int, excluded: int
) -> None:
    found = value(year, key)
    assert found.number == pytest.approx(number)
    assert len(found.numerator) == numerator
    assert len(found.denominator) == denominator
    assert len(found.excluded) == excluded


def test_before_the_last_day_there_is_no_rate(year: Stage) -> None:
    for key in ("programmes.completion_rate", "programmes.attended_hours_share"):
        found = value(year, key, as_of=ENDS - dt.timedelta(days=1))
        assert (found.number, found.countable) == (None, False)


def test_what_happened_after_the_day_is_not_counted(year: Stage) -> None:
    assert value(year, "programmes.applicants", dt.date(2025, 1, 9)).number == 0
    assert value(year, "programmes.selected", dt.date(2025, 2, 2)).number == 0
    assert value(year, "programmes.enrolled", STARTS - dt.timedelta(days=1)).number == 0


def test_rows_name_no_one_and_carry_subject_and_groups(year: Stage) -> None:
    for indicator in indicators.INDICATORS:
        found = indicator.compute(Scope(agreement=year.programme.agreement.uuid), LATER)  # type: ignore[union-attr]  # it has one
        for row in (*found.numerator, *found.denominator, *found.excluded):
            assert "지원" not in str(row.state)
            assert row.subject is not None or row.kind == "programmes.track"
            assert set(indicator.group_by) <= set(row.groups)


def test_another_agreement_has_no_rows(year: Stage) -> None:
    other = Scope(agreement=year.cohort.uuid)
    assert all(not i.compute(other, LATER).numerator for i in indicators.INDICATORS)


def test_counted_in_the_database_attendance_is_the_verdict_s_own(year: Stage) -> None:
    """The oracle is the rule itself, day by day, over days with every kind of mark."""
    draw = random.Random(11)
    cohort = year.cohort
    enrolments = list(Enrolment.objects.filter(cohort=cohort).order_by("pk"))
    Attendance.objects.filter(enrolment__in=enrolments).delete()
    days = [STARTS + dt.timedelta(days=number) for number in range(12)]
    hours = {day: draw.choice((4, 8, 8, 8)) for day in days}
    for marks, noted in (("10", 0.0), ("110e", 0.3)):
        rows = [
            Attendance(
                enrolment=enrolment,
                held_on=day,
                hours="".join(draw.choice(marks) for _ in range(hours[day])),
                late=draw.random() < noted,
                went_out=draw.random() < noted,
            )
            for enrolment in enrolments
            for day in draw.sample(days, 6)
        ]
        Attendance.objects.bulk_create(rows, ignore_conflicts=True)
        verdicts = verdicts_now(cohort, enrolments)
        lines = attendance_now(cohort, enrolments)
        for enrolment in enrolments:
            of_verdict = next(
                line for line in verdicts[enrolment.pk].lines if line.rule == "attendance"
            )
            assert lines[enrolment.pk] == of_verdict
