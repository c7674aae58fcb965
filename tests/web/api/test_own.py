"""What hangs on a person's own screen, by program: news, kept views, being forgotten."""

import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.core import notices
from bitgoeul.core.journal.models import Entry, Reading
from tests.core.api.calling import ROOT, caller, post, token_of
from tests.world import member, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def gaon() -> User:
    return person("가온 지원", "gaon@people.example")


@pytest.fixture
def client(gaon: User) -> Client:
    return caller(token_of(gaon, "notices:write", "saved:write", "privacy:write")[1])


def test_news_is_listed_in_one_s_language_and_marked_as_read(gaon: User, client: Client) -> None:
    for name in ("첫 실습", "둘째 실습"):
        notices.tell("labs.scored", person=gaon, path="/labs/", at=timezone.now(), lab=name)
    rows = client.get(f"{ROOT}/notices").json()["items"]
    assert [row["topic"] for row in rows] == ["labs", "labs"]
    assert "둘째 실습" in rows[0]["text"]
    assert rows[0]["title"]
    assert post(client, f"/notices/{rows[0]['uuid']}/reading", {}).json() == {"marked": 1}
    assert post(client, "/notices/reading", {"topic": "labs"}).json() == {"marked": 1}
    assert post(client, "/notices/reading", {}).json() == {"marked": 0}


def test_when_letters_come_is_chosen_by_topic(client: Client) -> None:
    def choose(choices: dict[str, str]) -> int:
        path, kind = f"{ROOT}/notices/mail", "application/json"
        return client.patch(path, {"choices": choices}, content_type=kind).status_code

    assert choose({"labs": "off"}) == 200
    assert choose({"labs": "sometimes"}) == 422
    assert choose({"planets": "off"}) == 422
    chosen = {
        row["topic"]: row["when"] for row in client.get(f"{ROOT}/notices/mail").json()["items"]
    }
    assert chosen["labs"] == "off"
    assert len(chosen) > 2


def test_a_view_is_kept_opened_by_itself_and_forgotten(client: Client) -> None:
    view = {"path": "/alliance/organisations/", "query": "kind=company&page=3", "name": "기업"}
    made = post(client, "/saved", view).json()["uuid"]
    assert post(client, "/saved", view | {"query": "kind=city"}).json()["uuid"] == made
    assert post(client, "/saved", view | {"path": "/health/"}).status_code == 404
    assert post(client, "/saved", view | {"query": ""}).json()["code"] == "refused"
    put = {"content_type": "application/json"}
    assert client.put(f"{ROOT}/saved/{made}/default", {"default": True}, **put).status_code == 200
    (row,) = client.get(f"{ROOT}/saved").json()["items"]
    assert (row["query"], row["is_default"]) == ("kind=city", True)
    assert client.delete(f"{ROOT}/saved/{made}").status_code == 200
    assert client.get(f"{ROOT}/saved").json()["items"] == []


def test_one_asks_to_be_forgotten_an_officer_decides_and_anyone_with_the_number_sees(
    gaon: User, client: Client
) -> None:
    file = client.get(f"{ROOT}/privacy/mine/data.zip")
    assert set(zipfile.ZipFile(io.BytesIO(file.content)).namelist()) == {"data.html", "data.json"}
    assert client.get(f"{ROOT}/privacy/mine").json()["kept"]
    asked = post(client, "/privacy/mine/requests", {"wish": "모두 지워 주십시오."})
    number = asked.json()["uuid"]
    assert post(client, "/privacy/mine/requests", {}).json()["code"] == "refused"
    assert client.get(f"{ROOT}/privacy/requests/{number}").status_code == 404
    city = Organisation.objects.create(name_ko="한빛시", kind=OrganisationKind.CITY)
    officer = person("아름 시청", "officer@hanbit.example")
    member(officer, city, Role.OFFICER)
    deciding = caller(token_of(officer, "privacy:write")[1])
    (row,) = deciding.get(f"{ROOT}/privacy/requests", {"state": "open"}).json()["items"]
    assert (row["uuid"], row["full_name"]) == (number, "가온 지원")
    items = deciding.get(f"{ROOT}/privacy/requests/{number}").json()["items"]
    assert Reading.objects.filter(what="privacy.request", actor_uuid=officer.uuid).exists()
    missing = post(deciding, f"/privacy/requests/{number}/decision", {"decisions": []})
    assert missing.json()["code"] == "refused"
    said = [{"item": item["uuid"], "decision": "erase"} for item in items]
    decided = post(deciding, f"/privacy/requests/{number}/decision", {"decisions": said})
    assert decided.status_code == 200
    assert Entry.objects.filter(event="erasure.decided").exists()
    proof = Client().get(f"{ROOT}/privacy/proof/{number}").json()
    assert proof["state"] == "decided"
    assert "가온" not in str(proof)
    assert post(client, "/privacy/mine/requests/withdrawal", {}).json()["code"] == "refused"
