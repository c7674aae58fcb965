"""Accounts of elsewhere: what is believed, what is refused, who becomes whom."""

from dataclasses import replace
from typing import Any

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bitgoeul.apps.alliance.models import User
from bitgoeul.core.journal.models import Entry
from tests.web.sign_in.providers import (
    ISSUER,
    KAKAO,
    NAVER,
    OIDC,
    STRANGER,
    Web,
    claims,
    come_back,
    known,
    leave,
    oidc_pages,
    signed,
)  # fmt: skip
from tests.web.sign_in.signing import code_of, enter, set_up_app, verified
from tests.world import World, build_world, person

HOME = "/"
SIGN_UP = "/accounts/3rdparty/signup/"


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return build_world()


def _who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def _client() -> Client:
    return Client(headers={"accept-language": "ko"})


# --- where the buttons are ---------------------------------------------------------------------


@pytest.mark.django_db
def test_without_the_operators_file_there_is_no_button_and_no_page() -> None:
    page = _client().get("/accounts/login/").content.decode()
    assert "3rdparty" not in page
    assert "oidc" not in page
    for address in ("oidc/hanbit/login/", "kakao/login/", "naver/login/", "saml/hanbit/login/"):
        for answer in (Client().get(f"/accounts/{address}"), Client().post(f"/accounts/{address}")):
            assert answer.status_code == 404, address


@pytest.mark.django_db
def test_a_button_for_each_provider_and_nothing_leaves_before_it_is_pressed() -> None:
    with known(OIDC, KAKAO, NAVER) as web:
        page = _client().get("/accounts/login/", {"next": "/reports/"}).content.decode()
        for name in ("한빛대학교", "Kakao", "Naver"):
            assert name in page
        assert "/accounts/oidc/hanbit/login/?process=login&amp;next=%2Freports%2F" in page
        asked = _client().get("/accounts/oidc/hanbit/login/")
        assert asked.status_code == 200  # asks first: no foreign page can start a sign-in
        assert web.asked == []


@pytest.mark.django_db
def test_what_is_asked_of_a_provider_is_ours_to_say() -> None:
    with known(OIDC) as web:
        oidc_pages(web)
        asked = leave(
            Client(),
            "/accounts/oidc/hanbit/login/?auth_params=nonce%3Dx%26prompt%3Dnone&scope=admin",
        )
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert len(asked["nonce"]) >= 32
    assert "prompt" not in asked


# --- a token is believed only whole ------------------------------------------------------------


def _unsigned(said: dict[str, object]) -> str:
    return jwt.encode(said, None, algorithm="none", headers={"kid": "one"})


REFUSED = {
    "another key": lambda asked: signed(claims(asked), key=STRANGER),
    "no signature": lambda asked: _unsigned(claims(asked)),
    "a shared secret": lambda asked: signed(claims(asked), key="whisper" * 6, algorithm="HS256"),
    "another issuer": lambda asked: signed(claims(asked, iss="https://id.elsewhere.example")),
    "another audience": lambda asked: signed(claims(asked, aud="other")),
    "made for another": lambda asked: signed(claims(asked, aud=["bitgoeul", "o"], azp="o")),
    "too old": lambda asked: signed(claims(asked, exp=1_000_000)),
    "no end": lambda asked: signed(claims(asked, exp=None)),
    "another browser's": lambda asked: signed(claims(asked, nonce="x" * 32)),
    "no number": lambda asked: signed(claims(asked, nonce=None)),
    "nobody": lambda asked: signed(claims(asked, sub=None)),
    "no token": lambda asked: "",
}


def test_a_token_that_is_not_whole_signs_nobody_in(world: World) -> None:
    with known(OIDC) as web:
        for what, make in REFUSED.items():
            client = _client()
            answer = come_back(client, web, make)
            assert answer.status_code == 401, what
            assert "그곳의 로그인이" in answer.content.decode(), what
            assert client.get(SIGN_UP).status_code == 302, what
            assert _who(client) is None
    assert not SocialAccount.objects.exists()


def test_a_token_or_a_way_back_serves_once(world: World) -> None:
    with known(OIDC) as web:
        client = _client()
        kept: list[dict[str, str]] = []

        def make(asked: dict[str, str]) -> str:
            kept.append(asked)
            return signed(claims(asked, jti="7"))

        assert come_back(client, web, make).headers["Location"] == SIGN_UP
        back = {"code": "c", "state": kept[0]["state"]}
        address = "/accounts/oidc/hanbit/login/callback/"
        assert client.get(address, back).status_code == 401
        # Nor does it serve somebody else: the state belongs to one browser.
        assert _client().get(address, back).status_code == 401
        # The same token, stolen and brought along with a fresh state.
        other = _client()
        asked = leave(other, "/accounts/oidc/hanbit/login/")
        fresh = {"code": "c", "state": asked["state"]}
        assert other.get(address, fresh).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    "config",
    [
        {"issuer": "https://id.elsewhere.example"},
        {"token_endpoint": "http://id.hanbit.example/token"},
        {"jwks_uri": None},
    ],
)
def test_a_configuration_of_somebody_else_is_not_followed(config: dict[str, object]) -> None:
    with known(OIDC) as web:
        oidc_pages(web, **config)
        answer = _client().post("/accounts/oidc/hanbit/login/")
    assert answer.status_code in {401, 500} or "hanbit" not in answer.headers.get("Location", "")
    assert answer.status_code == 401


