"""Attendance at the session: the sign, every way to cheat with it, the list, corrections."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import (
    Attendance,
    ClassGroup,
    Correction,
    Enrolment,
    Presence,
    RuleValues,
    Session,
)
from bitgoeul.apps.programmes.models.presence_rule import Marks, Times, marks_of
from bitgoeul.apps.programmes.queries import nonces
from bitgoeul.apps.programmes.queries.timetable import sessions
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from tests.apps.programmes.making import Stage
from tests.apps.programmes.test_pages import client_of
from tests.apps.programmes.test_timetable import FACTS, course  # noqa: F401 -- a fixture

DAY = dt.date(2025, 3, 4)
SECONDS = dt.timedelta(seconds=1)


def _at(hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2025, 3, 4, hour, minute, second, tzinfo=clock.SEOUL)


@pytest.fixture
def morning(course: Stage) -> Session:  # noqa: F811 -- the fixture of the timetable
    return sessions().get(class_group__track__key="a", held_on=DAY, first_hour=1)


@pytest.fixture(autouse=True)
def _before_nine() -> Iterator[None]:
    with clock.freeze(_at(8, 55)):
        yield


def _trainees(session: Session) -> list[Enrolment]:
    return list(Enrolment.objects.filter(class_group=session.class_group).select_related("person"))


def _scan(client: Client, session: Session, *, made: dt.datetime | None = None) -> Any:
    nonce = nonces.nonce_of(session.uuid, at=made or clock.now())
    return client.get(reverse("programmes:sign_in", kwargs={"nonce": nonce}))


def _press(client: Client, **data: str) -> Any:
    return client.post(reverse("programmes:sign_in_confirm"), data)


def test_one_scan_and_one_press_sign_in(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    assert _scan(client, morning).status_code == 302
    page = _press(client)
    assert "You are signed in" in page.content.decode()
    row = Presence.objects.get()
    assert (row.hours, row.late, row.source) == ("111", False, "qr")
    assert row.arrived_at == _at(8, 55)


def test_who_is_not_signed_in_scans_first_and_says_who_they_are_after(morning: Session) -> None:
    person = _trainees(morning)[0].person
    client = client_of(None)
    _scan(client, morning)
    away = client.get(reverse("programmes:sign_in_confirm"))
    assert away.status_code == 302
    assert reverse("programmes:sign_in_confirm") in away["Location"]
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with clock.freeze(_at(8, 57)):  # signing in with two steps takes longer than the sign lives
        assert "You are signed in" in _press(client).content.decode()
    assert Presence.objects.get().arrived_at == _at(8, 55)


def test_an_old_sign_is_refused(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    slot = dt.timedelta(seconds=nonces.QR_SECONDS)
    assert _scan(client, morning, made=clock.now() - slot).status_code == 302
    for age in (31, 45, 3600):
        assert _scan(client, morning, made=clock.now() - age * SECONDS).status_code == 410
    assert _scan(client, morning, made=clock.now() + 40 * SECONDS).status_code == 410


def test_a_shared_picture_of_the_screen_dies_within_half_a_minute(morning: Session) -> None:
    """Whatever the moment within a stretch at which it was taken."""
    for offset in range(nonces.QR_SECONDS):
        taken = _at(9, 0, offset)
        nonce = nonces.nonce_of(morning.uuid, at=taken)
        with pytest.raises(Refused):
            nonces.session_of_nonce(nonce, at=taken + 30 * SECONDS)


def test_a_forged_sign_is_refused(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    nonce = nonces.nonce_of(morning.uuid, at=clock.now())
    other = Session.objects.exclude(pk=morning.pk)[0]
    forged = nonce.replace(morning.uuid.hex, other.uuid.hex)
    for bad in (forged, nonce[:-1], "x", nonce + "~x"):
        address = reverse("programmes:sign_in", kwargs={"nonce": bad})
        assert client.get(address).status_code == 410
    assert not Presence.objects.exists()


def test_the_sign_of_another_class_signs_nobody_in(morning: Session) -> None:
    other = sessions().get(class_group__track__key="b", held_on=DAY, first_hour=1)
    client = client_of(_trainees(morning)[0].person)
    _scan(client, other)
    assert _press(client).status_code == 409
    for person in (None, "instructor"):
        stranger = client_of(_trainees(other)[0].person if person is None else None)
        _scan(stranger, morning)
        assert _press(stranger).status_code in {302, 409}
    assert not Presence.objects.exists()


def test_a_session_of_later_cannot_be_opened(morning: Session) -> None:
    tomorrow = dt.date(2025, 3, 5)
    later = sessions().get(class_group=morning.class_group, held_on=tomorrow, first_hour=1)
    client = client_of(_trainees(morning)[0].person)
    _scan(client, later)
    answer = _press(client)
    assert answer.status_code == 409
    assert "not open yet" in answer.content.decode()


def test_a_second_person_on_one_device_is_refused(morning: Session) -> None:
    one, two = _trainees(morning)[:2]
    client = client_of(one.person)
    _scan(client, morning)
    assert _press(client).status_code == 200
    device = client.cookies["bitgoeul_device"].value
    client.logout()  # the test's browser forgets everything; a real one keeps its mark
    client.cookies["bitgoeul_device"] = device
    client.force_login(two.person, backend="django.contrib.auth.backends.ModelBackend")
    _scan(client, morning)
    answer = _press(client)
    assert answer.status_code == 409
    assert "somebody else" in answer.content.decode()
    assert Presence.objects.count() == 1


def test_a_second_device_of_one_person_is_refused(morning: Session) -> None:
    one = _trainees(morning)[0]
    first, second = client_of(one.person), client_of(one.person)
    _scan(first, morning)
    _press(first)
    _scan(second, morning)
    assert _press(second, leave="1").status_code == 409
    assert Presence.objects.get().left_at is None


def test_a_browser_without_cookies_or_with_a_made_up_mark_is_refused(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    _scan(client, morning)
    client.cookies["bitgoeul_device"] = "made-up"
    assert _press(client).status_code == 409
    assert not Presence.objects.exists()


def test_a_replay_changes_nothing(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    _scan(client, morning)
    _press(client)
    assert _press(client).status_code == 409  # the scan is used up
    with clock.freeze(_at(9, 20)):
        _scan(client, morning)
        _press(client)
    assert Presence.objects.get().arrived_at == _at(8, 55)


def test_leaving_and_coming_back_are_counted(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    for moment, data in (
        (_at(9, 0), {}), (_at(10, 0), {"leave": "1"}), (_at(10, 25), {"leave": "1"}),
        (_at(11, 30), {"leave": "1"}),
    ):  # fmt: skip
        with clock.freeze(moment):
            _scan(client, morning)
            _press(client, **data)
    row = Presence.objects.get()
    assert (row.out_minutes, row.went_out, row.left_early) == (25, True, True)
    assert row.hours == "111"  # half of the last hour was attended


def test_the_pages_of_the_classroom_lead_nowhere_else(morning: Session, course: Stage) -> None:  # noqa: F811 -- the fixture of the timetable
    client = client_of(_trainees(morning)[0].person)
    _scan(client, morning)
    ask = client.get(reverse("programmes:sign_in_confirm")).content.decode()
    done = _press(client).content.decode()
    screen = client_of(course.instructor).get(
        reverse("programmes:session_screen", kwargs={"uuid": morning.uuid})
    )
    for page in (ask, done, screen.content.decode()):
        assert re.findall(r'<a [^>]*href="([^"]*)"', page) == ["#main"]
    assert "<svg" in screen.content.decode()
    trainee = client.get(reverse("programmes:session_screen", kwargs={"uuid": morning.uuid}))
    assert trainee.status_code == 404


def test_a_typed_code_works_without_a_camera_and_tries_are_counted(morning: Session) -> None:
    client = client_of(_trainees(morning)[0].person)
    address = reverse("programmes:sign_in_code")
    good = nonces.code_of(morning.uuid, at=clock.now())
    bad = f"{(int(good) + 1) % 10**6:06d}"
    assert client.post(address, {"code": bad}).status_code == 422
    assert client.post(address, {"code": f"{good[:3]} {good[3:]}"}).status_code == 302
    assert _press(client).status_code == 200
    assert Presence.objects.get().source == "code"
    for _try in range(10):
        client.post(address, {"code": bad})
    assert client.post(address, {"code": good}).status_code == 422  # too many tries


@pytest.mark.parametrize(
    ("times", "wanted"),
    [
        ((None, None, 0), Marks(hours="000")),
        (("9:09", None, 0), Marks(hours="111")),
        (("9:10", None, 0), Marks(hours="111", late=True)),
        (("9:31", None, 0), Marks(hours="011", late=True)),
        (("11:45", None, 0), Marks(hours="000")),
        (("9:00", "11:51", 0), Marks(hours="111")),
        (("9:00", "11:50", 0), Marks(hours="111", left_early=True)),
        (("9:00", "10:20", 0), Marks(hours="100", left_early=True)),
        (("9:00", None, 9), Marks(hours="111")),
        (("9:00", None, 10), Marks(hours="111", went_out=True)),
        (("9:00", None, 70), Marks(hours="110", went_out=True)),
    ],
)
def test_times_become_marks_by_the_rules(times: tuple[Any, Any, int], wanted: Marks) -> None:
    """By hand, for three hours from nine with ten minutes of grace and half an hour an hour."""

    def moment(text: str | None) -> dt.datetime | None:
        return _at(*map(int, text.split(":"))) if text else None

    given = Times(arrived_at=moment(times[0]), left_at=moment(times[1]), out_minutes=times[2])
    facts = {"starts_at": _at(9), "ends_at": _at(12), "hours": 3}
    assert marks_of(given, **facts, values=RuleValues()) == wanted  # type: ignore[arg-type]  # of the test


def test_who_must_sign_out_and_does_not_has_one_hour() -> None:
    facts: dict[str, Any] = {"starts_at": _at(9), "ends_at": _at(12), "hours": 3}
    values = RuleValues(sign_out_needed=True)
    assert marks_of(Times(arrived_at=_at(9)), **facts, values=values).hours == "100"


def _list(session: Session, states: dict[str, str], **data: str) -> dict[str, str]:
    people = _trainees(session)
    filled = {f"{one.uuid}-state": states.get(one.person.full_name, "present") for one in people}
    return filled | data


def test_the_list_is_taken_by_hand_and_becomes_the_day(morning: Session, course: Stage) -> None:  # noqa: F811 -- the fixture of the timetable
    client = client_of(course.instructor)
    address = reverse("programmes:session_list", kwargs={"uuid": morning.uuid})
    one = _trainees(morning)[0]
    early = client.post(address, _list(morning, {}))
    assert early.status_code == 422  # it has not begun
    assert not Attendance.objects.exists()
    with clock.freeze(_at(9, 5)):
        answer = client.post(address, _list(morning, {one.person.full_name: "absent"}))
        assert answer.status_code == 302
        assert Attendance.objects.get(enrolment=one).hours == "000"
        assert Attendance.objects.exclude(enrolment=one).get().hours == "111"
        without = client.post(address, _list(morning, {}))
        assert without.status_code == 422  # taken: a change needs its reason
        client.post(address, _list(morning, {}, reason="버스 고장 확인"))
    assert Attendance.objects.get(enrolment=one).hours == "111"
    kept = Correction.objects.get()
    assert (kept.before["hours"], kept.after["hours"]) == ("000", "111")
    page = client_of(one.person).get(
        reverse("programmes:enrolment_detail", kwargs={"uuid": one.uuid})
    )
    assert "버스 고장 확인" in page.content.decode()


def test_an_excused_absence_names_its_kind(morning: Session, course: Stage) -> None:  # noqa: F811 -- the fixture of the timetable
    client = client_of(course.instructor)
    address = reverse("programmes:session_list", kwargs={"uuid": morning.uuid})
    one = _trainees(morning)[0]
    with clock.freeze(_at(9, 5)):
        asked = _list(morning, {one.person.full_name: "excused"})
        assert client.post(address, asked).status_code == 422
        client.post(address, asked | {f"{one.uuid}-excuse": "illness"})
    day = Attendance.objects.get(enrolment=one)
    assert (day.hours, day.excuse) == ("eee", "illness")


def test_sessions_of_a_day_come_together_in_their_order(morning: Session) -> None:
    noon = sessions().get(class_group=morning.class_group, held_on=DAY, first_hour=4)
    one = _trainees(morning)[0]
    services.take_attendance(
        session=noon, entries=[services.ListEntry(enrolment=one, state="late")], **FACTS
    )
    assert Attendance.objects.get(enrolment=one).hours == "11111"
    services.take_attendance(
        session=morning, entries=[services.ListEntry(enrolment=one, state="absent")], **FACTS
    )
    day = Attendance.objects.get(enrolment=one)
    assert (day.hours, day.late) == ("00011111", True)
    assert not Correction.objects.exists()


def test_what_was_left_open_is_closed_three_hours_later(morning: Session) -> None:
    one, two = _trainees(morning)[:2]
    client = client_of(one.person)
    _scan(client, morning)
    _press(client)
    assert services.close_open_sessions(at=_at(14, 59)) == 0
    assert services.close_open_sessions(at=_at(15, 0)) == 1
    assert Attendance.objects.get(enrolment=one).hours == "111"
    assert Attendance.objects.get(enrolment=two).hours == "000"


def test_the_live_roster_asks_as_often_for_one_as_for_many(morning: Session, course: Stage) -> None:  # noqa: F811 -- the fixture of the timetable
    address = reverse("programmes:roster_now", kwargs={"uuid": course.cohort.uuid})
    client = client_of(course.instructor)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert "Not yet" in page
    ClassGroup.objects.filter(track__key="b").delete()
    Enrolment.objects.exclude(pk=_trainees(morning)[0].pk).delete()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    assert len(many) == len(few) <= 12


def test_the_list_on_paper_names_everyone(morning: Session, course: Stage) -> None:  # noqa: F811 -- the fixture of the timetable
    from io import BytesIO

    from pypdf import PdfReader

    client = client_of(course.instructor, "ko")
    address = reverse("programmes:session_paper", kwargs={"uuid": morning.uuid})
    answer = client.post(address, {"reason": "정전으로 화면을 쓸 수 없음"})
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert all(one.person.full_name in text for one in _trainees(morning))
