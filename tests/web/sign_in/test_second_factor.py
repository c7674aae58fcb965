"""Who needs a second factor reaches nothing without it; the demo does not ask."""

from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import Role
from bitgoeul.core import devices
from bitgoeul.core.journal.models import Entry
from bitgoeul.web.sign_in.adapters import MFAAdapter
from bitgoeul.web.sign_in.second_factor import is_demanded
from tests.web.sign_in.signing import code_of, enter, set_up_app
from tests.web.test_access_table import declared
from tests.world import PASSWORD, ROLES, World, build_world, person

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
SET_UP = "/accounts/2fa/"


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return build_world()


@pytest.fixture
def demanded(settings: object) -> None:
    settings.BITGOEUL_SECOND_FACTOR = True  # type: ignore[attr-defined]  # pytest-django's object
    settings.BITGOEUL_CONFIRM_SENSITIVE = True  # type: ignore[attr-defined]  # the same


NEEDING = {
    "instructor", "reviewer", "mentor", "recruiter", "consultant", "researcher",
    "officer_city", "officer_university", "officer_company", "administrator",
}  # fmt: skip


def test_the_rule_over_roles(world: World) -> None:
    needing = {r for r in ROLES if r != "public" and rules.needs_second_factor(world.people[r])}
    assert needing == NEEDING
    # A new role needs it until somebody decides otherwise.
    assert {role for role in Role if role in rules.SEES_OWN_ONLY} == {Role.CLIENT}
    assert not rules.needs_second_factor(None)
    clerk = person("관리 화면", "staff@people.example", is_staff=True)
    assert rules.needs_second_factor(clerk)


def test_with_the_password_alone_every_page_leads_to_the_set_up(
    world: World, demanded: None
) -> None:
    client = enter(world.people["officer_city"])
    open_names = {"set_language", "health"}
    seen = 0
    for name, route in declared().items():
        # Each row of the table may make the objects it speaks of: they go with it.
        with transaction.atomic():
            kwargs = route.kwargs(world, "officer_city", "other")
            if kwargs is not None and name not in open_names:
                address = reverse(name, kwargs=kwargs)
                answer = getattr(client, route.method)(address, dict(route.data))
                assert (answer.status_code, answer.headers.get("Location")) == (302, SET_UP), name
                seen += 1
            transaction.set_rollback(True)
        world.more.clear()
    assert seen > 60
    assert client.get("/admin/").headers["Location"] == SET_UP
    assert client.get("/accounts/password/change/").headers["Location"] == SET_UP
    assert client.get("/health/").status_code == 200
    assert client.get(SET_UP).status_code == 200
    htmx = client.get("/reports/", headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == SET_UP


def test_whoever_sees_only_their_own_data_is_not_asked(world: World, demanded: None) -> None:
    client = enter(world.people["applicant"])
    assert client.get("/alliance/me/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_officer_sets_up_an_app_and_signs_in_with_it(demanded: None) -> None:
    cache.clear()
    world = build_world()
    officer = world.people["officer_city"]
    stale = enter(officer)
    client = enter(officer)
    secret = set_up_app(client)
    assert client.get("/alliance/me/").status_code == 200
    # The session that began with a password alone has ended.
    assert stale.get("/alliance/me/").headers["Location"].startswith("/accounts/login/")
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    first = codes.partition('id="recovery_codes">')[2].split()[0]
    assert "인증 앱을 설정했습니다" in mail.outbox[-1].subject
    events = list(Entry.objects.filter(object_uuid=officer.uuid).values_list("event", flat=True))
    assert {"second_factor.set", "recovery_codes.set"} <= set(events)
    # The next sign-in asks for a code; a wrong one and a used one do not do.
    again = enter(officer)
    assert again.get("/alliance/me/").headers["Location"].startswith("/accounts/login/")
    address = "/accounts/2fa/authenticate/"
    assert again.get(address).status_code == 200
    assert again.post(address, {"code": "000000"}).status_code == 200
    code = code_of(secret)
    assert again.post(address, {"code": code}).status_code == 302
    assert again.get("/alliance/me/").status_code == 200
    overheard = enter(officer)
    assert overheard.post(address, {"code": code}).status_code == 200
    assert overheard.get("/alliance/me/").status_code == 302
    # A recovery code lets in once.
    lost = enter(officer)
    assert lost.post(address, {"code": first}).status_code == 302
    assert lost.get("/alliance/me/").status_code == 200
    twice = enter(officer)
    assert twice.post(address, {"code": first}).status_code == 200
    assert twice.get("/alliance/me/").status_code == 302


def test_a_session_without_the_proof_is_asked_for_it(world: World, demanded: None) -> None:
    """A factor that was set on another device does not open the session that lacks it."""
    officer = world.people["officer_city"]
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    where = client.get("/alliance/me/?a=1").headers["Location"]
    assert where == "/accounts/2fa/reauthenticate/?next=%2Falliance%2Fme%2F%3Fa%3D1"


def test_recovery_codes_alone_are_no_second_factor(world: World, demanded: None) -> None:
    officer = world.people["officer_city"]
    Authenticator.objects.create(
        user=officer, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0}
    )
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/alliance/me/").headers["Location"] == SET_UP


def test_the_demo_does_not_demand_it(tmp_path: Path, demanded: None) -> None:
    config = replace(django_settings.BITGOEUL, data_dir=tmp_path, database_url="")
    with override_settings(BITGOEUL=config):
        assert is_demanded()
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "ready.json").write_text("{}")
        assert not is_demanded()
    # A database that the folder does not hold may be anybody's.
    with override_settings(BITGOEUL=replace(config, database_url="postgresql://db/real")):
        assert is_demanded()


