"""An officer follows a number of the report down to one person; others find nothing there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.core.journal.models import Reading
from tests.journeys.demo_year import Sample
from tests.journeys.walking import DESKTOP, follow, ko, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def status(email: str, address: str) -> int:
    """How somebody else is answered at an address."""
    client = Client()
    if email:
        person = User.objects.get(email=email)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address).status_code


def test_from_a_number_to_a_person(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    year: Sample,
    check_page: Callable[..., None],
) -> None:
    page = new_page(viewport=DESKTOP)
    bora = year.emails["officer of the university"]
    sign_in(page, live_server.url, bora, year.password)
    expect(page.get_by_role("main")).to_contain_text("보라 한울")
    check_page(page)

    follow(page, "성과", within="banner")
    follow(page, ko("Promised and reached"))
    follow(page, "인공지능 산업 육성을 위한 업무협약")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("광주광역시")
    check_page(page)

    follow(page, "성과", within="banner")
    follow(page, "빛고을 AI 아카데미 1기 성과 보고서(시연)")
    check_page(page)
    follow(page, ko("Completed"))
    follow(page, ko("Open down to the rows"))
    rows = page.url
    completed = Enrolment.objects.filter(state="completed", cohort__number=1).count()
    expect(page.get_by_role("main")).to_contain_text(f"행 {completed}개")
    check_page(page)
    page.get_by_role("main").locator("tbody a").first.click()
    page.wait_for_load_state()
    trace = page.url
    assert re.search(r"/programmes/enrolments/[0-9a-f-]{36}/$", trace)
    expect(page.get_by_role("heading", name=ko("Completed"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("1,300")
    check_page(page)

    reader = User.objects.get(email=bora)
    read = Reading.objects.filter(actor_uuid=reader.uuid)
    assert read.filter(what="reports.rows programmes.completed").exists()
    assert read.filter(what__startswith="programmes.enrolment").exists()

    for address in (rows, trace):
        path = address.removeprefix(live_server.url)
        assert status(year.emails["recruiter, invented company"], path) == 404
        assert status(year.emails["officer of the company"], path) == 404
        assert status(year.emails["applicant who got no seat"], path) == 404
        assert status("", path) == 302, "the public is led to the sign-in page"


def test_a_recruiter_on_the_officers_address(
    live_server: LiveServer, page: Page, year: Sample, check_page: Callable[..., None]
) -> None:
    from bitgoeul.apps.reports.models import Report

    address = f"{live_server.url}/reports/{Report.objects.get().uuid}/numbers/"
    email = year.emails["recruiter, invented company"]
    sign_in(page, live_server.url, email, year.password)
    page.goto(f"{address}programmes.completed/")
    expect(page.get_by_role("link", name=ko("Open down to the rows"))).to_have_count(0)
    answer = page.goto(f"{address}programmes.completed/rows/")
    assert answer is not None
    assert answer.status == 404
    check_page(page, status=404)
