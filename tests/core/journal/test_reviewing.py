"""The monthly review: what stands out, explained, answered and signed; and who read a file."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.core import clock, journal
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal import reviewing
from bitgoeul.core.journal.models import Entry, Reading, Review
from tests.world import AT, World, build_world, person

pytestmark = pytest.mark.django_db
MAY = dt.date(2025, 5, 1)


@pytest.fixture(autouse=True)
def _fixed_clock() -> Any:
    with clock.freeze(AT):
        yield


@pytest.fixture
def world() -> World:
    return build_world()


def client_of(world: World, role: str, language: str = "ko") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(world: World, role: str, people: int, *, at: dt.datetime, **more: Any) -> None:
    known = [world.city.uuid, *Uuids(people)]
    journal.record_reading(
        by=world.people[role], at=at, of=known[1:], what="a.list", purpose="시험", **more
    )


def Uuids(number: int) -> list[Any]:
    from uuid import UUID

    return [UUID(int=place + 1) for place in range(number)]


def noon(month: int, day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2025, month, day, hour, tzinfo=SEOUL)


def kinds(world: World, month: dt.date = MAY) -> dict[str, set[str]]:
    by_account: dict[str, set[str]] = {}
    names = {account.uuid: role for role, account in world.people.items()}
    for flag in reviewing.flags_of(month):
        by_account.setdefault(names[flag.account], set()).add(flag.kind)
    return by_account


def test_an_ordinary_month_flags_nobody(world: World) -> None:
    for month in (3, 4, 5):
        for role in ("officer_city", "instructor", "recruiter"):
            read(world, role, 30, at=noon(month, 7))
    assert kinds(world) == {}


def test_each_kind_stands_out_for_its_own_reason(world: World) -> None:
    for month in (3, 4, 5):
        for role in ("officer_city", "instructor", "mentor"):
            read(world, role, 10, at=noon(month, 7))
    read(world, "officer_city", 60, at=noon(5, 8))  # six times its past and its peers
    for day in (1, 2, 3):
        read(world, "mentor", 1, at=noon(5, day, hour=23))
    read(world, "instructor", 1, at=noon(5, 9), action="download", reason="성적 정리")
    read(world, "reviewer", 120, at=noon(5, 10))
    read(world, "applicant", 1, at=noon(5, 11))  # an account without any role
    assert kinds(world) == {
        "officer_city": {"own_past", "peers"},
        "mentor": {"night"},
        "instructor": {"downloads"},
        "reviewer": {"peers", "one_day"},
        "applicant": {"no_role"},
    }


def test_who_read_at_night_is_told_by_seouls_clock(world: World) -> None:
    """Fourteen o'clock in Greenwich is eleven at night in Seoul."""
    for day in (5, 6, 7):
        read(world, "mentor", 1, at=dt.datetime(2025, 5, day, 14, tzinfo=dt.UTC))
        read(world, "reviewer", 1, at=dt.datetime(2025, 5, day, 23, tzinfo=dt.UTC))
    assert kinds(world) == {"mentor": {"night"}}


def test_a_month_is_signed_once_with_an_answer(world: World) -> None:
    read(world, "instructor", 1, at=noon(5, 9), action="download", reason="성적 정리")
    client = client_of(world, "officer_city")
    page = client.get(reverse("journal:readings"), {"month": "2025-05"}).content.decode()
    assert "성적 정리" in page
    assert "instructor 담당" in page
    where = reverse("journal:sign_off", kwargs={"month": "2025-05"})
    assert client.post(where, {"note": ""}).status_code == 422
    assert client.post(where, {"note": "성적표를 만들었다고 답했습니다."}).status_code == 302
    review = Review.objects.get()
    assert (review.month, review.readings, len(review.flags)) == (MAY, 1, 1)
    assert "instructor" not in str(review.flags), "an account by its number, never by name"
    entry = Entry.objects.get(event="readings.reviewed")
    assert entry.details == {"month": "2025-05", "readings": 1, "flags": 1}
    with pytest.raises(Refused):
        reviewing.sign_month_off(month=MAY, note="x", by=world.people["administrator"], at=AT)
    page = client.get(reverse("journal:readings"), {"month": "2025-05"}).content.decode()
    assert "성적표를 만들었다고 답했습니다." in page


def test_a_running_month_is_not_signed_and_not_by_anybody(world: World) -> None:
    june = dt.date(2025, 6, 1)
    with pytest.raises(Refused):
        reviewing.sign_month_off(month=june, note="x", by=world.people["administrator"], at=AT)
    with pytest.raises(Refused):
        reviewing.sign_month_off(month=MAY, note="x", by=world.people["recruiter"], at=AT)


def test_an_auditor_asks_who_read_a_file_and_gets_the_proof(world: World) -> None:
    """Story: from the page that was downloaded to the sealed entry that proves it."""
    where = reverse("programmes:applications_csv", args=[world.cohort.uuid])
    officer = client_of(world, "officer_university")
    asked = officer.get(where)
    assert asked.status_code == 200
    assert "4명" in asked.content.decode()
    assert "stranger@people.example" not in asked.content.decode()
    assert officer.post(where, {"reason": "x"}).status_code == 422
    assert not Reading.objects.exists()
    file = b"".join(officer.post(where, {"reason": "운영위원회 제출용입니다."}).streaming_content)
    assert b"stranger@people.example" in file
    journal.seal(at=AT)

    auditor = client_of(world, "officer_city")
    answer = auditor.get(reverse("journal:reading_list"), {"about": str(world.cohort.uuid)})
    page = answer.content.decode()
    assert "보라 대학" in page
    assert "운영위원회 제출용입니다." in page
    assert "봉인 1" in page
    reading = Reading.objects.get(what="programmes.application_export")
    assert (reading.action, reading.subjects) == (Reading.Action.DOWNLOAD, 4)
    entry = Entry.objects.get(object_uuid=reading.uuid)
    assert entry.details == {"what": "programmes.application_export", "people": 4}
    assert "운영위원회" not in str(entry.content()), "the sealed row holds a digest of the reason"
    assert journal.verify().ok
    table = auditor.post(
        reverse("journal:reading_list") + f"?about={world.cohort.uuid}&form=csv",
        {"reason": "감사 자료로 냅니다."},
    )
    assert "운영위원회 제출용입니다." in b"".join(table.streaming_content).decode()
    of = auditor.get(reverse("journal:reading_list"), {"of": str(world.people["stranger"].uuid)})
    assert "보라 대학" in of.content.decode()
    assert auditor.get(reverse("journal:reading_list"), {"about": "x"}).status_code == 404


def test_ones_own_data_needs_no_reason(world: World) -> None:
    lonely = person("혼자", "alone@people.example")
    reading = journal.record_reading(
        by=lonely, at=AT, of=[lonely.uuid], what="a.b", purpose="x", action="download"
    )
    assert reading is None
