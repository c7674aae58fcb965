"""An extract for research: two pairs of eyes, nobody to be told apart, and an end."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections import Counter
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from bitgoeul.apps.alliance.enums import Purpose, Role
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.rules import forget_standing
from bitgoeul.apps.alliance.services import withdraw_consent
from bitgoeul.apps.reports import rules, services
from bitgoeul.apps.reports.models import Extract
from bitgoeul.apps.reports.queries.extract import people_in
from bitgoeul.core import clock
from bitgoeul.core.disclosure import public_threshold
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Reading
from bitgoeul.core.notices.models import Notice
from bitgoeul.core.privacy.models import Certificate
from bitgoeul.core.privacy.services import erase_what_is_over
from tests.apps.reports.asking import COLUMNS, NOW, ask, consenting
from tests.core.api.calling import ROOT, caller, post, token_of
from tests.world import World, member


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def trainees(world: World) -> list[User]:
    return consenting(world)


def made(world: World, **more: Any) -> Extract:
    extract = services.decide_extract(
        extract=ask(world, **more), allow=True, note="", by=world.people["officer_city"], at=NOW
    )
    return services.make_extract(extract=extract, at=NOW)


def opened(extract: Extract) -> tuple[list[dict[str, str]], dict[str, Any]]:
    with extract.file.open("rb") as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    table = io.StringIO(archive.read("data.csv").decode("utf-8-sig"))
    return list(csv.DictReader(table)), json.loads(archive.read("codebook.json"))


class TestDeciding:
    def test_somebody_else_who_runs_the_programmes_decides(self, world: World) -> None:
        extract = ask(world)
        researcher, company = world.people["researcher"], world.people["officer_company"]
        member(researcher, world.city, Role.OFFICER)
        forget_standing(researcher)
        for who in (researcher, company, world.people["administrator"]):
            with pytest.raises(Refused):
                services.decide_extract(extract=extract, allow=True, note="", by=who, at=NOW)
        told = Notice.objects.filter(message="extracts.asked")
        assert {each.person for each in told} == {
            world.people["officer_city"],
            world.people["officer_university"],
        }
        with pytest.raises(Refused, match="거절하는 이유"):
            services.decide_extract(
                extract=extract, allow=False, note=" ", by=world.people["officer_city"], at=NOW
            )
        services.decide_extract(
            extract=extract, allow=False, note="승인서가 없습니다.",
            by=world.people["officer_city"], at=NOW,
        )  # fmt: skip
        assert Notice.objects.get(message="extracts.refused").person == researcher
        with pytest.raises(Refused, match="이미"):
            services.decide_extract(
                extract=extract, allow=True, note="", by=world.people["officer_university"], at=NOW
            )

    def test_only_researchers_ask_and_only_for_what_exists(self, world: World) -> None:
        with pytest.raises(Refused):
            ask(world, columns=["full_name"])
        with pytest.raises(Refused):
            ask(world, programmes=[])
        world.people["researcher"] = world.people["officer_city"]
        with pytest.raises(Refused):
            ask(world)

    def test_rule_and_filter_agree(self, world: World) -> None:
        extract = ask(world)
        for who in world.people.values():
            seen = Extract.objects.filter(rules.extracts_visible_to(who)).exists()
            assert seen == (who == extract.asked_by or rules.can_decide_extract(who, extract)), who


class TestMaking:
    def test_nobody_is_named_and_nobody_stands_among_fewer_than_the_threshold(
        self, world: World, trainees: list[User]
    ) -> None:
        extract = made(world)
        rows, codebook = opened(extract)
        assert extract.state == "ready"
        assert len(rows) == extract.rows == 12
        telling = [tuple(row[name] for name in COLUMNS[:4]) for row in rows]
        assert min(Counter(telling).values()) >= public_threshold()
        assert codebook["columns"]["age"]["told"] == "five_years"
        with extract.file.open("rb") as file:
            archive = zipfile.ZipFile(file)
            text = "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
        for who in trainees:
            for secret in (who.full_name, who.email, who.phone, str(who.uuid), who.uuid.hex):
                assert secret not in text
        assert trainees[12].uuid not in people_in(extract)
        assert Entry.objects.filter(event="extract.made", object_uuid=extract.uuid).exists()

    def test_two_extracts_cannot_be_joined(self, world: World, trainees: list[User]) -> None:
        one, two = made(world), made(world)
        first, second = ({row["person"] for row in opened(each)[0]} for each in (one, two))
        assert len(first) == 12
        assert not first & second
        assert one.key != two.key
        assert one.key not in str(Extract.objects.values_list("key").query)

    def test_the_key_is_kept_encrypted(self, world: World, trainees: list[User]) -> None:
        from django.db import connection

        extract = made(world)
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM reports_extract")
            assert extract.key not in cursor.fetchone()[0]

    def test_whoever_withdrew_is_left_out_also_of_a_file_that_was_made(
        self, world: World, trainees: list[User], django_capture_on_commit_callbacks: Any
    ) -> None:
        extract = made(world)
        name = extract.file.name
        before = {row["person"] for row in opened(extract)[0]}
        withdraw_consent(person=trainees[0], purpose=Purpose.RESEARCH, by=trainees[0], at=NOW)
        client = caller(token_of(world.people["researcher"], "reports:read")[1])
        path = f"{ROOT}/reports/extracts/{extract.uuid}/data.zip"
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.get(path, headers={"x-reason": "analysis"})
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
        assert not default_storage.exists(name)
        extract.refresh_from_db()
        services.make_extract(extract=extract, at=NOW)
        extract.refresh_from_db()
        after = {row["person"] for row in opened(extract)[0]}
        # With its like only five, the group still stands; the pseudonyms are the same.
        assert len(after) == 11
        assert after < before

    def test_whoever_was_erased_is_left_out(self, world: World, trainees: list[User]) -> None:
        User.objects.filter(pk=trainees[1].pk).update(is_active=False)
        extract = made(world)
        assert extract.rows == 11
        assert trainees[1].uuid not in people_in(extract)

    def test_an_empty_extract_is_none(self, world: World) -> None:
        extract = made(world)
        assert (extract.state, extract.key, bool(extract.file)) == ("empty", "", False)
        assert Notice.objects.filter(message="extracts.empty").exists()


def test_it_is_fetched_with_a_reason_that_is_recorded_of_everyone_in_it(
    world: World, trainees: list[User]
) -> None:
    extract = made(world)
    researcher = world.people["researcher"]
    assert Reading.objects.get(what="reports.extract_made").subjects == 12
    client = caller(token_of(researcher, "reports:read")[1])
    path = f"{ROOT}/reports/extracts/{extract.uuid}/data.zip"
    assert client.get(path).json()["code"] == "reason_needed"
    answer = client.get(path, headers={"x-reason": "analysis"})
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    reading = Reading.objects.get(what="reports.extract_file")
    assert (reading.subjects, reading.about_uuid) == (12, extract.uuid)
    other = caller(token_of(world.people["officer_city"], "reports:read")[1])
    assert other.get(path).status_code == 404


def test_on_its_day_key_and_file_go_with_a_certificate(world: World, trainees: list[User]) -> None:
    extract = made(world)
    name, last = extract.file.name, extract.expires_on
    assert last is not None
    noon = dt.datetime.combine(last, dt.time(3), tzinfo=dt.UTC)
    erase_what_is_over(at=noon)
    assert default_storage.exists(name)
    erase_what_is_over(at=noon + dt.timedelta(days=1))
    assert not default_storage.exists(name)
    extract.refresh_from_db()
    assert (extract.key, bool(extract.file)) == ("", False)
    lines = [line for each in Certificate.objects.all() for line in each.lines]
    assert {(line["table"], line["part"]) for line in lines} >= {("reports.Extract", "file")}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_pages_from_asking_to_ending(world: World, trainees: list[User], language: str) -> None:
    def browser(role: str) -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    researcher, officer = browser("researcher"), browser("officer_city")
    form = {
        "title": "훈련과 취업", "purpose": "영향", "ethics": "IRB 1", "columns": COLUMNS,
        "programmes": [world.programme.pk], "starts_on": "2025-01-01", "ends_on": "2025-12-31",
        "days": "30",
    }  # fmt: skip
    bad = researcher.post("/reports/extracts/new/", form | {"ends_on": "2024-01-01"})
    assert bad.status_code == 422
    page = researcher.post("/reports/extracts/new/", form)["Location"]
    assert "훈련과 취업" in officer.get("/reports/extracts/").content.decode()
    assert officer.post(f"{page}decision/", {}).status_code == 422
    assert officer.post(f"{page}decision/", {"decision": "allow"})["Location"] == page
    assert researcher.post(f"{page}decision/", {"decision": "allow"}).status_code == 404
    services.make_extract(extract=Extract.objects.get(), at=NOW)
    assert "data.zip" in researcher.get(page).content.decode()
    assert "data.zip" not in officer.get(page).content.decode()
    assert "reason" in researcher.get(f"{page}data.zip").content.decode()
    file = researcher.post(f"{page}data.zip", {"reason": "분석에 씁니다."})
    assert file["Content-Type"] == "application/zip"
    researcher.post(f"{page}end/")
    assert Extract.objects.get().is_over(on=clock.today())
    assert researcher.get(f"{page}data.zip").status_code == 404


def test_programs_ask_decide_and_read(world: World) -> None:
    asking = caller(token_of(world.people["researcher"], "reports:write")[1])
    body = {
        "title": "연구", "purpose": "영향", "ethics": "IRB 1", "columns": ["age", "outcome"],
        "programmes": [str(world.programme.uuid)], "starts_on": "2025-01-01",
        "ends_on": "2025-12-31", "days": 30,
    }  # fmt: skip
    asked = post(asking, "/reports/extracts", body)
    number = asked.json()["uuid"]
    assert post(asking, "/reports/extracts", body | {"columns": ["name"]}).status_code == 422
    path = f"/reports/extracts/{number}/decision"
    assert post(asking, path, {"decision": "allow"}).status_code == 404
    officer = caller(token_of(world.people["officer_university"], "reports:write")[1])
    allowed = post(officer, path, {"decision": "allow"})
    assert allowed.status_code == 200
    found = asking.get(f"{ROOT}/reports/extracts/{number}").json()
    assert found["state"] == "allowed"
    assert found["programmes"] == [str(world.programme.uuid)]
    assert [row["uuid"] for row in officer.get(f"{ROOT}/reports/extracts").json()["items"]] == [
        number
    ]
