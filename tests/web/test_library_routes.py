"""Every address that a library brings × who asks: declared here, or it fails.

The rooms' own addresses stand in tests/web/access, the operations in tests/web/api.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import get_resolver, reverse

from bitgoeul.apps.alliance.models import ConsentText
from tests.web.answers import faults_of
from tests.web.sign_in.signing import verified
from tests.web.test_access_table import FOREIGN, routes
from tests.world import World, build_world

WHO = {
    "public": None,
    "person": "applicant",
    "officer": "officer_university",
    "administrator": "administrator",
}
"""The four of them, and who of the small alliance each is."""

SIGN_IN = "302 /accounts/login/"
HOME = "302 /"
AGAIN = "302 /accounts/reauthenticate/"


def _all(answer: str) -> dict[str, str]:
    return dict.fromkeys(WHO, answer)


def _inside(answer: str = "200") -> dict[str, str]:
    return {**_all(answer), "public": SIGN_IN}


def _outside(answer: str = "200") -> dict[str, str]:
    """For whoever is not signed in; who is, has nothing to do there."""
    return {**_all(HOME), "public": answer}


def _administrators(answer: str = "200") -> dict[str, str]:
    return {**_all("404"), "public": "302 /admin/login/", "administrator": answer}


ROUTES: dict[str, dict[str, str]] = {
    "account_login": _outside(),
    "account_logout": _inside() | {"public": HOME},
    "account_inactive": _all("200"),
    "account_signup": _outside(),
    "account_reauthenticate": _inside(),
    "account_email": _inside(),
    "account_email_verification_sent": _all("200"),
    "account_confirm_email": _all("200"),  # says that the key is none
    "account_change_password": _inside(),
    "account_reset_password": _all("200"),
    "account_reset_password_done": _all("200"),
    "account_reset_password_from_key": _all("200"),  # says that the key is none
    "account_reset_password_from_key_done": _all("200"),
    "mfa_index": _inside(),
    "mfa_authenticate": _outside(SIGN_IN),  # between password and second step only
    "mfa_reauthenticate": _inside(AGAIN),
    "mfa_activate_totp": _inside(AGAIN),
    "mfa_deactivate_totp": _inside("404"),  # none of them has an app
    "mfa_view_recovery_codes": _inside("404"),
    "mfa_generate_recovery_codes": _inside(AGAIN),
    "mfa_download_recovery_codes": _inside("404"),
    "mfa_list_webauthn": _inside(),
    "mfa_add_webauthn": _inside(AGAIN),
    "mfa_edit_webauthn": _inside(AGAIN),
    "mfa_remove_webauthn": _inside(AGAIN),
    "mfa_reauthenticate_webauthn": _inside(AGAIN),
    "mfa_login_webauthn": _outside(SIGN_IN),  # for the script of the page only
    "usersessions_list": _inside(),
    "account_set_password": _inside("302 /accounts/password/change/"),  # they have one
    "socialaccount_connections": _inside(),
    "socialaccount_signup": _all(SIGN_IN),  # between a provider and here only
    "socialaccount_login_cancelled": _all("200"),
    "socialaccount_login_error": _all("401"),
    # The operator of the tests names no provider; test_external.py and test_saml.py name some.
    **dict.fromkeys(
        (
            "oidc_login",
            "oidc_callback",
            "kakao_login",
            "kakao_callback",
            "naver_login",
            "naver_callback",
            "saml_login",
            "saml_finish_acs",
            "saml_metadata",
            "saml_sls",
        ),
        _all("404"),
    ),
    "saml_acs": _all("405"),  # takes what a provider's page posts
    "admin:index": _administrators(),
    "admin:app_list": _administrators(),
    "admin:jsi18n": _administrators(),
    "admin:login": _all("302 /accounts/login/"),
    "admin:logout": _all("302 /accounts/logout/"),
    "admin:password_change": _all("302 /accounts/password/change/"),
}
KWARGS: dict[str, dict[str, Any]] = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "oidc_login": {"provider_id": "hanbit"},
    "oidc_callback": {"provider_id": "hanbit"},
    **{
        f"saml_{page}": {"organization_slug": "hanbit"}
        for page in ("login", "acs", "finish_acs", "metadata", "sls")
    },
    "admin:app_list": {"app_label": "alliance"},
}
LOOKED_AT = frozenset(
    {
        "alliance.agreement", "alliance.consenttext", "alliance.organisation",
        "careers.vacancy", "credentials.achievement", "credentials.skill",
        "programmes.cohort", "programmes.programme", "programmes.ruleset",
        "programmes.stage", "programmes.track", "reports.report", "reports.snapshot",
        "reviews.rubric", "reviews.rubricitem",
    }
)  # fmt: skip
"""The tables that administrators may look at: none with people in it."""

ADDED = {"admin:alliance_consenttext_add"}
"""The one thing that may be added there: it goes through the room's service."""


