"""Who reads why an absence was recognised, what stays on disk, and hours of a day of sessions."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import AbsenceRequest, Attendance, Enrolment, Presence, Session
from bitgoeul.apps.programmes.queries.timetable import sessions
from bitgoeul.core import clock, journal
from tests.apps.programmes.making import IN_CLASS, Stage
from tests.apps.programmes.test_absences import (
    DAY,
    MONDAY,
    PDF,
    file,
    own_files,  # noqa: F401 -- a fixture
    record,
    running,  # noqa: F401 -- a fixture
    trainee,
)
from tests.apps.programmes.test_pages import client_of
from tests.apps.programmes.test_timetable import FACTS, course  # noqa: F401 -- a fixture
from tests.core.api.calling import ROOT, caller, post, token_of

OTHER = Paper(name="소견서.pdf", content=b"%PDF-1.4\n%other\n%%EOF\n")


def program_of(person: User) -> Client:
    return caller(token_of(person, "programmes:write")[1])


def read(client: Client, path: str) -> Any:
    answer = client.get(ROOT + "/programmes" + path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def on_disk(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_program_of_the_instructor_reads_no_reason_on_any_door(running: Stage) -> None:  # noqa: F811 -- the fixture
    record(running, MONDAY, "00000000")
    services.decide_absence(absence=file(), accept=True, by=running.officer, at=IN_CLASS)
    own = trainee()
    doors = (f"/enrolments/{own.uuid}", f"/cohorts/{running.cohort.uuid}/attendance/{MONDAY}")
    with clock.freeze(IN_CLASS + DAY):
        for person, reason in ((running.instructor, ""), (running.officer, "illness")):
            client = program_of(person)
            detail = read(client, doors[0])
            assert [(day["hours"], day["excuse"]) for day in detail["days"]] == [
                ("eeeeeeee", reason)
            ]
            listed = read(client, doors[1])["items"]
            found = [row["recorded"] for row in listed if row["enrolment"] == str(own.uuid)]
            assert [(day["hours"], day["excuse"]) for day in found] == [("eeeeeeee", reason)]
            assert ("illness" in json.dumps([detail, listed])) is bool(reason), person
        assert read(program_of(own.person), doors[0])["days"][0]["excuse"] == "illness"


def test_a_program_of_the_instructor_cannot_guess_the_reason(running: Stage) -> None:  # noqa: F811 -- the fixture
    record(running, MONDAY, "00000000")
    services.decide_absence(absence=file(), accept=True, by=running.officer, at=IN_CLASS)
    own = trainee()
    path = f"/programmes/cohorts/{running.cohort.uuid}/attendance/{MONDAY}"
    client = program_of(running.instructor)
    with clock.freeze(IN_CLASS):
        for guess in ("illness", "official", ""):
            entry = {"enrolment": str(own.uuid), "hours": "eeeeeeee", "excuse": guess}
            answer = post(client, path, {"entries": [entry]})
            assert (answer.status_code, answer.json()) == (200, {"recorded": 0}), guess
        entry = {"enrolment": str(own.uuid), "hours": "eeeee1ee", "excuse": "official"}
        assert post(client, path, {"entries": [entry]}).status_code == 422
        answer = post(client, path, {"entries": [entry], "reason": "6교시에 왔음"})
        assert answer.json() == {"recorded": 1}
    day = Attendance.objects.get()
    assert (day.hours, day.excuse) == ("eeeee1ee", "illness")


def afternoon(stage: Stage) -> Session:
    return sessions().get(class_group__track=stage.tracks[0], held_on="2025-03-04", first_hour=4)


def absent_hours(stage: Stage, first: int, last: int) -> tuple[Session, Enrolment]:
    """Take the afternoon's attendance alone: somebody is away, and asks for hours of it."""
    session = afternoon(stage)
    one = Enrolment.objects.filter(class_group=session.class_group)[0]
    entry = services.ListEntry(enrolment=one, state="absent")
    services.take_attendance(session=session, entries=[entry], **FACTS)  # type: ignore[arg-type]  # the room's facts
    facts = services.AbsenceFacts(
        kind="illness", from_on=session.held_on, until_on=session.held_on, first_hour=first,
        last_hour=last,
    )  # fmt: skip
    request = services.file_absence(enrolment=one, facts=facts, by=one.person, at=IN_CLASS)
    services.decide_absence(
        absence=request, accept=True, answer="확인", by=stage.officer, at=IN_CLASS
    )
    return session, one


def test_the_list_of_a_session_says_no_reason_of_a_request(course: Stage) -> None:  # noqa: F811 -- the fixture
    session, one = absent_hours(course, 4, 8)
    assert Attendance.objects.get(enrolment=one).excuse == "illness"
    assert not Presence.objects.exclude(excuse="").exists()
    page = reverse("programmes:session_list", args=[session.uuid])
    with clock.freeze(IN_CLASS):
        shown = client_of(course.instructor).get(page)
        assert [line.initial.get("excuse", "") for line in shown.context["lines"]] == [""] * len(
            shown.context["lines"]
        )
        assert 'value="illness" selected' not in shown.content.decode()
        listed = read(program_of(course.instructor), f"/sessions/{session.uuid}/attendance")
    assert str(one.uuid) in json.dumps(listed)
    assert "illness" not in json.dumps(listed)


@pytest.mark.parametrize(
    ("first", "last", "marks"), [(4, 5, "ee000"), (8, 8, "0000e"), (1, 3, "00000")]
)
def test_hours_are_those_of_the_day_where_only_the_afternoon_was_taken(
    course: Stage,  # noqa: F811 -- the fixture
    first: int,
    last: int,
    marks: str,
) -> None:
    _session, one = absent_hours(course, first, last)
    assert Attendance.objects.get(enrolment=one).hours == marks


def test_a_morning_taken_later_keeps_the_hours_that_were_recognised(course: Stage) -> None:  # noqa: F811 -- the fixture
    session, one = absent_hours(course, 4, 5)
    morning = sessions().get(class_group=session.class_group, held_on=session.held_on, first_hour=1)
    entry = services.ListEntry(enrolment=one, state="absent")
    services.take_attendance(session=morning, entries=[entry], **FACTS)  # type: ignore[arg-type]  # the room's facts
    assert Attendance.objects.get(enrolment=one).hours == "000ee000"


def no_room(**_facts: object) -> None:
    """Stand in for a journal that cannot be written: all of the transaction is undone."""
    raise OSError("no space left on the device")


def test_evidence_of_a_request_that_failed_is_not_kept(
    running: Stage,  # noqa: F811 -- the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal, "record", no_room)
    with pytest.raises(OSError, match="no space"):
        file()
    assert not AbsenceRequest.objects.exists()
    assert on_disk(tmp_path) == []


def test_further_evidence_that_failed_leaves_the_earlier_alone(
    running: Stage,  # noqa: F811 -- the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    request, own = file(), trainee()
    before = on_disk(tmp_path)
    assert before == [PDF]
    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(journal, "record", no_room)
        with pytest.raises(OSError, match="no space"):
            services.add_absence_evidence(absence=request, paper=OTHER, by=own.person, at=IN_CLASS)
    assert on_disk(tmp_path) == before
    request.refresh_from_db()
    assert request.file.read() == PDF
    with django_capture_on_commit_callbacks(execute=True):
        services.add_absence_evidence(absence=request, paper=OTHER, by=own.person, at=IN_CLASS)
    assert on_disk(tmp_path) == [OTHER.content]
