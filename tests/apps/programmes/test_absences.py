"""Requests to recognise an absence: asked, decided by others, and what follows for the days."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import AbsenceState
from bitgoeul.apps.programmes.models import (
    PRESETS,
    AbsenceRequest,
    Attendance,
    Correction,
    Enrolment,
    Inputs,
    RuleValues,
)
from bitgoeul.apps.programmes.models.absence_rule import Asked, Hours, judge_absence, left_of
from bitgoeul.apps.programmes.queries.absences import allowed_in, course_of
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Reading
from bitgoeul.core.notices.models import Notice
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, member, started
from tests.apps.programmes.test_pages import client_of

KDT = PRESETS["k-digital-2026"]
RULES = RuleValues(
    excuse_days_at_most=KDT.excuse_days_at_most,
    excuse_days_a_unit_at_most=KDT.excuse_days_a_unit_at_most,
    excuse_share_at_most=KDT.excuse_share_at_most,
    excuse_evidence=KDT.excuse_evidence,
)
"""What the preset says of recognised absences, for a cohort that is shorter than it allows."""
MONDAY = IN_CLASS.date()
DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n%%EOF\n"
DOCTOR = Paper(name="진단서.pdf", content=PDF)


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings


@pytest.fixture
def running(db: None) -> Stage:
    stage = make_stage(hours=80, values=RULES)
    started(stage, {"K1": "90", "K2": "80"})
    return stage


def trainee() -> Enrolment:
    return Enrolment.objects.order_by("pk")[0]


def days(first: dt.date, last: dt.date, kind: str = "illness") -> services.AbsenceFacts:
    return services.AbsenceFacts(kind=kind, from_on=first, until_on=last, words="고열")


def record(stage: Stage, on: dt.date, hours: str, **more: bool) -> None:
    entry = services.DayEntry(enrolment=trainee(), held_on=on, hours=hours, **more)  # type: ignore[arg-type]  # flags
    services.record_attendance(
        cohort=stage.cohort, entries=[entry], by=stage.instructor, at=IN_CLASS, reason="출석부"
    )


def file(
    first: dt.date = MONDAY, last: dt.date = MONDAY, kind: str = "illness", paper: bool = True
) -> AbsenceRequest:
    own = trainee()
    return services.file_absence(
        enrolment=own, facts=days(first, last, kind), by=own.person, at=IN_CLASS,
        paper=DOCTOR if paper else None,
    )  # fmt: skip


def test_asked_on_the_phone_decided_by_an_officer_and_the_day_is_corrected(running: Stage) -> None:
    own = trainee()
    record(running, MONDAY, "00001111", late=True)
    page = reverse("programmes:enrolment_absences", kwargs={"uuid": own.uuid})
    with clock.freeze(IN_CLASS + DAY):
        mine = client_of(own.person)
        data = {
            "kind": "illness", "from_on": "2025-06-02", "words": "고열로 병원",
            "file": SimpleUploadedFile("진단서.pdf", PDF),
        }  # fmt: skip
        assert mine.post(page, data).status_code == 302
        request = AbsenceRequest.objects.get()
        detail = reverse("programmes:absence_detail", kwargs={"uuid": request.uuid})
        assert "Evidence: Medical certificate or receipt" in mine.get(detail).content.decode()
        evidence = reverse("programmes:absence_file", kwargs={"uuid": request.uuid})
        assert b"".join(mine.get(evidence).streaming_content) == PDF  # type: ignore[attr-defined]  # a stream
        listed = reverse("programmes:absence_list", kwargs={"uuid": running.cohort.uuid})
        seen = client_of(running.instructor).get(listed).content.decode()
        assert own.person.full_name in seen
        assert "Illness" not in seen
        assert client_of(running.instructor).get(detail).status_code == 404
        assert client_of(running.instructor).post(evidence).status_code == 404
        officer = client_of(running.officer)
        assert "Illness" in officer.get(listed).content.decode()
        decide = reverse("programmes:absence_decide", kwargs={"uuid": request.uuid})
        officer.post(decide, {"accept": "yes"})
        roster = reverse("programmes:enrolment_detail", kwargs={"uuid": own.uuid})
        assert "Illness" not in client_of(running.instructor).get(roster).content.decode()
        assert "Illness" in mine.get(roster).content.decode()
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (AbsenceState.ACCEPTED, running.officer)
    assert request.trace
    assert request.rule_set == running.cohort.rule_set
    day = Attendance.objects.get()
    assert (day.hours, day.late, day.excuse) == ("eeee1111", False, "illness")
    correction = Correction.objects.get()
    assert correction.before["hours"] == "00001111"
    assert correction.reason
    assert {notice.message for notice in Notice.objects.all()} >= {
        "absences.filed", "absences.decided",
    }  # fmt: skip
    assert Reading.objects.filter(what="programmes.absence_list").exists()
    told = str(list(Entry.objects.filter(event__startswith="absence.").values_list("details")))
    assert "고열" not in told
    assert "illness" not in told


def test_a_day_recorded_later_is_written_as_recognised(running: Stage) -> None:
    # The 3rd of June was a day of election: of three days two are days of training.
    request = file(MONDAY + DAY, MONDAY + 3 * DAY)
    services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    assert allowed_in(course_of(trainee()), [AbsenceRequest.objects.get()])[6].used == 2
    record(running, MONDAY + 2 * DAY, "00000000")
    day = Attendance.objects.get()
    assert (day.hours, day.excuse) == ("eeeeeeee", "illness")
    record(running, MONDAY + 2 * DAY, "00000000")
    assert not Correction.objects.exists()


def test_hours_of_a_day_leave_the_others_alone(running: Stage) -> None:
    record(running, MONDAY, "01100000", left_early=True)
    own = trainee()
    facts = services.AbsenceFacts(
        kind="official", from_on=MONDAY, until_on=MONDAY, first_hour=4, last_hour=5
    )
    request = services.file_absence(
        enrolment=own, facts=facts, by=own.person, at=IN_CLASS, paper=DOCTOR
    )
    services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    day = Attendance.objects.get()
    assert (day.hours, day.left_early) == ("011ee000", True)


def test_what_is_revoked_becomes_what_it_was(running: Stage) -> None:
    record(running, MONDAY, "00001111", late=True)
    request = file(MONDAY, MONDAY + DAY)
    services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    record(running, MONDAY + DAY, "00000000")
    with pytest.raises(Refused):
        services.revoke_absence(absence=request, answer=" ", by=running.officer, at=IN_CLASS)
    services.revoke_absence(absence=request, answer="위조 진단서", by=running.officer, at=IN_CLASS)
    found = Attendance.objects.order_by("held_on")
    assert [(day.hours, day.late, day.excuse) for day in found] == [
        ("00001111", True, ""), ("00000000", False, ""),
    ]  # fmt: skip
    assert Correction.objects.count() == 3


def test_the_instructor_writes_the_day_without_reading_the_reason(running: Stage) -> None:
    record(running, MONDAY, "00000000")
    services.decide_absence(absence=file(), accept=True, by=running.officer, at=IN_CLASS)
    own = trainee()
    address = reverse(
        "programmes:attendance_day", kwargs={"uuid": running.cohort.uuid, "day": "2025-06-02"}
    )
    address += f"?track={own.track.key}"
    with clock.freeze(IN_CLASS):
        client = client_of(running.instructor)
        seen = client.get(address).content.decode()
        assert "recognised on request" in seen
        data = {f"{own.uuid}-hours": "eeeee1ee", "reason": "6교시에 왔음"}
        assert client.post(address, data).status_code == 302
    day = Attendance.objects.get()
    assert (day.hours, day.excuse) == ("eeeee1ee", "illness")


def test_other_eyes_decide(running: Stage) -> None:
    own = trainee()
    request = services.file_absence(
        enrolment=own, facts=days(MONDAY, MONDAY), by=running.officer, at=IN_CLASS, paper=DOCTOR
    )
    with pytest.raises(Refused) as same:
        services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    assert same.value.code == "not_allowed"
    with pytest.raises(Refused) as unsaid:
        services.decide_absence(absence=request, accept=False, by=running.city_officer, at=IN_CLASS)
    assert unsaid.value.code == "incomplete"
    services.decide_absence(
        absence=request, accept=False, answer="날짜가 다릅니다", by=running.city_officer,
        at=IN_CLASS,
    )  # fmt: skip
    with pytest.raises(Refused):
        services.withdraw_absence(absence=request, by=own.person, at=IN_CLASS)
    with pytest.raises(Refused):
        services.decide_absence(absence=request, accept=True, by=running.city_officer, at=IN_CLASS)


def test_evidence_can_follow_and_what_is_open_can_be_taken_back(running: Stage) -> None:
    own = trainee()
    request = file(paper=False)
    with pytest.raises(Refused) as lacking:
        services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    assert lacking.value.code == "incomplete"
    with pytest.raises(Refused):
        services.add_absence_evidence(
            absence=request, paper=Paper(name="x.exe", content=b"MZ"), by=own.person, at=IN_CLASS
        )
    services.add_absence_evidence(absence=request, paper=DOCTOR, by=own.person, at=IN_CLASS)
    with pytest.raises(Refused) as twice:
        file()
    assert twice.value.code == "taken"
    services.withdraw_absence(absence=request, by=own.person, at=IN_CLASS)
    file()


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        (MONDAY, MONDAY - DAY, (None, None)),
        (MONDAY, MONDAY + DAY, (1, 2)),
        (MONDAY, MONDAY, (3, 2)),
        (MONDAY, MONDAY, (3, None)),
        (dt.date(2025, 6, 7), dt.date(2025, 6, 8), (None, None)),
        (dt.date(2024, 6, 3), dt.date(2024, 6, 3), (None, None)),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    running: Stage, first: dt.date, last: dt.date, hours: tuple[int | None, int | None]
) -> None:
    own = trainee()
    facts = services.AbsenceFacts(
        kind="illness", from_on=first, until_on=last, first_hour=hours[0], last_hour=hours[1]
    )
    with pytest.raises(Refused):
        services.file_absence(enrolment=own, facts=facts, by=own.person, at=IN_CLASS)
    assert not AbsenceRequest.objects.exists()


def test_leave_is_asked_for_beforehand_and_late_says_so(running: Stage) -> None:
    late = file(MONDAY, MONDAY, "leave", paper=False)
    assert late.late
    with pytest.raises(Refused):
        services.decide_absence(absence=late, accept=True, by=running.officer, at=IN_CLASS)
    services.decide_absence(
        absence=late, accept=True, answer="입원 중이었음", by=running.officer, at=IN_CLASS
    )
    assert not file(MONDAY + 2 * DAY, MONDAY + 2 * DAY, "leave", paper=False).late


def test_where_no_day_is_left_nothing_is_recognised(running: Stage) -> None:
    # A unit period from the 3rd of June on has one day of leave.
    for number in (2, 3):
        on = MONDAY + number * DAY
        request = file(on, on, "leave", paper=False)
        if number == 2:
            services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
    with pytest.raises(Refused) as over:
        services.decide_absence(
            absence=request, accept=True, answer="사정", by=running.officer, at=IN_CLASS
        )
    assert over.value.code == "over_limit"


def test_an_outsider_neither_asks_nor_reads(running: Stage) -> None:
    other = member("other", running.university, "instructor")  # type: ignore[arg-type]  # a role's value
    with pytest.raises(Refused):
        services.file_absence(
            enrolment=trainee(), facts=days(MONDAY, MONDAY), by=other, at=IN_CLASS
        )
    request = file()
    with pytest.raises(Refused):
        services.decide_absence(
            absence=request, accept=False, answer="x", by=running.instructor, at=IN_CLASS
        )


def test_the_officers_list_is_a_file(running: Stage) -> None:
    file()
    with clock.freeze(IN_CLASS):
        address = reverse("programmes:absences_csv", kwargs={"uuid": running.cohort.uuid})
        answer = client_of(running.officer).post(address + "?kind=illness", {"reason": "정산 점검"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert "Illness" in text
    assert "2025-06-02" in text


INPUTS = Inputs(
    starts_on=dt.date(2025, 3, 3), ends_on=dt.date(2025, 9, 26), planned_hours=1300,
    calendar=((dt.date(2025, 3, 3), 8),), days=(), planned_days=145,
)  # fmt: skip


def asked(kind: str, number: int, used: int = 0, *, evidence: bool = True) -> Asked:
    return Asked(
        kind=kind, days=tuple(MONDAY + place * DAY for place in range(number)),
        used=frozenset(dt.date(2025, 4, 1) + place * DAY for place in range(used)),
        asked_on=MONDAY, has_evidence=evidence,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "number", "used", "left"),
    [
        ("own_wedding", 5, 0, 5),
        ("own_wedding", 3, 3, 2),
        ("child_wedding", 2, 0, 1),
        ("illness", 15, 0, 15),  # 10 % of 145 days = 14.5, half up 15
        ("illness", 1, 15, 0),
        ("official", 9, 40, None),
    ],
)
def test_limits_of_the_preset(kind: str, number: int, used: int, left: int | None) -> None:
    lines = judge_absence(asked(kind, number, used), INPUTS, KDT)
    assert left_of(lines) == left
    fine = all(line.met for line in lines if line.rule == "absence_course")
    assert fine == (left is None or number <= left)


def test_every_line_names_its_article() -> None:
    values = RuleValues(
        excuse_days_at_most={"leave": 6}, excuse_days_a_unit_at_most={"leave": 1},
        excuse_evidence={"leave": "medical"}, excuse_request_days=3,
        excuse_share_at_most={"illness": Decimal("0.1")},
    )  # fmt: skip
    lines = judge_absence(asked("leave", 3, evidence=False), INPUTS, values)
    assert [line.rule for line in lines] == [
        "absence_evidence", "absence_deadline", "absence_course", "absence_unit",
    ]  # fmt: skip
    assert [line.met for line in lines] == [False, True, True, False]
    assert all(line.source and line.text for line in phrased(lines))


def test_hours_that_are_meant() -> None:
    assert Hours().recognise("0110") == "e11e"
    assert Hours(first=2, last=3).recognise("0000") == "0ee0"
    assert Hours(first=2, last=3).covers_out("0000")
    assert not Hours(first=1, last=3).covers_out("0000")
    assert Hours(first=3, last=4, numbers=(3, 4)).recognise("00") == "ee"


def test_a_day_that_was_called_off_is_said_and_not_recognised() -> None:
    lines = judge_absence(asked("leave", 0), INPUTS, KDT)
    assert [line.rule for line in lines] == ["absence_days"]
    assert phrased(lines)[0].text


def test_a_second_request_of_a_counted_day_uses_nothing_up() -> None:
    again = Asked(
        kind="child_wedding", days=(MONDAY,), used=frozenset({MONDAY}), asked_on=MONDAY,
        has_evidence=True,
    )  # fmt: skip
    assert left_of(judge_absence(again, INPUTS, KDT)) is None


def test_revoking_takes_only_its_own_hours_back(running: Stage) -> None:
    record(running, MONDAY, "00000000")
    own, made = trainee(), []
    for first, last in ((1, 2), (5, 6)):
        facts = services.AbsenceFacts(
            kind="official", from_on=MONDAY, until_on=MONDAY, first_hour=first, last_hour=last
        )
        request = services.file_absence(
            enrolment=own, facts=facts, by=own.person, at=IN_CLASS, paper=DOCTOR
        )
        services.decide_absence(absence=request, accept=True, by=running.officer, at=IN_CLASS)
        made.append(request)
    assert Attendance.objects.get().hours == "ee00ee00"
    services.revoke_absence(absence=made[0], answer="오류", by=running.officer, at=IN_CLASS)
    assert Attendance.objects.get().hours == "0000ee00"
    record(running, MONDAY, "11110000")
    services.revoke_absence(absence=made[1], answer="오류", by=running.officer, at=IN_CLASS)
    day = Attendance.objects.get()
    assert (day.hours, day.excuse) == ("11110000", "")
