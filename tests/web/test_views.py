"""The answers that belong to no room: what went wrong, and what may be kept by a browser."""

import re

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from bitgoeul.apps.alliance.models import User
from bitgoeul.web import views
from bitgoeul.web.middleware import NoStoreMiddleware, RequestNumberMiddleware, new_number

NUMBER = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


def test_request_numbers_can_be_read_out_and_do_not_repeat() -> None:
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(NUMBER.fullmatch(number) for number in numbers)


def test_an_error_is_logged_under_the_number_that_the_person_sees(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = RequestFactory().get("/somewhere/")
    middleware = RequestNumberMiddleware(lambda _request: HttpResponse())
    answer = middleware(request)
    middleware.process_exception(request, KeyError("what a person typed"))
    assert answer["X-Request-Number"] in caplog.text
    assert "what a person typed" not in caplog.text


def test_a_hidden_page_is_no_error_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    middleware = RequestNumberMiddleware(lambda _request: HttpResponse())
    middleware.process_exception(RequestFactory().get("/somewhere/"), Http404())
    assert [line for line in caplog.records if line.levelname == "ERROR"] == []


def test_the_last_error_page_needs_no_database() -> None:
    """No `django_db` here: a query would fail this test."""
    request = HttpRequest()
    request.number = "ABCD-2345"  # type: ignore[attr-defined]  # as the middleware sets it
    answer = views.server_error(request)
    assert answer.status_code == 500
    assert b"ABCD-2345" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ko", "en"])
def test_absent_pages_say_so_with_a_number(language: str) -> None:
    answer = Client(headers={"accept-language": language}).get("/nothing-here/")
    assert answer.status_code == 404
    assert answer["X-Request-Number"] in answer.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/i18n/setlang/", {"language": "en"})
    assert answer.status_code == 403
    assert "This form could not be accepted" in answer.content.decode()


@pytest.mark.django_db
def test_pages_of_signed_in_people_are_not_kept() -> None:
    user = User.objects.create_user("haneul@example.org", full_name="김하늘")
    request = RequestFactory().get("/")
    request.user = user
    answer = NoStoreMiddleware(lambda _request: HttpResponse())(request)
    assert "no-store" in answer["Cache-Control"]
    kept = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert (
        NoStoreMiddleware(lambda _request: kept)(request)["Cache-Control"] == kept["Cache-Control"]
    )


@pytest.mark.django_db
def test_language_switch_stays_on_the_site() -> None:
    client = Client()
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert client.cookies["bitgoeul_language"].value == "en"


@pytest.mark.django_db
def test_health_needs_no_database() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", None)
        assert Client().get("/health/").json() == {"status": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here/"])
def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(address: str) -> None:
    policy = Client().get(address)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "http" not in policy


def test_filters_follow_the_language() -> None:
    template = Template(
        "{% load bitgoeul %}{{ a|won_text }}|{{ s|share }}|{{ w|josa:'이/가' }}|{{ n|number:2 }}"
    )
    context = Context({"a": 1_284_000_000, "s": 0.674, "w": "수료", "n": 1042.5})
    with translation.override("ko"):
        assert template.render(context) == "12억 8,400만 원|67.4%|수료가|1,042.50"
    with translation.override("en"):
        assert template.render(context) == "₩1.28bn|67.4%|수료가|1,042.50"


def test_amounts_show_the_exact_figure_on_demand() -> None:
    with translation.override("ko"):
        shown = Template("{% load bitgoeul %}{{ a|won }}").render(Context({"a": 1_284_567_890}))
    assert 'title="1,284,567,890원"' in shown
    assert "12억 8,457만\N{NO-BREAK SPACE}원" in shown


def test_remembered_text_is_escaped_once() -> None:
    text = "{% load bitgoeul %}{% remember x %} {{ evil }} {% endremember %}[{{ x }}|{{ x }}]"
    shown = Template(text).render(Context({"evil": "<b>&"}))
    assert shown == "[&lt;b&gt;&amp;|&lt;b&gt;&amp;]"
