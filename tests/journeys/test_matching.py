"""One hiring round from the keyboard of a graduate to the accepted offer, checked by its bundle."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.careers.models import MatchingRound, Offer, Vacancy
from bitgoeul.core import jobs
from tests.journeys.demo_year import Sample
from tests.journeys.walking import DESKTOP, become, download, follow, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NewPage = Callable[..., Page]
Check = Callable[..., None]


@pytest.fixture
def second_round(year: Sample) -> MatchingRound:
    """The round that takes ratings and rankings on the demo's today."""
    return MatchingRound.objects.get(name_ko="1기 추가 매칭")


@pytest.fixture
def wanted(second_round: MatchingRound) -> Vacancy:
    """The vacancy that both graduates want first: its recruiter can sign in."""
    return second_round.vacancies.get(number="V-102")


def rank_by_keyboard(
    page: Page, server: LiveServer, vacancies: list[Vacancy], check: Check
) -> None:
    page.goto(server.url)
    page.locator(".tasks a", has_text=ko("Rank the vacancies you would like")).click()
    check(page)
    for place, vacancy in enumerate(vacancies, start=1):
        page.locator(f"#v-{vacancy.uuid} input").focus()
        page.keyboard.type(str(place))
    page.keyboard.press("Enter")
    expect(page.get_by_text(ko("Your list is saved."))).to_be_visible()


def rate(page: Page, server: LiveServer, wanted: Vacancy, year: Sample, check: Check) -> None:
    page.goto(server.url)
    page.locator(".tasks a", has_text=ko("Rate the people who applied to you")).click()
    check(page)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).not_to_contain_text("CJ")
    follow(page, wanted.title)
    check(page)
    people = page.locator("tbody tr")
    expect(people).to_have_count(2)
    happy = page.locator("tbody tr", has_text=name_of(year, "graduate with a job"))
    happy.locator("input[type=text], input[type=number]").fill("91.5")
    sad = page.locator("tbody tr", has_text=name_of(year, "graduate without a match"))
    sad.get_by_role("checkbox").check(force=True)
    press(page, ko("Save the ratings"))
    expect(page.get_by_text(ko("The ratings are saved."))).to_be_visible()


def name_of(year: Sample, who: str) -> str:
    from bitgoeul.apps.alliance.models import User

    return User.objects.get(email=year.emails[who]).full_name


def run_round(page: Page, server: LiveServer, one: MatchingRound, check: Check) -> None:
    page.goto(f"{server.url}/careers/rounds/{one.uuid}/")
    press(page, ko("Lock ratings and rankings"))
    check(page)
    press(page, ko("Match and verify"))
    expect(page.locator(".job")).to_be_visible()
    with page.expect_navigation(timeout=20_000):
        jobs.run_pending()
    expect(page.get_by_role("main")).to_contain_text(ko("The result is verified"))
    check(page)
    press(page, ko("Publish the result"))
    expect(page.get_by_role("main")).to_contain_text(ko("Offers waiting"))
    check(page)


def verify_bundle(path: Path, folder: Path) -> None:
    """By the script of the bundle, alone; then by our command; then a changed one is refused."""
    with zipfile.ZipFile(path) as bundle:
        bundle.extractall(folder)
    alone = [sys.executable, "-I", "-S", "verify.py", ".", "applicants.csv", "positions.csv"]
    done = subprocess.run(alone, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ours = [sys.executable, "-m", "bitgoeul", "match", "verify", "."]
    ours += ["applicants.csv", "positions.csv", "--lang", "ko"]
    done = subprocess.run(ours, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["stable"] is True
    matches = folder / "matches.csv"
    lines = matches.read_text(encoding="utf-8").splitlines()
    matches.write_text("\n".join(lines[:1]) + "\n", encoding="utf-8")
    done = subprocess.run(alone, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1


def test_a_round(
    live_server: LiveServer,
    new_page: NewPage,
    year: Sample,
    second_round: MatchingRound,
    wanted: Vacancy,
    check_page: Check,
    tmp_path: Path,
) -> None:
    url = live_server.url
    other = second_round.vacancies.get(number="V-103")
    placed, unplaced, recruiter = new_page(), new_page(), new_page()
    become(placed, url, year.emails["graduate with a job"])
    become(unplaced, url, year.emails["graduate without a match"])
    become(recruiter, url, year.emails["recruiter, invented company"])
    rank_by_keyboard(placed, live_server, [wanted, other], check_page)
    rank_by_keyboard(unplaced, live_server, [wanted], check_page)

    rate(recruiter, live_server, wanted, year, check_page)
    answer = recruiter.goto(f"{url}/careers/rounds/{second_round.uuid}/ratings/{other.uuid}/")
    assert answer is not None
    assert answer.status == 404
    check_page(recruiter, status=404)

    office = new_page(viewport=DESKTOP)
    become(office, url, year.emails["officer of the university"])
    run_round(office, live_server, second_round, check_page)

    placed.goto(f"{url}/careers/rounds/{second_round.uuid}/")
    follow(placed, ko("My result"))
    expect(placed.locator(".note.ok")).to_contain_text(wanted.title)
    check_page(placed)
    bundle = download(
        placed,
        placed.get_by_role("link", name=ko("Download the bundle")),
        tmp_path,
        reason="결과를 확인합니다.",
    )
    verify_bundle(bundle, tmp_path / "bundle")
    placed.goto(url)
    placed.locator(".tasks a").first.click()
    press(placed, ko("Accept"))
    check_page(placed)
    offer = Offer.objects.get(round=second_round)
    assert (offer.person.email, offer.state) == (year.emails["graduate with a job"], "accepted")

    unplaced.goto(f"{url}/careers/rounds/{second_round.uuid}/result/")
    expect(unplaced.locator(".note.warn")).to_be_visible()
    expect(unplaced.get_by_role("main")).to_contain_text(
        ko("The employer did not rate you as acceptable for this vacancy.")
    )
    check_page(unplaced)
