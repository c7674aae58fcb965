"""How far people are from their limits: the sparse reading agrees with the whole one."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.labs.enums import LabState
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import PRESETS, Assignment, Attendance, Enrolment
from bitgoeul.apps.programmes.models.attendance_rule import count
from bitgoeul.apps.programmes.queries.completion import calendar_of, inputs_of, verdicts_now
from bitgoeul.apps.programmes.queries.limits import sparse_inputs, standings_of
from bitgoeul.core import clock
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_completion_rule import calendar
from tests.apps.programmes.test_pages import client_of

KDT = replace(PRESETS["k-digital-2026"], training_area="regional")
DAY = dt.timedelta(days=1)
FULL, NONE = "1" * 8, "0" * 8


def attend(stage: Stage, rows: dict[str, list[str]], events: dict[str, int] | None = None) -> None:
    """Write days by application number; an empty text leaves a day unrecorded."""
    people = {row.application.number: row for row in Enrolment.objects.all() if row.application}
    days = [on for on, _hours in calendar(max(map(len, rows.values())))]
    entries = [
        services.DayEntry(
            enrolment=people[number], held_on=on, hours=marks,
            late=place < (events or {}).get(number, 0),
            excuse="illness" if "e" in marks else "",
        )
        for number, all_marks in rows.items()
        for place, (on, marks) in enumerate(zip(days, all_marks, strict=True))
        if marks
    ]  # fmt: skip
    services.record_attendance(cohort=stage.cohort, entries=entries, by=None, at=IN_CLASS)


@pytest.fixture
def running(db: None) -> Stage:
    stage = make_stage(values=KDT, seats={"a": 5})
    started(stage, {"K1": "90", "K2": "80", "K3": "70", "K4": "60"}, keys=("a",))
    attend(
        stage,
        {
            "K1": [FULL] * 12,
            "K2": [FULL] * 9 + [NONE] * 3,
            "K3": [NONE] * 12,
            "K4": [FULL] * 5 + ["", "e" * 8, "11100000"] + [FULL] * 4,
        },
        events={"K1": 2, "K4": 4},
    )
    return stage


def test_reading_only_odd_days_counts_the_same(running: Stage) -> None:
    rows = list(Enrolment.objects.order_by("pk"))
    held = calendar_of(running.cohort)
    sparse = sparse_inputs(running.cohort, rows, calendar=held)
    whole = inputs_of(running.cohort, rows)
    for row in rows:
        assert count(sparse[row.pk], KDT) == count(whole[row.pk], KDT)
    Attendance.objects.filter(enrolment=rows[0], held_on=held[0][0]).update(hours="1" * 6)
    assert sparse_inputs(running.cohort, rows, calendar=held)[rows[0].pk].days[0].marks == "1" * 6


def test_in_the_middle_of_a_course_limits_are_shares_of_all_of_it(running: Stage) -> None:
    rows = {r.application.number: r for r in Enrolment.objects.all() if r.application}
    leave = Attendance.objects.filter(enrolment=rows["K4"], hours="e" * 8)
    assert leave.update(excuse="leave") == 1
    inputs = inputs_of(running.cohort, list(rows.values()))
    # 12 days of a course of more than six months were held: it is long enough for leave.
    assert count(inputs[rows["K4"].pk], KDT).unrecognised == 0
    assert inputs[rows["K4"].pk].ends_on == running.cohort.ends_on
    verdict = verdicts_now(running.cohort, [rows["K2"]])[rows["K2"].pk]
    line = next(each for each in verdict.lines if each.rule == "total_absence")
    # Of the first 12 days 3 would be 25 %. Until 26 September there are 150 weekdays less five
    # holidays; 3 March is one, too, and was held.
    assert (line.met, line.facts["missed"], line.facts["days"]) == (True, 3, 145)


def test_what_may_still_be_missed_and_why_to_talk(running: Stage) -> None:
    found = {
        one.enrolment.application.number: one
        for one in standings_of(running.cohort, at=IN_CLASS)
        if one.enrolment.application
    }
    fine, row, gone = found["K1"], found["K2"], found["K3"]
    # 3 March to 2 April: 23 weekdays, none a holiday; the 12th would be over half of them.
    assert (fine.unit.of, fine.unit.most, fine.unit.left) == (23, 11, 11)
    assert fine.course.most == fine.course.of // 5
    assert (fine.events, fine.events_each, fine.level) == (2, 3, "fine")
    assert (row.consecutive, row.reasons, row.level) == (3, ("consecutive",), "near")
    assert (gone.unit.left, gone.level) == (-1, "over")
    assert [one.level for one in standings_of(running.cohort, at=IN_CLASS)][:2] == ["over", "near"]


def test_work_that_is_due_and_was_not_handed_in_is_a_reason(running: Stage) -> None:
    lab = Lab.objects.create(
        key="due", title_ko="실습", task_ko="과제", owner=running.university, metric="accuracy",
        id_column="id", target_column="target", pass_score=0.8, opens_at=IN_CLASS - DAY * 30,
        closes_at=IN_CLASS, state=LabState.OPEN,
    )  # fmt: skip
    Assignment.objects.create(cohort=running.cohort, lab=lab, due_at=IN_CLASS - DAY)
    busy = Enrolment.objects.get(application__number="K1")
    Submission.objects.create(
        lab=lab, person=busy.person, name="a.csv", sha256="0" * 64, received_at=IN_CLASS - DAY
    )
    found = {one.enrolment.pk: one for one in standings_of(running.cohort, at=IN_CLASS)}
    assert found[busy.pk].level == "fine"
    assert "nothing_handed_in" in found[Enrolment.objects.get(application__number="K4").pk].reasons


def test_the_page_says_it_in_few_questions(running: Stage) -> None:
    page = reverse("programmes:limit_list", kwargs={"uuid": running.cohort.uuid})
    client = client_of(running.instructor)
    with clock.freeze(IN_CLASS):
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(page).content.decode()
    reading = [each for each in asked.captured_queries if each["sql"].startswith("SELECT")]
    assert len(reading) <= 12, [each["sql"][:90] for each in reading]
    assert "3 days missed in a row" in text
    assert "over a limit" in text
    table = client.get(page.rstrip("/") + ".csv")
    assert table.status_code == 200
