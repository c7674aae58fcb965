"""What every answer carries, and what no request talks the site into: from the resolver.

A new address is met by these tests without a line here. What is excused stands below with its
reason.
"""

import ast
import os
import re
import runpy
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import global_settings
from django.conf import settings as django_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import checks, mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.models import LabFile
from bitgoeul.core import exports
from bitgoeul.web.middleware import ClientAddressMiddleware, NoStoreMiddleware
from tests.web.answers import CARRIED
from tests.web.sign_in.signing import enter, verified
from tests.world import PASSWORD, World, build_world

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "bitgoeul"
ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "http:///elsewhere.example/",
    "https://testserver@elsewhere.example/",
    "https://testserver.elsewhere.example/",
    "javascript:alert(1)",
    "\thttps://elsewhere.example/",
)

WITHOUT_FORGERY_CHECK = {
    "notices:unsubscribe": "mail programs post here themselves (RFC 8058); the signed link is it",
    "saml_acs": "a provider's page posts here; the signature and the request it answers are it",
    "api_reference": "reads only, like the API that it describes, and knows no session",
    "api_openapi": "the same",
}
"""Own routes that take a POST without a token of the form, and why. The API is looked at apart."""


def _views(
    patterns: list[URLPattern | URLResolver], space: str = "", route: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern with its name and how its address is written."""
    for pattern in patterns:
        written = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _views(pattern.url_patterns, inner, written)
        else:
            yield f"{space}{pattern.name}", written, pattern


API_AND_ADMIN = ("v1:", "admin:")
"""The admin's own pages are one view many times over; one of them stands for all below."""

ALL_VIEWS = list(_views(get_resolver().url_patterns))
EXAMPLES = {"uuid": str(uuid.UUID(int=7)), "int": "7", "slug": "x", "str": "x", "path": "x"}
PART = re.compile(r"<(?:(\w+):)?\w+>")


def _address(written: str) -> str | None:
    """An address that leads to the pattern; nothing for those written as expressions."""
    if written.startswith("^") or "(?P" in written:
        return None
    return "/" + PART.sub(lambda found: EXAMPLES.get(found[1] or "str", "2025-06-02"), written)


# --- forms from elsewhere ---------------------------------------------------------------------


def test_only_what_has_a_reason_does_without_the_check_against_forged_forms() -> None:
    excused = {
        name
        for name, _written, pattern in ALL_VIEWS
        if getattr(pattern.callback, "csrf_exempt", False) and not name.startswith("v1:")
    }
    assert excused == set(WITHOUT_FORGERY_CHECK)


@pytest.mark.django_db
def test_no_address_takes_a_form_without_its_token() -> None:
    """The check comes before the view, so an invented object serves."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.post("/api/v1/openapi.json").status_code == 405
    # What the page of a refusal looks like is tested elsewhere.
    with override_settings(CSRF_FAILURE_VIEW=f"{__name__}.refused"):
        taken = {}
        for name, written, _pattern in ALL_VIEWS:
            address = _address(written)
            if address and not name.startswith(API_AND_ADMIN) and name not in WITHOUT_FORGERY_CHECK:
                taken[name] = client.post(address).status_code
        taken["admin"] = client.post("/admin/alliance/user/add/").status_code
        for method in (client.put, client.patch, client.delete):
            assert method("/views/save/").status_code == 403
    assert len(taken) > 150
    assert {name: status for name, status in taken.items() if status != 403} == {}


def refused(request: Any, reason: str = "") -> HttpResponse:
    """A bare refusal."""
    return HttpResponse(status=403)


@pytest.mark.django_db
def test_a_session_is_no_key_to_the_api() -> None:
    """Its operations take no token of a form, so they must not take the cookie either."""
    world = build_world()
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.people["administrator"], backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/api/v1/alliance/me").status_code == 401
    written = client.post("/api/v1/alliance/organisations", "{}", "application/json")
    assert written.status_code == 401


# --- what every answer carries: pages of people are looked at by test_access_table.py ----------


def test_answers_to_a_token_are_not_kept_either() -> None:
    request = RequestFactory().get("/api/v1/alliance/me", headers={"authorization": "Bearer x"})
    answer = NoStoreMiddleware(lambda _request: HttpResponse())(request)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here/", "/health/"])
def test_answers_to_the_public(address: str) -> None:
    answer = Client().get(address)
    assert {key: answer.get(key) for key in CARRIED} == CARRIED
    policy = answer["Content-Security-Policy"]
    for directive in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert directive in policy
    assert "Access-Control-Allow-Origin" not in answer


# --- files -------------------------------------------------------------------------------------


def test_no_code_shows_a_stored_file_in_the_page() -> None:
    """FileResponse without `as_attachment`, or an inline disposition, shows what somebody sent."""
    faults = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        if "FileResponse(" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "FileResponse":
                    given = {word.arg: ast.unparse(word.value) for word in node.keywords}
                    if given.get("as_attachment") != "True":
                        faults.append(f"{path.name}:{node.lineno}")
        if re.search(r"[\"']inline\b[^\"']*filename", text) or "MEDIA_URL" in text:
            faults += [] if path.name == "settings.py" else [path.name]
    assert faults == []


HOSTILE_NAMES = (
    'a"; filename="b.html',
    "x\r\nSet-Cookie: a=b",
    "<svg onload=1>.svg",
    "../../etc/나.html",
)


def test_a_file_is_handed_out_as_a_file_whatever_its_name(world: World) -> None:
    client = Client()
    client.force_login(
        world.people["administrator"], backend="django.contrib.auth.backends.ModelBackend"
    )
    for name in HOSTILE_NAMES:
        _hand_out(world, client, name)


def _hand_out(world: World, client: Client, name: str) -> None:
    LabFile.objects.all().delete()
    file = LabFile(lab=world.lab, kind="train", name=name, sha256="0" * 64)
    file.file.save(name, ContentFile(b"<script>alert(1)</script>"), save=True)
    stored = Path(file.file.path)
    assert stored.is_relative_to(Path(django_settings.MEDIA_ROOT) / "labs" / str(world.lab.uuid))
    assert stored.suffix == ""
    answer = client.get(reverse("labs:lab_file", args=[world.lab.uuid, "train"]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    manner = answer["Content-Disposition"]
    assert manner.startswith("attachment")
    assert not {"\r", "\n", "/"} & set(manner)
    assert "Set-Cookie" not in answer
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_list_with_a_strange_name_is_a_file_too() -> None:
    answer = exports.table_response("csv", 'a"\r\nb', ["x"], [["1"]])
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]


# --- going elsewhere ---------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return build_world()


def _stays(answer: Any) -> bool:
    return bool(re.match(r"/(?![/\\])", answer.headers.get("Location", "/")))


def test_signing_in_and_out_and_the_language_lead_nowhere_else(world: World) -> None:
    verified(world.people["graduate"])
    for target in ELSEWHERE:
        _go(world, target)


def _go(world: World, target: str) -> None:
    person = world.people["graduate"]
    client = Client()
    facts = {"login": person.email, "password": PASSWORD, "next": target}
    signed_in = client.post("/accounts/login/", facts)
    assert signed_in.status_code == 302
    answers = [
        signed_in,
        client.get("/accounts/login/", {"next": target}),
        client.get("/admin/login/", {"next": target}),
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        client.post("/i18n/setlang/", {"language": "en", "next": target}),
        client.post("/i18n/setlang/", {"language": "en"}, headers={"referer": target.strip()}),
        client.post("/views/save/", {"path": target, "query": "q=a", "name": "a"}),
        client.post("/accounts/logout/", {"next": target}),
    ]
    assert [a.status_code for a in answers if a.status_code >= 400] == [404]  # no such list
    assert [a.headers["Location"] for a in answers if not _stays(a)] == []
    # Nor do they hand the address on to a page that would go there.
    form = Client().get("/accounts/login/", {"next": target}).content.decode()
    assert f'href="{target}' not in form


def test_an_address_that_begins_with_two_strokes_is_no_other_site(world: World) -> None:
    answer = Client().get("//elsewhere.example/alliance/me/", follow=False)
    assert answer.status_code == 404 or _stays(answer)
    # Without the stroke at its end: Django adds it and would send on.
    assert _stays(Client().get("//elsewhere.example/alliance/me"))


# --- who the site believes to be ---------------------------------------------------------------


def test_a_host_that_is_not_ours_is_refused(world: World) -> None:
    person = verified(world.people["graduate"])
    client = Client(raise_request_exception=False)
    for host in ("elsewhere.example", "testserver.elsewhere.example", "a b", "a@x.example"):
        answer = client.post("/accounts/password/reset/", {"email": person.email}, HTTP_HOST=host)
        assert answer.status_code == 400, host
        assert host not in answer.content.decode()
    assert mail.outbox == []


def test_letters_lead_to_the_public_address_whatever_host_was_asked(world: World) -> None:
    person = verified(world.people["graduate"])
    client = Client(headers={"x-forwarded-host": "elsewhere.example"})
    client.post("/accounts/password/reset/", {"email": person.email})
    client.post("/accounts/password/reset/", {"email": "nobody@people.example"})
    new = {
        "full_name": "새 사람",
        "password1": "kkamak-sikyeo-8",
        "password2": "kkamak-sikyeo-8",
    }
    client.post("/accounts/signup/", {"email": "new@people.example", **new})
    client.post("/accounts/signup/", {"email": person.email, **new})
    assert len(mail.outbox) == 4
    for letter in mail.outbox:
        links = re.findall(r"https?://[^/\s]+", str(letter.body))
        assert set(links) <= {django_settings.BITGOEUL.public_url}, letter.body
    assert sum("http" in str(letter.body) for letter in mail.outbox) >= 3


def test_no_code_asks_the_request_what_the_site_is_called() -> None:
    found = [
        path for path in PACKAGE.rglob("*.py") if "build_absolute_uri" in path.read_text("utf-8")
    ]
    # Letters, printed reports and codes carry `settings.BITGOEUL.public_url`, the one address.
    assert [path.name for path in found] == ["adapters.py"]  # it replaces what the library made


# --- the settings of a server behind TLS -------------------------------------------------------


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The product's own settings as an operator's environment makes them."""
    environment = {
        "BITGOEUL_DATA_DIR": str(tmp_path_factory.mktemp("production")),
        "BITGOEUL_BEHIND_TLS": "1",
        "BITGOEUL_PUBLIC_URL": "https://alliance.example",
        "BITGOEUL_ALLOWED_HOSTS": "alliance.example",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BITGOEUL_")}
    with mock.patch.dict(os.environ, kept | environment, clear=True):
        made = runpy.run_path(str(PACKAGE / "web" / "settings.py"))
    wanted = (
        "SESSION_COOKIE", "CSRF_", "SECURE_", "LANGUAGE_COOKIE", "ALLOWED_HOSTS", "DEBUG",
        "X_FRAME", "SECRET_KEY", "PASSWORD_HASHERS", "MFA_WEBAUTHN_ALLOW", "BITGOEUL_SECOND",
        "BITGOEUL_CONFIRM",
    )  # fmt: skip
    return {key: value for key, value in made.items() if key.startswith(wanted)}


def test_the_settings_behind_tls(production: dict[str, Any]) -> None:
    assert production["DEBUG"] is False
    assert production["BITGOEUL_SECOND_FACTOR"]
    assert production["BITGOEUL_CONFIRM_SENSITIVE"]
    assert production["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    with override_settings(**production):
        assert checks.run_checks(include_deployment_checks=True, tags=["security"]) == []


@pytest.mark.django_db
def test_cookies_and_headers_behind_tls(production: dict[str, Any]) -> None:
    world = build_world()
    with override_settings(**production, BITGOEUL=replace(django_settings.BITGOEUL)):
        plain = Client(headers={"host": "alliance.example"}).get("/")
        assert plain["Location"] == "https://alliance.example/"
        client = Client(headers={"host": "alliance.example", "x-forwarded-proto": "https"})
        answer = client.get("/accounts/login/")
        assert answer["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
        facts = {"login": verified(world.people["graduate"]).email, "password": PASSWORD}
        client.post("/accounts/login/", facts)
        client.post("/i18n/setlang/", {"language": "en"})
        assert {"__Host-session", "__Host-csrf", "__Host-language"} <= client.cookies.keys()
        for name, cookie in client.cookies.items():
            assert cookie["secure"], name
            assert cookie["httponly"], name
            assert cookie["samesite"] == "Lax", name
            assert cookie["path"] == "/", name
            assert not cookie["domain"], name  # __Host- allows none


@pytest.mark.django_db
def test_a_session_gets_a_new_key_when_somebody_signs_in() -> None:
    world = build_world()
    client = Client()
    client.get("/accounts/login/", {"next": "/alliance/me/"})
    client.post("/i18n/setlang/", {"language": "en"})
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    person = verified(world.people["graduate"])
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key


def test_signing_out_ends_the_session_on_the_server(world: World) -> None:
    client = enter(world.people["graduate"])
    copy = Client()
    copy.cookies[django_settings.SESSION_COOKIE_NAME] = client.session.session_key
    assert copy.get("/alliance/me/").status_code == 200
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert copy.get("/alliance/me/").status_code == 302


def test_behind_a_proxy_a_request_comes_from_whom_the_proxy_names() -> None:
    """Limits on attempts and records of readings would else know one address for everybody."""
    seen = []
    middleware = ClientAddressMiddleware(
        lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse()
    )
    behind = replace(django_settings.BITGOEUL, behind_tls=True)
    for named in ("203.0.113.7", "198.51.100.1, 203.0.113.7", "2001:db8::7", "no address", ""):
        request = RequestFactory().get("/", headers={"x-forwarded-for": named})
        with override_settings(BITGOEUL=behind):
            middleware(request)
    # What a visitor sends themselves stands before what the proxy adds.
    assert seen == ["203.0.113.7", "203.0.113.7", "2001:db8::7", "127.0.0.1", "127.0.0.1"]
    middleware(RequestFactory().get("/", headers={"x-forwarded-for": "203.0.113.7"}))
    assert seen[-1] == "127.0.0.1"  # without a proxy nobody is believed


def test_a_closed_account_has_no_session_any_more(world: World) -> None:
    client = enter(world.people["graduate"])
    assert client.get("/alliance/me/").status_code == 200
    person = world.people["graduate"]
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get("/alliance/me/").status_code == 302
    assert enter(person).get("/alliance/me/").status_code == 302


@pytest.mark.django_db
def test_nobody_is_known_before_the_first_person_is_made() -> None:
    assert not User.objects.exists()


def test_passwords_are_stored_slowly(production: dict[str, Any]) -> None:
    """The tests' own quick hash is named in tests/settings.py; the product uses Django's first."""
    assert "PASSWORD_HASHERS" not in production
    assert global_settings.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000


@pytest.mark.django_db
def test_what_no_page_takes_is_refused() -> None:
    client = Client(raise_request_exception=False)
    for address in ("/", "/reports/", "/accounts/login/", "/api/v1/openapi.json"):
        answer = client.generic("TRACE", address, headers={"x-secret": "hidden"})
        assert answer.status_code in {403, 405}, address
        assert b"hidden" not in answer.content
    assert client.generic("TRACE", "/static/app.css").status_code == 405
    assert client.get("/static/").status_code == 404  # no folder is listed
    assert client.get("/.git/config").status_code == 404


def test_every_sign_in_is_logged_and_names_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    person = world.people["graduate"]
    with caplog.at_level("INFO", logger="bitgoeul.web"):
        client = enter(person)
        wrong = Client().post("/accounts/login/", {"login": person.email, "password": "wrong"})
        client.post("/accounts/logout/")
    assert wrong.status_code == 200
    said = [record.getMessage() for record in caplog.records]
    assert "sign-in taken: password" in said
    assert "sign-in refused" in said
    assert "signed out" in said
    assert person.email not in caplog.text
