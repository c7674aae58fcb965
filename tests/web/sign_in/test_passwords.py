"""Which passwords are taken, and how often one may try."""

import os
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from pwned_passwords_django.api import PwnedPasswords

from bitgoeul.web.sign_in.passwords import BreachedPasswordValidator
from tests.web.sign_in.signing import enter, verified
from tests.world import PASSWORD, person

LEAKED = "trombone-window-71"  # SHA-1 begins with the five digits that are asked for


@pytest.fixture(autouse=True)
def _awake() -> None:
    BreachedPasswordValidator.resting_until = 0.0


def _validator(answer: Any, asked: list[str] | None = None) -> BreachedPasswordValidator:
    def served(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(str(request.url))
        if isinstance(answer, Exception):
            raise answer
        return answer(request)  # type: ignore[no-any-return]  # made by the tests below

    client = httpx.Client(transport=httpx.MockTransport(served))
    return BreachedPasswordValidator(PwnedPasswords(client=client))


def _hit(request: httpx.Request) -> httpx.Response:
    import hashlib

    digest = hashlib.sha1(LEAKED.encode(), usedforsecurity=False).hexdigest().upper()
    body = f"{'0' * 35}:3\r\n{digest[5:]}:1,204" if str(request.url).endswith(digest[:5]) else ""
    return httpx.Response(200, text=body)


@pytest.fixture
def asking(settings: Any) -> None:
    settings.BITGOEUL_BREACHED_PASSWORDS = True


def test_a_leaked_password_is_refused_and_little_is_told(asking: None) -> None:
    asked: list[str] = []
    validator = _validator(_hit, asked)
    with pytest.raises(ValidationError, match="유출"):
        validator.validate(LEAKED)
    validator.validate("another-window-72")
    assert all(len(address.rsplit("/", 1)[1]) == 5 for address in asked)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("no network"),
        httpx.ReadTimeout("slow"),
        lambda _request: httpx.Response(503),
        lambda _request: httpx.Response(200, text="<html>a portal</html>"),
    ],
)
def test_a_service_that_does_not_answer_blocks_nobody(asking: None, answer: Any) -> None:
    asked: list[str] = []
    validator = _validator(answer, asked)
    for _ in range(3):
        validator.validate(LEAKED)
    assert len(asked) == 1  # and is left alone for a while


def test_the_operator_switches_it_off() -> None:
    asked: list[str] = []
    _validator(_hit, asked).validate(LEAKED)
    assert asked == []


@pytest.mark.parametrize(
    "password",
    [
        "password1",
        "qwertyuiop",
        "1q2w3e4r5t",
        "short-7",
        "Bitgoeul2026!",
        "광주광역시1234",
        "gist-admin1",
    ],
)
def test_passwords_that_are_not_taken_without_any_network(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "나무 위의 파란 자전거",
        "83920175520194",
        "correct horse battery staple",
        "x" * 20 + "Wq7" * 40,
        "bitgoeul-orchestra-window",
        "!@#$%^&*()_+{}|:<>?",
    ],
)
def test_every_composition_and_length_is_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.django_db
def test_a_password_counts_as_it_was_typed() -> None:
    """Not shortened, not trimmed, not folded."""
    password = " Ünïcode 비밀 " + "y" * 100
    user = verified(person("가온", "a@people.example"))
    user.set_password(password)
    assert user.check_password(password)
    for other in (password.strip(), password[:72], password.lower(), password + "y"):
        assert not user.check_password(other)


@pytest.mark.django_db
def test_the_page_takes_a_managers_password_and_masks_it() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    new = Client().get("/accounts/signup/").content.decode()
    assert new.count('autocomplete="new-password"') == 2
    assert "maxlength" not in new[new.index('name="password1"') - 200 :][:400]


@pytest.mark.django_db
def test_a_change_needs_the_present_password() -> None:
    cache.clear()
    user = person("가온", "a@people.example")
    client = enter(user)
    new = {"password1": "four words are enough", "password2": "four words are enough"}
    assert (
        client.post("/accounts/password/change/", {"oldpassword": "wrong", **new}).status_code
        == 200
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    user.refresh_from_db()
    assert user.check_password("four words are enough")


def _try(email: str, password: str) -> str:
    client = Client(headers={"accept-language": "en"}, REMOTE_ADDR="203.0.113.7")
    answer = client.post("/accounts/login/", {"login": email, "password": password})
    if answer.status_code == 302:
        return "in"
    return "limit" if "Too many" in answer.content.decode() else "wrong"


def _in_a_process(email: str) -> int:
    """Try four times in a process of its own; returns the end of a pipe to read from."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    code = 1
    try:
        found = " ".join(_try(email, f"wrong-guess-{os.getpid()}") for _ in range(4))
        os.write(writing, found.encode())
        code = 0
    finally:
        os._exit(code)


@pytest.mark.django_db(transaction=True)
def test_three_processes_count_attempts_together() -> None:
    """Five wrong passwords an address: not five for each process."""
    user = verified(person("가온", "a@people.example"))
    assert _try("other@people.example", "wrong") == "wrong"  # everything is loaded before the fork
    connections.close_all()
    pipes = [_in_a_process(user.email) for _ in range(3)]
    tried = [word for pipe in pipes for word in os.fdopen(pipe).read().split()]
    for _ in pipes:
        assert os.wait()[1] == 0
    assert len(tried) == 12
    assert 1 <= tried.count("wrong") <= 5
    assert tried.count("limit") >= 7
    # Whoever knows the password waits, too; another address does not.
    assert _try(user.email, PASSWORD) == "limit"


def test_counters_are_not_pushed_out_by_trying_many_addresses() -> None:
    options = django_settings.CACHES["default"]
    assert options["BACKEND"].endswith("DatabaseCache")
    assert options["OPTIONS"]["MAX_ENTRIES"] >= 100_000
