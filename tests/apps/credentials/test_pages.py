"""The pages as owners, verifiers and officers use them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bitgoeul.apps.credentials import services
from bitgoeul.apps.credentials.enums import CredentialState
from bitgoeul.apps.credentials.models import Achievement, Credential, Skill
from bitgoeul.core import clock
from bitgoeul.core.imports.services import import_file
from bitgoeul.core.journal.models import Reading
from tests.apps.credentials.given import give, make_achievement, make_skill
from tests.web.api.test_calls import give_tokens
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


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


def address(name: str, row: Any = None, **more: str) -> str:
    return reverse(f"credentials:{name}", kwargs=({"uuid": row.uuid} if row else {}) | more)


def queries_of(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


def test_the_owner_sees_and_takes_it(world: World) -> None:
    row = give(world, make_achievement(world, skills=[make_skill()]))
    client = client_of(world, "graduate")
    page = client.get(address("own_list")).content.decode()
    assert "한빛 아카데미 수료" in page
    assert row.code in page
    detail = client.get(address("credential_detail", row)).content.decode()
    assert "1,300시간 가운데 1,043시간" in detail
    assert "머신러닝" in detail
    taken = client.get(address("credential_file", row))
    assert json.loads(taken.content) == row.document
    assert client.get(address("credential_paper", row)).content.startswith(b"%PDF")
    assert client_of(world, "trainee").get(address("credential_detail", row)).status_code == 404


def test_anybody_checks_by_code_and_learns_no_name(world: World) -> None:
    row = give(world)
    typed = Client().get(address("verify"), {"code": row.code.lower()}, follow=True)
    page = typed.content.decode()
    assert "유효한 증명서" in page
    assert "다솜 수료" not in page
    assert "다○○료" in page
    services.revoke_credential(credential=row, reason="mistake", note="비밀", by=None, at=AT)
    page = Client().get(address("verify_code", code=row.code)).content.decode()
    assert "취소" in page
    assert "비밀" not in page
    unknown = Client().get(address("verify_code", code="AAAAA")).content.decode()
    assert "알려진 증명서가 없습니다" in unknown


def test_anybody_checks_by_file(world: World) -> None:
    row = give(world)

    def check(content: bytes, name: str = "credential.json") -> Any:
        file = SimpleUploadedFile(name, content, content_type="application/json")
        english = Client(headers={"accept-language": "en"})
        return english.post(address("verify_file"), {"file": file})

    content = json.dumps(row.document, ensure_ascii=False).encode()
    page = check(content).content.decode()
    assert "This certificate is valid." in page
    assert "다솜 수료" in page
    altered = check(content.replace("다솜 수료".encode(), "남의 이름".encode()))
    assert "was changed after it was issued" in altered.content.decode()
    assert check(b"<svg onload='alert(1)'/>").status_code == 422
    assert check(content, "credential.exe").status_code == 422
    assert check(b"").status_code == 422


def test_the_officer_lists_exports_and_revokes(world: World) -> None:
    achievement = make_achievement(world)
    row = give(world, achievement)
    give(world, achievement, "trainee")
    client = client_of(world, "officer_university", "en")
    page = client.get(address("issued_list"), {"q": "다솜"}).content.decode()
    assert row.person.full_name in page
    assert world.people["trainee"].full_name not in page
    assert Reading.objects.filter(what="credentials.issued_list").exists()
    assert "<form" in client.get(address("issued_csv")).content.decode()
    reason = {"reason": "The committee asked for it."}
    taken = client.post(address("issued_csv"), reason)
    lines = list(csv.DictReader(io.StringIO(b"".join(taken.streaming_content).decode("utf-8-sig"))))
    assert {line["Full name"] for line in lines} == {"다솜 수료", "나래 훈련"}
    taken = client.post(address("issued_xlsx"), reason)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(taken.streaming_content)))
    assert len(book.get_sheet_by_index(0).to_python()) == 3
    assert client.post(address("credential_revoke", row), {"reason": ""}).status_code == 422
    client.post(address("credential_revoke", row), {"reason": "mistake", "note": "Wrong exam"})
    row.refresh_from_db()
    assert row.state == CredentialState.REVOKED
    page = client_of(world, "graduate", "en").get(address("credential_detail", row))
    assert "Wrong exam" in page.content.decode()


def test_the_list_costs_the_same_for_one_and_three(world: World) -> None:
    achievement = make_achievement(world)
    client = client_of(world, "officer_university")
    give(world, achievement)
    one = queries_of(client, address("issued_list"))
    for who in ("trainee", "stranger"):
        give(world, achievement, who)
    assert queries_of(client, address("issued_list")) == one <= MOST_QUERIES
    for name in ("skill_list", "achievement_list", "key_list", "verify"):
        assert queries_of(Client(), address(name)) <= MOST_QUERIES


def test_an_instructor_writes_changes_and_retires(world: World) -> None:
    skill = make_skill()
    client = client_of(world, "instructor", "en")
    facts = {
        "key": "time-series",
        "kind": "lab",
        "issuer": world.university.pk,
        "title_ko": "시계열 예측",
        "description_ko": "수요를 예측했다.",
        "criteria_ko": "실습 통과",
        "skills": [skill.pk],
    }
    assert client.post(address("achievement_create"), facts | {"key": ""}).status_code == 422
    assert client.post(address("achievement_create"), facts).status_code == 302
    row = Achievement.objects.get(key="time-series")
    assert list(row.skills.all()) == [skill]
    assert client.post(address("achievement_create"), facts).status_code == 422
    where = address("achievement_change", row)
    assert client.post(where, facts | {"title_en": "Forecasting"}).status_code == 302
    page = Client(headers={"accept-language": "en"}).get(address("achievement_detail", row))
    assert "Forecasting" in page.content.decode()
    client.post(address("achievement_retire", row))
    row.refresh_from_db()
    assert row.retired_at == AT


def test_skills_are_open_and_come_back_as_they_went(world: World, tmp_path: Path) -> None:
    client = client_of(world, "officer_university", "en")
    client.post(address("skills_start"))
    number = Skill.objects.count()
    page = Client().get(address("skill_list"), {"q": "기계학습"}).content.decode()
    assert "머신러닝" in page
    assert "20010703" in page
    file = Client().get(address("skill_list"), {"form": "csv"})
    content = b"".join(file.streaming_content)
    Skill.objects.all().delete()

    path = tmp_path / "skills.csv"
    path.write_bytes(content)
    receipt = import_file(kind="skills", path=path, target=None, by=None, at=AT)
    assert receipt.as_json()["errors"] == []
    assert Skill.objects.count() == number
    again = Client().get(address("skill_list"), {"form": "csv"})
    assert b"".join(again.streaming_content) == content
    skill = Skill.objects.get(key="machine-learning")
    assert "esco" in Client().get(address("skill_detail", skill)).content.decode()


def test_the_status_list_is_for_programs(world: World) -> None:
    row: Credential = give(world)
    answer = Client().get(address("status_list", row.status_list))
    assert answer.json()["credentialSubject"]["type"] == "BitstringStatusList"


def test_the_note_of_a_revocation_is_for_owner_and_issuer(world: World) -> None:
    row = give(world)
    services.revoke_credential(credential=row, reason="mistake", note="잘못 적음", by=None, at=AT)
    page = reverse("credentials:credential_detail", args=[row.uuid])
    tokens = give_tokens(world)
    for who, reads in (("graduate", True), ("officer_university", True), ("officer_city", False)):
        client = Client()
        client.force_login(world.people[who])
        shown = client.get(page)
        assert shown.status_code == 200
        assert ("잘못 적음" in shown.content.decode()) is reads, who
        bearer = {"authorization": f"Bearer {tokens[who]}"}
        url = f"/api/v1/credentials/credentials/{row.uuid}"
        answer = Client().get(url, headers=bearer).json()
        assert answer["revocation_note"] == ("잘못 적음" if reads else ""), who
