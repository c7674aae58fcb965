"""Issuing, revoking, erasing: what is issued can be checked, and goes on being so."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.credentials import queries, services
from bitgoeul.apps.credentials.enums import CredentialState, RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Credential, IssuerKey, Skill, StatusList
from bitgoeul.apps.credentials.queries.verification import masked_name, normal_code
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from bitgoeul.core.notices.models import Notice
from bitgoeul.core.privacy import keyring
from bitgoeul.engines import evidence
from tests.apps.credentials.given import give, make_achievement, make_skill
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db
FROZEN = Path(__file__).parent / "files" / "issued_2026.json"


@pytest.fixture
def world() -> World:
    return build_world()


def file_of(row: Credential) -> bytes:
    return json.dumps(row.document, ensure_ascii=False).encode()


def test_a_credential_is_an_open_badge_that_anybody_can_check(world: World) -> None:
    achievement = make_achievement(world, skills=[make_skill()])
    row = give(world, achievement)
    document = row.document
    assert document["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["issuer"]["id"] == row.key.did
    subject = document["credentialSubject"]
    assert subject["achievement"]["achievementType"] == "CertificateOfCompletion"
    frameworks = {one["targetFramework"] for one in subject["achievement"]["alignment"]}
    assert frameworks == {"NCS", "ESCO", "O*NET-SOC"}
    name, address = subject["identifier"]
    assert name["identityHash"] == "다솜 수료"
    email = world.people["graduate"].email
    assert email not in json.dumps(document)
    assert address["identityHash"] == evidence.hash_identity(email, salt=address["salt"])
    assert evidence.verify_document(document, known=[row.key.did]).ok
    assert queries.verify_file(file_of(row)).ok
    assert Entry.objects.filter(event="credential.issued", object_uuid=row.uuid).exists()
    assert Notice.objects.filter(person=row.person, message="credentials.issued").count() == 1


def test_the_same_evidence_gives_the_same_credential(world: World) -> None:
    achievement = make_achievement(world)
    first = give(world, achievement)
    assert give(world, achievement).pk == first.pk
    services.revoke_credential(credential=first, reason=RevocationReason.CORRECTED, by=None, at=AT)
    corrected = give(world, achievement)
    assert corrected.pk != first.pk
    assert Credential.objects.count() == 2


def test_a_cohort_costs_as_many_statements_as_a_person(world: World) -> None:
    achievement = make_achievement(world)
    give(world, achievement)

    def statements(names: list[str]) -> int:
        awards = [
            services.Award(person=world.people[name], evidence_kind="a.b", evidence_uuid=uuid4())
            for name in names
        ]
        with CaptureQueriesContext(connection) as captured:
            services.issue_credentials(achievement=achievement, awards=awards, by=None, at=AT)
        return len(captured)

    one = statements(["trainee"])
    assert statements(["trainee", "graduate", "stranger", "applicant"]) == one


def test_who_may_issue_and_revoke(world: World) -> None:
    achievement = make_achievement(world)
    facts: dict[str, Any] = {
        "achievement": achievement,
        "person": world.people["trainee"],
        "evidence_kind": "a.b",
        "evidence_uuid": uuid4(),
        "at": AT,
    }
    with pytest.raises(Refused):
        services.issue_credential(**facts, by=world.people["officer_company"])
    row = services.issue_credential(**facts, by=world.people["officer_city"])
    again: dict[str, Any] = {"credential": row, "reason": "mistake", "at": AT}
    with pytest.raises(Refused):
        services.revoke_credential(**again, by=world.people["officer_city"])
    with pytest.raises(Refused):
        services.revoke_credential(**again | {"reason": "none"}, by=None)
    services.revoke_credential(**again, by=world.people["officer_university"])
    with pytest.raises(Refused):
        services.revoke_credential(**again, by=None)
    services.retire_achievement(achievement=achievement, by=None, at=AT)
    with pytest.raises(Refused):
        services.issue_credential(**facts, by=None)


def test_a_revoked_one_is_genuine_and_counts_no_more(world: World) -> None:
    row = give(world)
    services.revoke_credential(
        credential=row, reason="evidence", note="출석부 오류", by=None, at=AT
    )
    for found in (queries.verify_code(row.code), queries.verify_file(file_of(row))):
        assert found.result == CredentialState.REVOKED
        assert found.revoked_at == AT
    assert Notice.objects.filter(message="credentials.revoked").count() == 1


def test_the_published_list_has_the_bit_of_what_was_revoked(world: World) -> None:
    achievement = make_achievement(world)
    rows = [give(world, achievement, who) for who in ("graduate", "trainee")]
    services.revoke_credential(credential=rows[0], reason="mistake", by=None, at=AT)
    document = queries.status_document(rows[0].status_list, at=AT)
    assert evidence.verify_document(document, known=[rows[0].key.did]).ok
    assert document["id"] == rows[0].document["credentialStatus"]["statusListCredential"]
    packed = document["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert len(bits) * 8 == StatusList.PLACES

    def bit(row: Credential) -> bool:
        place = int(row.document["credentialStatus"]["statusListIndex"])
        return bool(bits[place // 8] >> (7 - place % 8) & 1)

    assert [bit(row) for row in rows] == [True, False]
    assert sum(byte.bit_count() for byte in bits) == 1


def test_what_was_changed_or_is_none_is_said(world: World) -> None:
    row = give(world)
    altered = json.loads(file_of(row))
    altered["credentialSubject"]["identifier"][0]["identityHash"] = "다른 사람"
    said = {
        "altered": json.dumps(altered).encode(),
        "foreign": json.dumps(
            evidence.sign_document(
                {**row.document, "issuer": {"id": evidence.did_of_seed(bytes(32))}},
                seed=bytes(32),
                created="2026-01-01T00:00:00Z",
            )
        ).encode(),
        "unreadable": b"{}",
    }
    for result, content in said.items():
        assert queries.verify_file(content).result == result
    for content in (b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"proof": {}}'):
        assert queries.verify_file(content).result == "unreadable"
    assert queries.verify_code("AAAAA-BBBBB").result == "unknown"
    Credential.objects.filter(pk=row.pk).update(document=altered)
    assert queries.verify_code(row.code).result == "altered"


def test_the_file_outlives_the_erasure_of_what_stands_on_it(world: World) -> None:
    row = give(world)
    kept = file_of(row)
    Credential.objects.filter(pk=row.pk).update(document={}, facts={})
    assert queries.verify_file(kept).ok
    by_code = queries.verify_code(row.code)
    assert by_code.ok
    assert by_code.name == ""
    assert by_code.title == row.achievement.title


def test_new_keys_sign_and_old_ones_are_known(world: World, settings: Any, tmp_path: Path) -> None:
    keyring.put_in_place(tmp_path / "keyring.json", keyring.ring())
    settings.BITGOEUL_KEYRING_FILE = tmp_path / "keyring.json"
    achievement = make_achievement(world)
    old = give(world, achievement)
    keyring.add_key()
    new = give(world, achievement, "trainee")
    keyring.drop_keys(set())
    assert old.key.did != new.key.did
    assert queries.verify_file(file_of(old)).ok
    assert queries.verify_file(file_of(new)).ok


def test_a_list_signed_by_a_new_key_is_by_a_listed_one(
    world: World, settings: Any, tmp_path: Path
) -> None:
    keyring.put_in_place(tmp_path / "keyring.json", keyring.ring())
    settings.BITGOEUL_KEYRING_FILE = tmp_path / "keyring.json"
    row = give(world)
    keyring.add_key()
    path = reverse("credentials:status_list", args=[row.status_list.uuid])
    document = Client().get(path).json()
    assert evidence.verify_document(document).ok
    assert document["issuer"] == row.key.did, "reading lists no key, so the listed one signs"
    assert [services.list_new_keys(at=AT) for _turn in range(2)] == [1, 0]
    document = Client().get(path).json()
    assert evidence.verify_document(document).ok
    assert document["issuer"] != row.key.did
    assert document["issuer"] in {key.did for key in queries.issuer_keys()}
    assert Entry.objects.filter(event="issuer_key.listed").count() == 2, "one per key"


def test_words_by_code_are_those_that_were_signed(world: World) -> None:
    row = give(world)
    with translation.override("en"):
        assert queries.verify_code(row.code).title == "Hanbit Academy completion"
    for name in ("name_ko", "title_ko", "title_en", "criteria_ko", "issuer_ko"):
        Credential.objects.filter(pk=row.pk).update(facts={**row.facts, name: "다른 말"})
        found = queries.verify_code(row.code)
        assert (found.result, found.title, found.name) == ("altered", "", ""), name


def test_what_was_issued_in_2026_stays_valid(world: World) -> None:
    """A file of the first version that issued any: never change it, it is in people's hands."""
    document = json.loads(FROZEN.read_text("utf-8"))
    digest = "0b2fd0e30ba1cc1e0f5cdaa668c79a1712114594678fdbfcee1e6084b755801d"
    assert evidence.verify_document(document).ok
    assert evidence.digest(document) == digest
    key = IssuerKey.objects.create(
        organisation=world.university, did=evidence.signer_of(document), version="k1", made_at=AT
    )
    Credential.objects.create(
        code="AAAAA-BBBBB-CCCCC-DDDDD",
        achievement=make_achievement(world),
        person=world.people["graduate"],
        evidence_kind="programmes.enrolment",
        evidence_uuid=uuid4(),
        key=key,
        issued_at=AT,
        digest=digest,
        status_list=StatusList.objects.create(organisation=world.university, made_at=AT),
        status_index=7,
    )
    found = queries.verify_file(FROZEN.read_bytes())
    assert found.ok
    assert found.name == "다솜 수료"


