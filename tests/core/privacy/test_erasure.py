"""From the wish to be forgotten to the proof that one is, and what the law keeps until when."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from bitgoeul.__main__ import main
from bitgoeul.apps.alliance.models import NameKey, User
from bitgoeul.apps.alliance.models.privacy import ERASED
from bitgoeul.apps.careers.models import Placement, Profile
from bitgoeul.apps.programmes.models import Application, Attendance, Enrolment, StageScore
from bitgoeul.core import clock, jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Salt
from bitgoeul.core.privacy import erasing, services
from bitgoeul.core.privacy.models import Certificate, ErasureItem, ErasureRequest
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
LATER = dt.datetime(2030, 10, 1, 9, tzinfo=dt.UTC)
"""Five years after everything in the small alliance ended."""


@pytest.fixture(autouse=True)
def _fixed_clock() -> Any:
    with clock.freeze(AT):
        yield


@pytest.fixture
def world() -> World:
    world = build_world()
    world.applications["graduate"].motivation = "별을 세는 마음"
    world.applications["graduate"].save()
    world.submissions["graduate"].file.save("x", ContentFile(b"id,target\n"), save=True)
    return world


def client_of(world: World, role: str, language: str = "ko") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(world: World, role: str = "graduate") -> ErasureRequest:
    person = world.people[role]
    return services.ask_for_erasure(person=person, wish="모두 지워 주세요.", by=person, at=AT)


def decide(world: World, request: ErasureRequest, *, at: dt.datetime = AT) -> None:
    """Erase what may go, the rest when the law allows it."""
    decisions = {
        item.uuid: ("later" if item.keep_until and item.keep_until >= at.date() else "erase", "")
        for item in request.items.all()
    }
    services.decide_request(
        request=request, decisions=decisions, by=world.people["officer_university"], at=at
    )


def test_the_law_keeps_what_it_names_and_the_name_with_it(world: World) -> None:
    kept = {
        (each.table, each.part.key): each for each in erasing.kept_about(world.people["graduate"])
    }
    training = kept["programmes.Attendance", "day"]
    assert training.keep_until == world.cohort.ends_on + dt.timedelta(days=1827)
    assert training.rule
    assert training.rule.key == "training"
    assert kept["careers.Profile", "page"].keep_until is None
    assert kept["alliance.User", "contact"].keep_until is None
    named = kept["alliance.User", "identity"]
    assert named.rule
    assert (named.keep_until, named.rule.key) == (dt.date(2030, 9, 3), "employment")
    nobody = {each.table for each in erasing.kept_about(world.people["recruiter"])}
    assert "programmes.Enrolment" not in nobody


def test_a_trainee_who_wants_their_data_erased(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Story: from the page to the proof."""
    graduate, person = client_of(world, "graduate"), world.people["graduate"]
    page = graduate.get(reverse("privacy:mine")).content.decode()
    assert "국비 지원 훈련 기록" in page
    with zipfile.ZipFile(io.BytesIO(graduate.get(reverse("privacy:my_file")).content)) as archive:
        kept = json.loads(archive.read("data.json"))
        assert "별을 세는 마음" in archive.read("data.html").decode()
    assert kept["rooms"]["programmes"]["applications"][0]["motivation"] == "별을 세는 마음"
    done = graduate.post(reverse("privacy:mine"), {"wish": "모두 지워 주세요."}, follow=True)
    assert "요청을 접수했습니다" in done.content.decode()
    request = ErasureRequest.objects.get()
    journal.seal(at=AT)

    officer = client_of(world, "officer_university")
    assert "다솜 수료" in officer.get(reverse("privacy:request_list")).content.decode()
    where = reverse("privacy:request_detail", kwargs={"uuid": request.uuid})
    assert "국비 지원 훈련 뒤 취업 증빙: 5년" in officer.get(where).content.decode()
    items = list(request.items.all())
    held = {item.pk for item in items if item.keep_until}
    good = {f"p{i.pk}-decision": "later" if i.pk in held else "erase" for i in items}
    (first,) = sorted(held)[:1]
    assert officer.post(where, good | {f"p{first}-decision": "erase"}).status_code == 422
    assert officer.post(where, good | {f"p{first}-decision": "keep"}).status_code == 422
    assert officer.post(where, good).status_code == 302
    jobs.run_pending()

    person.refresh_from_db()
    assert (person.phone, person.is_active, person.full_name) == ("", False, "다솜 수료")
    assert not Profile.objects.filter(person=person).exists()
    application = Application.objects.get(person=person)
    assert application.motivation == ""
    assert application.residence, "the law keeps what was true on that day"
    assert Attendance.objects.filter(enrolment__person=person).exists()
    assert graduate.get(reverse("privacy:mine")).status_code == 302, "signed out for good"

    with clock.freeze(LATER):
        services.carry_out_requests(at=LATER)
    person.refresh_from_db()
    assert person.full_name == ERASED
    assert person.email.endswith("@erased.invalid")
    assert person.birth_on is None
    assert not NameKey.objects.filter(person=person).exists()
    assert not Attendance.objects.filter(enrolment__person=person).exists()
    assert Placement.objects.filter(person=person).exists(), "counted still, and names nobody"
    request.refresh_from_db()
    assert request.state == ErasureRequest.State.DONE
    assert traces_of("다솜 수료", "graduate@people.example", "별을 세는 마음") == []

    journal.seal(at=LATER)
    proof = Client().get(reverse("privacy:proof", kwargs={"uuid": request.uuid}))
    assert proof.status_code == 200
    certificates = Certificate.objects.filter(request_uuid=request.uuid).order_by("at")
    assert certificates.count() == 2
    for number, certificate in enumerate(certificates):
        address = reverse("privacy:certificate", kwargs={"uuid": certificate.uuid})
        file = tmp_path / f"{number}.json"
        file.write_bytes(Client().get(address).content)
        assert main(["verify", "certificate", str(file)]) == 0
        forged = json.loads(file.read_text()) | {"lines": []}
        file.write_text(json.dumps(forged))
        assert main(["verify", "certificate", str(file)]) == 1
    assert '"code": "digest"' in capsys.readouterr().out
    assert main(["verify", "journal"]) == 0