@pytest.mark.django_db
def test_a_provider_that_does_not_answer_is_told_in_words() -> None:
    with known(OIDC) as web:
        web.pages[f"{ISSUER}/.well-known/openid-configuration"] = requests.ConnectTimeout()
        answer = _client().post("/accounts/oidc/hanbit/login/")
    assert answer.status_code == 401
    assert "그곳의 로그인이" in answer.content.decode()


# --- who becomes whom --------------------------------------------------------------------------


def test_somebody_new_makes_an_account_and_needs_no_letter_when_the_address_is_proved(
    world: World,
) -> None:
    with known(OIDC) as web:
        client = _client()
        answer = come_back(client, web, lambda asked: signed(claims(asked)))
        assert answer.headers["Location"] == SIGN_UP
        page = client.get(SIGN_UP).content.decode()
        assert "새 사람" in page
        made = client.post(SIGN_UP, {"email": "new@hanbit.example", "full_name": "새 사람"})
        assert made.headers["Location"] == HOME, made.content.decode()[:3000]
        user = User.objects.get(email="new@hanbit.example")
        assert (user.full_name, user.has_usable_password()) == ("새 사람", False)
        assert EmailAddress.objects.get(user=user).verified
        account = SocialAccount.objects.get(user=user)
        assert (account.provider, account.uid) == ("hanbit", "u-1")
        assert account.extra_data == {"shown": "new@hanbit.example"}  # and nothing else is kept
        # The next time they are simply in, also when the address there has changed.
        again = _client()
        come_back(again, web, lambda asked: signed(claims(asked, email="b@elsewhere.example")))
        assert _who(again) == str(user.pk)


@pytest.mark.parametrize(
    "changed",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "graduate@people.example"},  # verified there, but not of its own domains
    ],
)
def test_an_address_that_was_not_proved_opens_no_account(
    world: World, changed: dict[str, object]
) -> None:
    owner = world.people["graduate"]
    if "email" not in changed:
        User.objects.filter(pk=owner.pk).update(email="new@hanbit.example")
        owner.refresh_from_db()
    verified(owner)
    with known(OIDC) as web:
        client = _client()
        come_back(client, web, lambda asked: signed(claims(asked, **changed)))
        assert _who(client) is None
        answer = client.post(SIGN_UP, {"email": owner.email, "full_name": "남의 이름"})
    assert _who(client) is None
    assert answer.status_code == 302  # as for any address: a letter tells the owner, nobody else
    assert not SocialAccount.objects.exists()
    assert [letter.to for letter in mail.outbox] == [[owner.email]]


def test_a_proved_address_opens_its_account_and_the_owner_is_told(world: World) -> None:
    owner = verified(person("한빛 사람", "staff@hanbit.example"))
    with known(OIDC) as web:
        client = _client()
        come_back(client, web, lambda asked: signed(claims(asked, email="Staff@hanbit.example")))
        assert _who(client) == str(owner.pk)
    assert SocialAccount.objects.get(user=owner).uid == "u-1"
    assert Entry.objects.filter(event="external.linked", actor_uuid=owner.uuid).exists()
    assert any("연결" in letter.body for letter in mail.outbox)


def _kakao(web: Web, **account: object) -> None:
    web.pages["https://kauth.kakao.com/oauth/token"] = {"access_token": "a"}
    web.pages["https://kapi.kakao.com/v2/user/me"] = {"id": 5, "kakao_account": account}


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ({"is_email_verified": True, "is_email_valid": True}, True),
        ({"is_email_verified": True, "is_email_valid": False}, False),
        ({"is_email_verified": False, "is_email_valid": True}, False),
        ({}, False),
    ],
)
def test_kakao_is_believed_about_an_address_that_it_looked_at(
    world: World, said: dict[str, bool], opens: bool
) -> None:
    owner = verified(world.people["graduate"])
    with known(KAKAO) as web:
        _kakao(web, email=owner.email, **said)
        client = _client()
        asked = leave(client, "/accounts/kakao/login/")
        client.get("/accounts/kakao/login/callback/", {"code": "c", "state": asked["state"]})
    assert (_who(client) == str(owner.pk)) is opens


