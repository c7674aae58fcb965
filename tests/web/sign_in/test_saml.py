"""SAML: an assertion is believed when it is signed, for us, in time, asked for, and once."""

import base64
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from bitgoeul.apps.alliance.models import User
from tests.web.sign_in import saml
from tests.web.sign_in.providers import known
from tests.web.sign_in.signing import verified
from tests.world import person


@pytest.fixture
def staff(db: None) -> User:
    cache.clear()
    return verified(person("한빛 사람", "staff@hanbit.example"))


def _who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_good_assertion_signs_in_and_serves_once(staff: User) -> None:
    with known(saml.provider()):
        client = Client()
        answer = saml.response(saml.leave(client))
        assert saml.bring(client, answer).headers["Location"] == "/"
        assert _who(client) == str(staff.pk)
        # Brought again, by the same browser or by another one.
        client.post("/accounts/logout/")
        for again in (client, Client()):
            assert saml.bring(again, answer).status_code in {401, 403}
            assert _who(again) is None
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.user) == ("uni", "s-1", staff)


REFUSED: dict[str, dict[str, Any]] = {
    "nobody signed": {"signer": None},
    "somebody else signed": {"signer": "stranger"},
    "for somebody else": {"audience": "https://elsewhere.example/metadata"},
    "to somebody else": {"to": "https://elsewhere.example/acs/"},
    "too old": {"ends": -30},
    "of somebody else": {"issuer": "https://elsewhere.example/metadata"},
}


def test_an_assertion_that_is_not_whole_signs_nobody_in(staff: User) -> None:
    with known(saml.provider()):
        for what, facts in REFUSED.items():
            client = Client()
            answer = saml.response(saml.leave(client), **facts)
            assert saml.bring(client, answer).status_code == 401, what
            assert _who(client) is None, what
        # Nobody asked: a link of the provider, or of somebody else, signs nobody in.
        client = Client()
        assert saml.bring(client, saml.response("")).status_code == 401
        # Changed after it was signed.
        client = Client()
        good = base64.b64decode(saml.response(saml.leave(client), email="a@hanbit.example"))
        changed = good.replace(b"a@hanbit.example", b"staff@hanbit.example")
        assert saml.bring(client, base64.b64encode(changed).decode()).status_code == 401
        # A document that wants files of this machine.
        trick = b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>'
        assert saml.bring(client, base64.b64encode(trick).decode()).status_code == 401
        assert saml.bring(client, "not base64!").status_code == 401
        assert _who(client) is None
    assert not SocialAccount.objects.exists()


def test_an_address_of_another_domain_is_not_proved(staff: User) -> None:
    with known(saml.provider(domains=("other.example",))):
        client = Client()
        answer = saml.bring(client, saml.response(saml.leave(client)))
        assert answer.headers["Location"] == "/accounts/3rdparty/signup/"
        assert _who(client) is None


@pytest.mark.parametrize(
    ("trusted", "context", "enough"),
    [(True, saml.MFA, True), (True, saml.WORD, False), (False, saml.MFA, False)],
)
def test_its_word_about_a_second_step_counts_when_the_operator_says_so(
    staff: User, settings: Any, trusted: bool, context: str, enough: bool
) -> None:
    settings.BITGOEUL_SECOND_FACTOR = True
    staff.is_staff = True
    staff.save(update_fields=["is_staff"])
    with known(saml.provider(second_step=trusted)):
        client = Client()
        saml.bring(client, saml.response(saml.leave(client), context=context))
        assert _who(client) == str(staff.pk)
        assert (client.get("/reports/").status_code == 200) is enough


@pytest.mark.django_db
def test_what_the_provider_is_told_about_us_names_no_secret() -> None:
    with known(saml.provider()):
        answer = Client().get("/accounts/saml/uni/metadata/")
    assert answer.status_code == 200
    assert b"/accounts/saml/uni/acs/" in answer.content
    assert b"PRIVATE" not in answer.content
