"""The journal's pages: that it stands, what happened to an object, who read whose data."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.core import clock, jobs, journal
from bitgoeul.core.journal import overviews, protection
from bitgoeul.core.journal.models import Entry
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
MOST_QUERIES = 13  # two of them write down who was named on the page


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


def write(world: World, number: int) -> None:
    for place in range(number):
        journal.record(
            event="organisation.updated",
            by=world.people["officer_city"],
            at=AT + dt.timedelta(seconds=place),
            on=world.city,
            after={"place": place},
        )
        journal.seal(at=AT)


def test_the_journal_is_verified_at_a_click(world: World) -> None:
    client = client_of(world, "officer_company", "en")
    write(world, 2)
    answer = client.post(reverse("journal:verify"))
    assert answer.status_code == 302
    assert client.post(reverse("journal:verify")).headers["Location"] == answer["Location"]
    jobs.run_pending()
    page = client.get(reverse("journal:home")).content.decode()
    assert "2 seals over 2 entries stand" in page
    assert journal.head() in page


def test_a_broken_journal_is_said_loudly(world: World) -> None:
    client = client_of(world, "administrator")
    write(world, 2)
    protection.unprotect(connection)
    Entry.objects.filter(event="organisation.updated").update(reason="x")
    protection.protect(connection)
    client.post(reverse("journal:verify"))
    jobs.run_pending()
    page = client.get(reverse("journal:home")).content.decode()
    assert "기록장이 훼손되었습니다" in page
    assert str(Entry.objects.order_by("id")[0].uuid) in page


def test_an_objects_history_names_who_acted(world: World) -> None:
    write(world, 2)
    where = reverse("journal:history", kwargs={"uuid": world.city.uuid})
    page = client_of(world, "officer_city").get(where).content.decode()
    assert page.count("organisation.updated") == 2
    assert "아름 시청" in page
    unknown = reverse("journal:history", kwargs={"uuid": world.company.uuid})
    assert client_of(world, "officer_city").get(unknown).status_code == 404


def test_readings_of_a_month_by_reader(world: World) -> None:
    officer, people = world.people["officer_city"], world.people
    for of, at in (
        (["trainee", "graduate"], AT),
        (["trainee"], AT),
        (["trainee"], AT - dt.timedelta(days=30)),
    ):
        journal.record_reading(
            by=officer,
            at=at,
            of=[people[name].uuid for name in of],
            what="programmes.application_list",
            purpose="선발",
        )
    (row,) = overviews.readings_in(AT.date())
    assert (row.reader, row.readings, row.subjects, row.people) == ("아름 시청", 2, 3, 2)
    assert overviews.months_with_readings() == [dt.date(2025, 6, 1), dt.date(2025, 5, 1)]
    client = client_of(world, "administrator")
    page = client.get(reverse("journal:readings"), {"month": "2025-05"}).content.decode()
    assert "programmes.application_list" in page
    table = client.post(
        reverse("journal:readings") + "?month=2025-06&form=csv", {"reason": "감사 자료입니다."}
    )
    assert "아름 시청" in b"".join(table.streaming_content).decode()
    assert client.get(reverse("journal:readings"), {"month": "soon"}).status_code == 404


def test_readings_are_asked_for_by_name_address_or_number(world: World) -> None:
    officer, trainee = world.people["officer_city"], world.people["trainee"]
    journal.record_reading(
        by=officer, at=AT, of=[trainee.uuid], what="programmes.application_list", purpose="선발"
    )
    client = client_of(world, "administrator")

    def answer(**asked: str) -> str:
        return client.get(reverse("journal:reading_list"), asked).content.decode()

    for meant in (trainee.full_name, trainee.email.upper(), str(trainee.uuid)):
        assert "programmes.application_list" in answer(of=meant)
    assert "programmes.application_list" in answer(by=officer.email)
    assert "programmes.application_list" not in answer(by=trainee.email)
    assert "programmes.application_list" not in answer(of="아무개")


def test_more_entries_take_no_more_queries(world: World) -> None:
    client = client_of(world, "administrator")
    write(world, 1)
    where = [reverse("journal:home"), reverse("journal:history", kwargs={"uuid": world.city.uuid})]
    few = [_queries(client, address) for address in where]
    write(world, 3)
    assert [_queries(client, address) for address in where] == few
    assert max(few) <= MOST_QUERIES


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