def test_words_that_change_later_do_not_change_what_was_issued(world: World) -> None:
    achievement = make_achievement(world)
    row = give(world, achievement)
    services.update_achievement(achievement=achievement, title_ko="새 이름", by=None, at=AT)
    row = Credential.objects.get(pk=row.pk)
    with translation.override("ko"):
        assert row.title == "한빛 아카데미 수료"
    assert Achievement.objects.get().title_ko == "새 이름"


def test_the_paper_says_it_in_both_languages(world: World) -> None:
    from pypdf import PdfReader

    row = give(world, make_achievement(world, skills=[make_skill()]))
    for language, words in (("ko", "수료"), ("en", "This certificate is given to")):
        with translation.override(language):
            made = queries.pdf_of(row, address="https://alliance.example/check")
        text = "".join(page.extract_text() for page in PdfReader(_opened(made)).pages)
        assert words in text
        assert row.code in text


def _opened(content: bytes) -> Any:
    import io

    return io.BytesIO(content)


def test_the_shipped_list_fits_and_is_added_once(world: World) -> None:
    number = services.load_starter_skills(by=None, at=AT)
    assert number == len(services.starter_rows()) == Skill.objects.count() > 80
    assert services.load_starter_skills(by=None, at=AT) == 0
    for skill in Skill.objects.all():
        skill.full_clean()
    assert queries.skills_listed(name="머신 러닝").get().key == "machine-learning"
    assert queries.skills_listed(name="기계학습").get().key == "machine-learning"
    with pytest.raises(Refused):
        services.load_starter_skills(by=world.people["trainee"], at=AT)


def test_a_bad_skill_is_refused_and_none_is_written(world: World) -> None:
    good, bad = Skill(key="good", name_ko="좋음"), Skill(key="bad", name_ko="나쁨", ncs_code="x")
    with pytest.raises(Refused):
        services.write_skills(created=[good, bad], changed=[], by=None, at=AT)
    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    ("name", "masked"),
    [("김나래", "김○래"), ("김솔", "김○"), ("제갈나래", "제○○래"), ("Nare Kim", "N… K…"), ("", "")],
)
def test_a_name_is_recognised_not_read(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_a_code_is_found_however_it_is_typed() -> None:
    assert normal_code(" abcde fghjk2345 67mnpq") == "ABCDE-FGHJK-23456-7MNPQ"
