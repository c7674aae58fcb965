"""A contest from the officer's plan to the board that everybody reads, on the pages themselves."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.contests.models import Contest, Entry
from bitgoeul.core import clock, jobs
from tests.apps.contests.bench import answers, files
from tests.journeys.walking import DESKTOP, become, follow, ko, press
from tests.world import member, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NewPage = Callable[..., Page]
Check = Callable[..., None]


def _moment(days: int) -> str:
    return (clock.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def _plan(page: Page, server: LiveServer, folder: Path, check: Check) -> Contest:
    page.goto(f"{server.url}/contests/new/")
    page.locator("#id_key").fill("journey")
    page.locator("#id_owner").select_option(index=1)
    page.locator("#id_title_ko").fill("여정 대회")
    page.locator("#id_text_ko").fill("홀짝을 맞히는 대회입니다.")
    page.locator("#id_registration_opens_at").fill(_moment(-1))
    page.locator("#id_registration_closes_at").fill(_moment(5))
    press(page, ko("Make the contest"))
    page.locator("#id_title_ko").fill("예선")
    page.locator("#id_opens_at").fill(_moment(-1))
    page.locator("#id_closes_at").fill(_moment(9))
    press(page, ko("Plan the phase"))
    check(page)
    follow(page, ko("Add a task"))
    page.locator("#id_title_ko").fill("홀짝")
    page.locator("#id_task_ko").fill("맞히세요.")
    for name, content in files().items():
        path = folder / content.name
        path.write_bytes(content.data)
        page.locator(f"#id_{name}").set_input_files(path)
    press(page, ko("Add the task"))
    contest = Contest.objects.get(key="journey")
    page.goto(f"{server.url}/contests/{contest.uuid}/")
    press(page, ko("Announce it"))
    press(page, ko("Start it"))
    check(page)
    return contest


def _people() -> User:
    """An officer of a city; two people without a role are made as well."""
    city = Organisation.objects.create(name_ko="빛가람시", kind=OrganisationKind.CITY)
    officer = person("담당 공무원", "officer@city.example")
    member(officer, city, Role.OFFICER)
    for name in ("captain", "mate"):
        person(name, f"{name}@team.example")
    return officer


def test_officer_captain_and_mate(
    live_server: LiveServer,
    new_page: NewPage,
    check_page: Check,
    tmp_path: Path,
) -> None:
    officer = new_page(viewport=DESKTOP)
    become(officer, live_server.url, _people().email)
    contest = _plan(officer, live_server, tmp_path, check_page)

    captain = new_page()
    become(captain, live_server.url, "captain@team.example")
    captain.goto(f"{live_server.url}/contests/{contest.uuid}/")
    follow(captain, ko("Take part"))
    captain.locator("#id_name").fill("무등")
    press(captain, ko("Register the team"))
    check_page(captain)
    press(captain, ko("Invite"))
    link = captain.locator("code").first.inner_text()

    mate = new_page()
    become(mate, live_server.url, "mate@team.example")
    mate.goto(f"{live_server.url}{link[link.index('/contests/') :]}")
    check_page(mate)
    press(mate, ko("Join the team"))
    follow(mate, "홀짝")
    file = tmp_path / "answers.csv"
    file.write_bytes(answers(5, 4))
    mate.locator("#id_file").set_input_files(file)
    press(mate, ko("Hand in"))
    check_page(mate)
    jobs.run_pending()
    assert Entry.objects.get().state == "scored"

    reader = new_page(viewport=DESKTOP)
    reader.goto(f"{live_server.url}/contests/{contest.uuid}/")
    follow(reader, "순위표")
    expect(reader.locator("tbody tr")).to_contain_text("무등")
    check_page(reader)