def _of_tables() -> dict[str, dict[str, str]]:
    """Five pages of each table: looked at, never changed."""
    found = {}
    for label in LOOKED_AT:
        name = "admin:" + label.replace(".", "_")
        for page in ("changelist", "change", "history"):
            found[f"{name}_{page}"] = _administrators()
        for page in ("add", "delete"):
            found[f"{name}_{page}"] = _administrators("403")
    return found | {name: _administrators() for name in ADDED}


DECLARED = ROUTES | _of_tables()


def _foreign() -> set[str]:
    names = routes(get_resolver().url_patterns)
    return {n for n in names if n.startswith(FOREIGN) and not n.startswith("v1:")}


def test_every_library_route_is_declared() -> None:
    assert _foreign() - DECLARED.keys() == set()


def test_every_declared_library_route_exists() -> None:
    assert DECLARED.keys() - _foreign() == set()


def test_the_admin_shows_no_table_of_a_library_and_nobodys_data() -> None:
    assert {model._meta.label_lower for model in site._registry} == LOOKED_AT


class TestLibraryRoutes(TestCase):
    """Asked by GET; that no form is taken without its token is tested in test_hardening.py."""

    world: World
    text: ConsentText

    @classmethod
    def setUpTestData(cls) -> None:
        cache.clear()
        cls.world = build_world()

    def _clients(self) -> Iterator[tuple[str, Client]]:
        for who, role in WHO.items():
            client = Client(headers={"accept-language": "en"})
            if role:
                client.force_login(
                    verified(self.world.people[role]),
                    backend="django.contrib.auth.backends.ModelBackend",
                )
            yield who, client

    def _faults(self, names: set[str], kwargs: dict[str, dict[str, Any]]) -> Iterator[str]:
        for who, client in self._clients():
            for name in sorted(names):
                response = client.get(reverse(name, kwargs=kwargs.get(name)))
                where = response.headers.get("Location", "").partition("?")[0]
                got = f"{response.status_code} {where}".strip()
                if got != DECLARED[name][who]:
                    yield f"{name} by {who}: expected {DECLARED[name][who]}, got {got}"
                for fault in faults_of(response, signed_in=who != "public"):
                    yield f"{name} by {who}: {fault}"

    def test_signing_in(self) -> None:
        found = list(self._faults(set(ROUTES), KWARGS))
        assert not found, "\n".join(found)

    def test_tables(self) -> None:
        objects: dict[str, dict[str, Any]] = {}
        for model in site._registry:
            found = model._default_manager.first()
            name = "admin:" + model._meta.label_lower.replace(".", "_")
            for page in ("change", "history", "delete"):
                objects[f"{name}_{page}"] = {"object_id": found.pk if found else 0}
            if found is None:  # the small alliance has no report: then nothing is found
                for page in ("change", "history"):
                    DECLARED[f"{name}_{page}"] = _administrators("302 /admin/")
        found = list(self._faults(set(DECLARED) - set(ROUTES), objects))
        assert not found, "\n".join(found)


@pytest.mark.django_db
def test_somebody_who_is_staff_and_no_administrator_is_not_sent_in_circles() -> None:
    world = build_world()
    person = world.people["officer_city"]
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/").status_code == 404
