"""A late answer to a retention check: the published number stays, the difference is shown."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import RetentionCheck
from bitgoeul.apps.reports.models import Report
from tests.journeys.demo_year import Sample
from tests.journeys.walking import DESKTOP, become, follow, ko

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def rows_that_differ(page: Page, server: LiveServer, report: Report) -> int:
    page.goto(f"{server.url}/reports/{report.uuid}/")
    follow(page, ko("What changed since"))
    return page.locator("tbody tr").count()


def test_a_late_answer(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    year: Sample,
    check_page: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # On a busy machine the page would rightly show for a while what it computed before.
    monkeypatch.setattr("bitgoeul.apps.reports.queries.kept.PATIENCE", 0)
    report = Report.objects.get()
    published = Client().get(f"/reports/{report.uuid}/report.json").content
    office = new_page(viewport=DESKTOP)
    become(office, live_server.url, year.emails["officer of the university"])
    before = rows_that_differ(office, live_server, report)
    assert before >= 1, "the demo corrects one check after publication"
    check_page(office)

    # Whoever of the invented companies has not answered yet; the seed decides which that is.
    recruiters = {"placement__organisation__memberships__person__email__startswith": "recruiter"}
    waiting = RetentionCheck.objects.filter(state="unknown", **recruiters).order_by("pk")[0]
    people = User.objects.filter(memberships__organisation=waiting.placement.organisation)
    employer = new_page()
    become(employer, live_server.url, people.filter(email__startswith="recruiter")[0].email)
    employer.goto(f"{live_server.url}/careers/checks/")
    check_page(employer)
    line = employer.locator("tbody tr", has_text=waiting.placement.person.full_name)
    line.get_by_role("button", name=ko("Still in the job")).click()
    employer.wait_for_load_state()
    check_page(employer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.source) == ("kept", "employer")

    office.goto(f"{live_server.url}/reports/{report.uuid}/differences/")
    expect(office.locator("tbody tr")).not_to_have_count(before)
    expect(office.locator("tbody")).to_contain_text(f"{waiting.months}개월 고용 유지율")
    expect(office.locator("tbody")).to_contain_text(waiting.placement.person.full_name)
    check_page(office)
    assert Client().get(f"/reports/{report.uuid}/report.json").content == published
    assert json.loads(published)["digest"] == report.snapshot.digest