def traces_of(*words: str) -> list[str]:
    """Every text column of the database in which one of the words still stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name(column.name)
                for word in words:
                    cursor.execute(
                        f"SELECT count(*) FROM {connection.ops.quote_name(table)} "
                        f"WHERE CAST({name} AS TEXT) LIKE %s",
                        [f"%{word}%"],
                    )
                    row = cursor.fetchone()
                    if row and row[0]:
                        found.append(f"{table}.{column.name}: {word}")
    return found


def test_erasing_forgets_the_salts_and_leaves_the_journal_standing(world: World) -> None:
    person = world.people["graduate"]
    profile = Profile.objects.get(person=person)
    journal.record(event="profile.updated", by=person, at=AT, on=profile, after={"about": "x"})
    journal.seal(at=AT)
    head = journal.head()
    assert Salt.objects.filter(object_uuid=profile.uuid).exists()
    decide(world, asked(world))
    services.carry_out_requests(at=AT)
    journal.seal(at=AT)
    assert not Salt.objects.filter(object_uuid=profile.uuid).exists()
    assert journal.verify(heads=[head]).ok
    assert Entry.objects.filter(object_uuid=profile.uuid).exists()


def test_interrupted_anywhere_it_ends_the_same(world: World) -> None:
    """The fault comes once after every single part; nothing is done twice, all is certified."""
    request = asked(world)
    decide(world, request)
    real, calls = services.erase, []

    def failing(kept: Any, person: Any) -> int:
        calls.append(kept.table)
        rows = real(kept, person)
        if calls.count(kept.table) == 1:
            raise ConnectionError("the machine stopped")
        return rows

    due = request.items.filter(decision="erase").count()
    with mock.patch.object(services, "erase", failing):
        for _run in range(due + 1):
            try:
                services.carry_out_requests(at=AT)
            except ConnectionError:
                continue
    erased = request.items.filter(decision="erase")
    assert all(item.erased_at and item.certificate_id for item in erased)
    rows = {item.table + item.part: item.rows for item in erased}
    assert rows["careers.Profilepage"] == 1
    certified = [line for c in Certificate.objects.all() for line in c.lines]
    assert len(certified) == due
    before = Certificate.objects.count()
    assert services.carry_out_requests(at=AT) == 0
    assert Certificate.objects.count() == before


def test_what_came_after_the_decision_is_kept_by_law_too(world: World) -> None:
    """An account without records would go at once; a job found meanwhile keeps its name."""
    person = world.people["reviewer"]
    request = asked(world, "reviewer")
    decide(world, request)
    Placement.objects.create(person=person, organisation=world.employer, started_on=AT.date())
    services.carry_out_requests(at=AT)
    item = request.items.get(table="alliance.User", part="identity")
    assert (item.decision, item.erased_at) == (ErasureItem.Decision.LATER, None)
    person.refresh_from_db()
    assert person.full_name == "reviewer 담당"


def test_only_the_person_asks_and_only_officers_decide(world: World) -> None:
    request = asked(world)
    with pytest.raises(Refused):
        asked(world)
    with pytest.raises(Refused):
        services.ask_for_erasure(
            person=world.people["stranger"], wish="", by=world.people["graduate"], at=AT
        )
    for role in ("graduate", "recruiter", "officer_company"):
        with pytest.raises(Refused):
            services.decide_request(request=request, decisions={}, by=world.people[role], at=AT)
    client = client_of(world, "graduate")
    assert "취소했습니다" in client.post(reverse("privacy:withdraw"), follow=True).content.decode()
    request.refresh_from_db()
    assert request.state == ErasureRequest.State.WITHDRAWN
    assert services.carry_out_requests(at=AT) == 0


def test_what_is_over_goes_for_everybody_with_a_certificate(world: World) -> None:
    assert services.erase_what_is_over(at=AT) == 0
    assert services.erase_what_is_over(at=LATER) > 0
    assert not Attendance.objects.exists()
    assert not StageScore.objects.exists()
    assert Enrolment.objects.count() == 3, "who completed is counted still"
    assert not Application.objects.exclude(residence="").exists()
    assert User.objects.get(email="graduate@people.example").full_name == "다솜 수료"
    lines = [line for each in Certificate.objects.all() for line in each.lines]
    assert {line["rule"] for line in lines} == {"training", "hiring"}
    assert {"table": "programmes.Attendance", "part": "day", "how": "delete", "rows": 3,
            "rule": "training"} in lines  # fmt: skip
    assert services.erase_what_is_over(at=LATER) == 0
    journal.seal(at=LATER)
    assert journal.verify().ok


def test_many_rows_go_some_at_a_time(world: World) -> None:
    rows = [
        Attendance(
            enrolment=world.enrolments["graduate"],
            held_on=dt.date(2025, 1, 1) + dt.timedelta(days=day),
            hours="1",
        )
        for day in range(5)
    ]
    Attendance.objects.bulk_create(rows)
    with mock.patch.object(services, "erase_overdue", _by_two):
        services.erase_what_is_over(at=LATER)
    assert not Attendance.objects.exists()
    lines = [line for each in Certificate.objects.all() for line in each.lines]
    assert [line["rows"] for line in lines if line["table"] == "programmes.Attendance"].count(
        2
    ) >= 3


def _by_two(model: Any, part: Any, *, today: dt.date) -> int:
    return erasing.erase_overdue(model, part, today=today, at_most=2)


def test_the_models_need_no_migration() -> None:
    call_command("makemigrations", "privacy", check=True, dry_run=True, verbosity=0)