def test_naver_is_never_believed_about_an_address(world: World) -> None:
    owner = verified(world.people["graduate"])
    with known(NAVER) as web:
        web.pages["https://nid.naver.com/oauth2.0/token"] = {"access_token": "a"}
        web.pages["https://openapi.naver.com/v1/nid/me"] = {
            "response": {"id": "n1", "email": owner.email, "name": "남"}
        }
        client = _client()
        asked = leave(client, "/accounts/naver/login/")
        client.get("/accounts/naver/login/callback/", {"code": "c", "state": asked["state"]})
        assert _who(client) is None
        # A new account by Naver needs the letter, too.
        client.post(SIGN_UP, {"email": "fresh@people.example", "full_name": "새 사람"})
    assert not EmailAddress.objects.get(email="fresh@people.example").verified
    assert _who(client) is None


# --- linking from the account page -------------------------------------------------------------


def test_linking_asks_for_the_password_again_and_removing_too(world: World) -> None:
    user = world.people["graduate"]
    with known(OIDC) as web:
        client = enter(user)
        stale = client.session
        for record in stale["account_authentication_methods"]:
            record["at"] -= 3600
        stale.save()
        oidc_pages(web)
        asked = leave(client, "/accounts/oidc/hanbit/login/?process=connect")
        token = signed(claims(asked, email="other@elsewhere.example"))
        web.pages[f"{ISSUER}/token"] = {"access_token": "a", "id_token": token}
        back = {"code": "c", "state": asked["state"]}
        held = client.get("/accounts/oidc/hanbit/login/callback/", back)
        assert held.headers["Location"] == "/accounts/reauthenticate/"
        assert not SocialAccount.objects.exists()
        client.post("/accounts/reauthenticate/", {"password": "kkamak-sikyeo-7"})
        account = SocialAccount.objects.get(user=user)
        page = client.get("/accounts/3rdparty/").content.decode()
        assert "한빛대학교" in page
        assert "other@elsewhere.example" in page
        gone = client.post("/accounts/3rdparty/", {"account": account.pk})
        assert gone.status_code == 302
    assert not SocialAccount.objects.exists()
    events = Entry.objects.filter(actor_uuid=user.uuid).values_list("event", flat=True)
    assert {"external.linked", "external.unlinked"} <= set(events)


def test_an_account_of_elsewhere_belongs_to_one_person(world: World) -> None:
    first, second = world.people["graduate"], world.people["trainee"]
    SocialAccount.objects.create(user=first, provider="hanbit", uid="u-1")
    with known(OIDC) as web:
        client = enter(second)
        oidc_pages(web)
        asked = leave(client, "/accounts/oidc/hanbit/login/?process=connect")
        token = signed(claims(asked))
        web.pages[f"{ISSUER}/token"] = {"access_token": "a", "id_token": token}
        back = {"code": "c", "state": asked["state"]}
        client.get("/accounts/oidc/hanbit/login/callback/", back)
        page = client.get("/accounts/3rdparty/").content.decode()
    assert "다른 사람의 계정" in page
    assert SocialAccount.objects.get().user == first


def test_the_last_way_in_is_not_removed_and_a_provider_that_is_gone_can_be(world: World) -> None:
    user = world.people["graduate"]
    client = enter(user)
    account = SocialAccount.objects.create(user=user, provider="taken-away", uid="1")
    page = client.get("/accounts/3rdparty/")
    assert "taken-away" in page.content.decode()
    assert client.post("/accounts/3rdparty/", {"account": account.pk}).status_code == 302
    assert not SocialAccount.objects.exists()
    other = SocialAccount.objects.create(user=user, provider="hanbit", uid="1")
    user.set_unusable_password()
    user.save()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/3rdparty/", {"account": other.pk})
    assert SocialAccount.objects.exists()


# --- the second step ---------------------------------------------------------------------------


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.BITGOEUL_SECOND_FACTOR = True


@pytest.mark.parametrize(
    ("trusted", "amr", "enough"),
    [
        (True, ["pwd", "mfa"], True),
        (True, ["pwd"], False),
        (True, "mfa", False),
        (True, None, False),
        (False, ["pwd", "mfa"], False),
    ],
)
def test_whose_role_needs_a_second_step_shows_ours_unless_the_provider_is_trusted(
    world: World, demanded: None, trusted: bool, amr: object, enough: bool
) -> None:
    officer = verified(world.people["officer_university"])
    SocialAccount.objects.create(user=officer, provider="hanbit", uid="u-1")
    with known(replace(OIDC, second_step=trusted)) as web:
        client = _client()
        come_back(client, web, lambda asked: signed(claims(asked, amr=amr)))
        assert _who(client) == str(officer.pk)
        assert (client.get("/reports/").status_code == 200) is enough


def test_whoever_has_an_app_here_is_asked_for_its_code(world: World, demanded: None) -> None:
    officer = world.people["officer_university"]
    secret = set_up_app(enter(officer))
    SocialAccount.objects.create(user=officer, provider="hanbit", uid="u-1")
    with known(OIDC) as web:
        client = _client()
        answer = come_back(client, web, lambda asked: signed(claims(asked)))
        assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
        assert _who(client) is None
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, steps=1)})
        assert _who(client) == str(officer.pk)
