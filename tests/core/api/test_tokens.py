"""A token: made on a page, shown once, kept as a digest, ended at once, no more than its owner."""

import datetime as dt
import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.core.api.models import Token
from bitgoeul.core.api.services import digest_of
from bitgoeul.core.journal.models import Entry, Reading, ReadingSubject
from tests.core.api.calling import ROOT, caller, post, token_of
from tests.world import member, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Organisation:
    return Organisation.objects.create(name_ko="한빛시", kind=OrganisationKind.CITY)


@pytest.fixture
def officer(city: Organisation) -> User:
    who = person("아름 시청", "officer@hanbit.example")
    member(who, city, Role.OFFICER)
    return who


def test_a_token_is_made_on_a_page_shown_once_and_kept_as_a_digest(officer: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    form = {"name": "Nightly transfer", "scopes": ["alliance:read"], "days": "30"}
    made = browser.post("/tokens/new/", form)
    secret = re.search(r"bitgoeul_[0-9a-f]{8}_[\w-]{43}", made.content.decode())
    assert secret
    token = Token.objects.get()
    assert made["Cache-Control"] == "no-store, private"
    assert token.digest == digest_of(secret[0].rpartition(f"{token.prefix}_")[2])
    assert secret[0] not in str(Token.objects.values())
    listed = browser.get("/tokens/").content.decode()
    assert f"bitgoeul_{token.prefix}" in listed
    assert secret[0] not in listed
    assert Entry.objects.filter(event="token.created", object_uuid=token.uuid).exists()
    assert caller(secret[0]).get(f"{ROOT}/alliance/me").json()["email"] == officer.email
    token.refresh_from_db()
    assert token.last_used_at is not None
    browser.post(f"/tokens/{token.uuid}/revoke/")
    assert Entry.objects.filter(event="token.revoked", object_uuid=token.uuid).exists()
    assert caller(secret[0]).get(f"{ROOT}/alliance/me").json()["code"] == "token_revoked"


def test_each_kind_of_bad_token_is_told_apart(officer: User) -> None:
    _token, secret = token_of(officer)
    call = f"{ROOT}/alliance/me"
    missing = Client().get(call)
    assert (missing.status_code, missing.json()["code"]) == (401, "token_missing")
    assert missing["WWW-Authenticate"].startswith("Bearer")
    for wrong in (secret[:-1] + ("A" if secret[-1] != "A" else "B"), "x", "bitgoeul_\x00", ""):
        assert caller(wrong).get(call).json()["code"] == "token_unknown"
    Token.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert caller(secret).get(call).json()["code"] == "token_expired"
    Token.objects.update(expires_at=timezone.now() + dt.timedelta(days=1))
    assert caller(secret).get(call).status_code == 200
    User.objects.update(is_active=False)
    assert caller(secret).get(call).json()["code"] == "token_revoked"


def test_a_right_to_read_does_not_write_and_one_room_s_is_not_another_s(officer: User) -> None:
    reader = caller(token_of(officer, "alliance:read")[1])
    refused = post(reader, "/alliance/organisations", {"name_ko": "새 기관", "kind": "company"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    writer = caller(token_of(officer, "alliance:write")[1])
    assert writer.get(f"{ROOT}/alliance/me").status_code == 200
    made = post(writer, "/alliance/organisations", {"name_ko": "새 기관", "kind": "company"})
    assert made.status_code == 201


def test_a_token_loses_what_its_owner_loses(officer: User) -> None:
    client = caller(token_of(officer)[1])
    Membership.objects.update(ended_on=dt.date(2022, 1, 1))
    refused = post(client, "/alliance/organisations", {"name_ko": "새 기관", "kind": "company"})
    assert refused.status_code == 404


def test_a_browser_s_session_is_no_token(officer: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get(f"{ROOT}/alliance/me").status_code == 401
    assert post(browser, "/alliance/organisations", {}).status_code == 401


def test_reading_about_people_leaves_the_record_that_the_page_leaves(officer: User) -> None:
    member(officer, Organisation.objects.get(), Role.ADMINISTRATOR)
    other = person("가온 지원", "gaon@people.example")
    token, secret = token_of(officer)
    assert caller(secret).get(f"{ROOT}/alliance/people/{other.uuid}").status_code == 200
    reading = Reading.objects.get()
    assert reading.what == "alliance.person_detail"
    assert token.prefix in reading.origin
    assert ReadingSubject.objects.get().subject_uuid == other.uuid
    asked = f"{ROOT}/alliance/people.csv"
    refused = caller(secret).get(asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    handed = caller(secret).get(
        asked, headers={"x-reason": "%EC%9C%84%EC%9B%90%ED%9A%8C%20%EC%9A%94%EC%B2%AD"}
    )
    assert handed.status_code == 200
    assert Reading.objects.get(what="alliance.person_file").reason == "위원회 요청"


@override_settings(BITGOEUL_API_CALLS_A_MINUTE=3)
def test_calls_are_limited_by_the_minute(officer: User) -> None:
    client = caller(token_of(officer)[1])
    answers = [client.get(f"{ROOT}/alliance/me") for _call in range(8)]
    assert 429 in {answer.status_code for answer in answers}
    limited = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < int(limited["Retry-After"]) <= 60
    assert limited.json()["code"] == "too_many"
