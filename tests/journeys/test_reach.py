"""Whatever a role reaches from the front page by links answers, and passes the checks of all pages.

The links are followed as a browser would, breadth first; each kind of page is looked at in the
browser once per role that sees it first, and everything else is at least asked for.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Application, MatchingRound
from bitgoeul.core import jobs
from tests.conftest import LONG
from tests.journeys.demo_year import Sample
from tests.journeys.test_every_page import carry_session
from tests.journeys.walking import become, follow, ko, press, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DEPTH = 3
OF_A_KIND = 2
"""So many addresses of one route are asked for: the second shows another object."""
ROLES = {
    "public": "",
    "officer": "officer of the university",
    "company": "officer of the company",
    "recruiter": "recruiter, research centre",
    "graduate": "graduate with a job",
    "applicant": "applicant who got no seat",
    "instructor": "instructor",
    "administrator": "administrator",
}
LOOKED_AT_ELSEWHERE = ("account_", "mfa_", "usersessions_", "admin:")
"""By test_look.py, or made by Django."""
FULL = {
    "home", "search", "alliance:committee_detail", "alliance:meeting_detail", "alliance:me",
    "alliance:person_list", "careers:offer_list", "careers:placement_list", "careers:rank",
    "careers:round_detail", "careers:vacancy_detail", "imports:detail", "journal:home",
    "labs:lab_detail", "programmes:application_detail", "programmes:application_list",
    "programmes:cohort_detail", "programmes:enrolment_list", "programmes:selection",
    "reports:dashboard", "reports:number_detail", "reports:report_detail",
}  # fmt: skip
"""Pages that a year fills: looked at here, too. The long run looks at all of them again."""
seen_in_browser: set[str] = set()
"""Routes that were looked at; kept over the roles, so that a kind of page is looked at once."""


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def links_of(html: str, address: str) -> Iterator[str]:
    """Our own addresses among the links, without fragments."""
    parser = Links()
    parser.feed(html)
    for href in parser.found:
        full = urldefrag(urljoin(f"http://testserver{address}", href)).url
        parts = urlsplit(full)
        if parts.netloc == "testserver":
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def walk(client: Client) -> Iterator[tuple[str, str, Any]]:
    """Everything within so many links of the front page: address, route, answer."""
    asked: dict[str, int] = {}
    queue = deque([("/", 0)])
    known = {"/"}
    while queue:
        address, depth = queue.popleft()
        route = resolve(urlsplit(address).path).view_name
        if asked.get(route, 0) >= OF_A_KIND:
            continue
        asked[route] = asked.get(route, 0) + 1
        answer = client.get(address, headers={"accept-language": "ko"})
        yield address, route, answer
        if depth < DEPTH and answer["Content-Type"].startswith("text/html"):
            for link in links_of(answer.content.decode(), address):
                if link not in known:
                    known.add(link)
                    queue.append((link, depth + 1))


@pytest.mark.parametrize("role", ROLES)
def test_every_link_answers(
    role: str,
    live_server: LiveServer,
    page: Page,
    year: Sample,
    check_page: Callable[..., None],
) -> None:
    client = Client(raise_request_exception=False)
    if who := ROLES[role]:
        person = User.objects.get(email=year.emails[who])
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    carry_session(client, page, live_server)
    faults = []
    visited = 0
    for address, route, answer in walk(client):
        visited += 1
        if answer.status_code >= 400:
            faults.append(f"{role} {address}: {answer.status_code}")
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        if re.search(r"\bNone\b|\{\{|\{%|%\(\w+\)s", text_of(answer.content.decode())):
            faults.append(f"{role} {address}: something that is no text stands in the page")
        if route in seen_in_browser or route.startswith(LOOKED_AT_ELSEWHERE):
            continue
        if not (LONG or route in FULL):
            continue  # test_every_page.py looks at it
        seen_in_browser.add(route)
        page.goto(live_server.url + address)
        try:
            check_page(page)
        except AssertionError as fault:
            faults.append(f"{role}: {fault}")
    assert not faults, "\n".join(faults)
    assert visited > 5


def text_of(html: str) -> str:
    """What a reader sees, roughly: without tags, scripts and file contents."""
    return re.sub(r"<[^>]*>", " ", html)


def test_forms_work_without_scripts(
    live_server: LiveServer, new_page: Callable[..., Page], year: Sample
) -> None:
    """The same forms with JavaScript off: sign in, filter, a question before a step, a refusal."""
    page = new_page(java_script_enabled=False)
    bora = year.emails["officer of the university"]
    sign_in(page, live_server.url, bora, year.password)
    page.get_by_role("banner").get_by_role("link", name="교육", exact=True).click()
    follow(page, "빛고을 AI 아카데미")
    follow(page, re.compile("1기"))
    follow(page, ko("Applications"))
    page.get_by_label(ko("Name or number")).fill("D-0001")
    press(page, ko("Show"))
    expect(page.locator("tbody tr")).to_have_count(1)
    follow(page, "D-0001")

    second = MatchingRound.objects.get(name_ko="1기 추가 매칭")
    graduate = new_page(java_script_enabled=False)
    become(graduate, live_server.url, year.emails["graduate without a match"])
    graduate.goto(f"{live_server.url}/careers/rounds/{second.uuid}/rank/")
    graduate.get_by_role("button", name=re.compile(ko("Add to my list"))).first.click()
    expect(graduate.get_by_text(ko("Your list is saved."))).to_be_visible()

    page.goto(f"{live_server.url}/careers/rounds/{second.uuid}/")
    press(page, ko("Lock ratings and rankings"))
    expect(page.get_by_text(ko("No employer has rated anyone yet."))).to_be_visible()
    follow(page, ko("Ratings"))
    wanted = Application.objects.get(round=second)
    follow(page, wanted.vacancy.title)
    row = page.locator("tbody tr", has_text=wanted.person.full_name)
    row.locator("input:not([type=checkbox])").fill("80")
    press(page, ko("Save the ratings"))
    page.goto(f"{live_server.url}/careers/rounds/{second.uuid}/")
    press(page, ko("Lock ratings and rankings"))
    press(page, ko("Match and verify"))
    expect(
        page.get_by_role("link", name=ko("Refresh this page to see how far it is."))
    ).to_be_visible()
    jobs.run_pending()
    page.get_by_role("link", name=ko("Refresh this page to see how far it is.")).click()
    expect(page.get_by_role("main")).to_contain_text(ko("Publish the result"))


def test_an_upload_without_scripts(
    live_server: LiveServer, new_page: Callable[..., Page], year: Sample
) -> None:
    page = new_page(java_script_enabled=False)
    become(page, live_server.url, year.emails["officer of the university"])
    page.goto(f"{live_server.url}/imports/new/applicants/")
    page.get_by_label(ko("Import into")).select_option(label="빛고을 AI 아카데미 1기")
    page.locator("main input[type=file]").set_input_files(year.files / "10-applicants.xlsx")
    press(page, ko("Upload and check"))
    press(page, ko("Discard"))
    expect(page.get_by_role("main")).to_contain_text(ko("This import has been discarded"))
