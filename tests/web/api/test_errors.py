"""What goes wrong under /api/ answers as a problem with the request's number, never as a page."""

from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse

from bitgoeul.apps.alliance.api import organisations
from bitgoeul.core.api.problems import ProblemOut
from tests.core.api.calling import ROOT, caller, token_of
from tests.world import person

LIST = f"{ROOT}/alliance/organisations"
HUGE = str(1 << 40)


def told(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is the problem of a code, as the document describes it."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = answer.json()
    ProblemOut.model_validate(problem)
    assert (problem["code"], problem["status"]) == (code, status)
    assert problem["number"] == answer["X-Request-Number"]
    return problem


NOWHERE = UUID(int=7)
"""Of no object; the same in every process, since the name of a test holds it."""


@pytest.mark.parametrize("path", ["/api/", "/api/v2/x", f"{ROOT}/nothing", f"{LIST}/{NOWHERE}/x"])
def test_an_address_that_is_none(path: str) -> None:
    told(Client().get(path), 404, "absent")


@pytest.mark.parametrize(
    "path", [LIST, f"{ROOT}/jobs/{NOWHERE}", f"{ROOT}/openapi.json", f"{ROOT}/"]
)
@pytest.mark.parametrize("method", ["delete", "put", "options"])
def test_a_method_that_an_address_does_not_take(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    told(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize(("language", "title"), [("ko", "너무 큽니다"), ("en", "too large")])
def test_a_body_that_says_it_is_too_long(language: str, title: str) -> None:
    client = Client(headers={"accept-language": language})
    answer = client.post(LIST, b"", content_type="application/json", CONTENT_LENGTH=HUGE)
    assert title in told(answer, 413, "too_large")["title"]


@pytest.mark.django_db
@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_a_body_that_is_longer_than_a_form_may_be() -> None:
    client = caller(token_of(person("가온", "a@people.example"))[1])
    body = b'{"text": "' + b"x" * 20 + b'"}'
    path = f"{ROOT}/alliance/me/consents"
    told(client.post(path, body, content_type="application/json"), 413, "too_large")


@pytest.mark.django_db
def test_parts_that_cannot_be_read() -> None:
    client = caller(token_of(person("가온", "a@people.example"), "imports:write")[1])
    path = reverse("v1:imports.upload", kwargs={"kind": "organisations"})
    told(client.post(path, b"--", content_type="multipart/form-data"), 400, "unreadable")
    many = {f"f{number}": "x" for number in range(12)}
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10):
        told(client.post(path, many), 400, "unreadable")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (ZeroDivisionError("secret"), 500, "fault"),
        (OperationalError("secret"), 503, "unavailable"),
        (SuspiciousOperation("secret"), 400, "unreadable"),
    ],
)
def test_a_fault_of_ours(fault: Exception, status: int, code: str) -> None:
    client = Client(raise_request_exception=False)
    with mock.patch.object(organisations.queries, "organisations_listed", side_effect=fault):
        answer = client.get(LIST)
    told(answer, status, code)
    assert b"secret" not in answer.content
    assert answer.has_header("Retry-After") == (status == 503)


def test_a_host_that_is_not_this_one() -> None:
    told(Client().get(LIST, headers={"host": "elsewhere.example"}), 400, "unreadable")


@pytest.mark.django_db
def test_a_browser_without_its_second_factor_gets_a_problem_and_no_page_of_sign_in() -> None:
    browser = Client()
    browser.force_login(
        person("가온", "a@people.example", is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    with override_settings(BITGOEUL_SECOND_FACTOR=True):
        told(browser.get(f"{ROOT}/alliance/me"), 401, "token_missing")