def test_the_front_page_of_the_demo_says_so(
    client: Client, db: None, settings: object, tmp_path: Path
) -> None:
    settings.BITGOEUL_FIXED_TODAY = "2026-11-20"  # type: ignore[attr-defined]  # pytest-django's
    assert "두 번째 단계는 요구하지 않습니다" in client.get("/").content.decode()
    settings.BITGOEUL_SECOND_FACTOR = True  # type: ignore[attr-defined]  # pytest-django's
    assert "두 번째 단계는 요구하지 않습니다" not in client.get("/").content.decode()
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "ready.json").write_text("{}")
    with override_settings(
        BITGOEUL=replace(django_settings.BITGOEUL, data_dir=tmp_path, database_url="")
    ):
        assert "두 번째 단계는 요구하지 않습니다" in client.get("/").content.decode()


def test_secrets_are_encrypted_in_the_database(db: None, settings: object) -> None:
    adapter = MFAAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
    old = django_settings.SECRET_KEY
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's
    assert adapter.decrypt(kept) != "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]  # pytest-django's
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"


# Sensitive actions


def test_giving_a_role_asks_for_the_password_again_and_goes_on(
    world: World, settings: object
) -> None:
    settings.BITGOEUL_CONFIRM_SENSITIVE = True  # type: ignore[attr-defined]  # pytest-django's
    boss, stranger = world.people["administrator"], world.people["stranger"]
    client = Client()
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/alliance/people/{stranger.uuid}/roles/add/"
    role = {"organisation": world.city.name_ko, "role": "mentor", "started_on": "2025-06-02"}
    asked = client.post(address, role)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not stranger.memberships.exists()
    wrong = client.post(asked.headers["Location"], {"password": "not-this-one"})
    assert wrong.status_code == 200
    assert not stranger.memberships.exists()
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert stranger.memberships.get().role == "mentor"
    # For the next minutes it is not asked again.
    assert client.get("/alliance/me/data.json").status_code == 200


def test_a_fresh_sign_in_is_proof_enough(world: World, settings: object) -> None:
    settings.BITGOEUL_CONFIRM_SENSITIVE = True  # type: ignore[attr-defined]  # pytest-django's
    client = enter(world.people["applicant"])
    assert client.get("/alliance/me/data.json").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 601
    session.save()
    assert client.get("/alliance/me/data.json").status_code == 302


# Sessions


def test_sessions_are_listed_in_korean_and_ended_one_by_one(world: World) -> None:
    me = world.people["applicant"]
    here, there = enter(me), enter(me, **{"user-agent": PHONE})
    page = here.get("/accounts/sessions/").content.decode()
    assert "Chrome, Android" in page
    assert "이 기기" in page
    other = UserSession.objects.get(session_key=there.session.session_key)
    # Nobody else can end it.
    enter(world.people["trainee"]).post(f"/accounts/sessions/{other.pk}/end/")
    assert there.get("/alliance/me/").status_code == 200
    here.post(f"/accounts/sessions/{other.pk}/end/")
    assert there.get("/alliance/me/").status_code == 302
    assert here.get("/alliance/me/").status_code == 200
    assert Entry.objects.filter(object_uuid=me.uuid, event="session.ended").count() == 1


def test_all_other_devices_are_signed_out(world: World) -> None:
    me = world.people["applicant"]
    here, there = enter(me), enter(me)
    here.post("/accounts/sessions/")
    assert there.get("/alliance/me/").status_code == 302
    assert here.get("/alliance/me/").status_code == 200


def test_a_new_password_ends_all_other_sessions(world: World) -> None:
    me = world.people["applicant"]
    here, there = enter(me), enter(me)
    new = "saero-un-amho-9"
    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert changed.status_code == 302
    assert there.get("/alliance/me/").status_code == 302
    assert here.get("/alliance/me/").status_code == 200
    assert UserSession.objects.filter(user=me).count() == 1
    assert "Chrome" not in mail.outbox[-1].body
    assert "본인이 아니라면" in mail.outbox[-1].body
    assert Entry.objects.filter(object_uuid=me.uuid, event="password.changed").exists()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131 Safari/537.36 Edg/131", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131 Whale/4 Safari/537.36", "Whale, Windows"),
        ("curl/8", "알 수 없는 기기"),
    ],
)  # fmt: skip
def test_devices_have_names(agent: str, name: str) -> None:
    assert devices.named(agent) == name


def test_a_code_serves_once(world: World, demanded: None) -> None:
    """Whoever looked over a shoulder comes too late: a code of the app and a recovery code."""
    user = world.people["officer_city"]
    client = enter(user)
    secret = set_up_app(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    made = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).get()
    for code in (code_of(secret, steps=1), made.wrap().get_unused_codes()[0]):
        taken = [enter(user), enter(user)]
        for device in taken:
            device.post("/accounts/2fa/authenticate/", {"code": code})
        known = ["_auth_user_id" in device.session for device in taken]
        assert known == [True, False]
