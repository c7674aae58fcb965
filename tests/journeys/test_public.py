"""Anyone with a phone reads the published report and checks it, here and on their own machine."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.demo_year import Sample
from tests.journeys.walking import download, follow, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def verify(path: Path) -> tuple[int, dict[str, object]]:
    """Ask the command, as a person would who has only the file."""
    command = [sys.executable, "-m", "bitgoeul", "verify", "report", str(path), "--lang", "ko"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def check_file(page: Page, server: LiveServer, path: Path) -> None:
    page.goto(f"{server.url}/reports/check/")
    page.get_by_role("main").locator("input[type=file]").set_input_files(path)
    press(page, ko("Check"))


def test_a_reader_checks_the_published_report(
    live_server: LiveServer,
    page: Page,
    year: Sample,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    page.goto(live_server.url)
    check_page(page)
    follow(page, "빛고을 AI 아카데미 1기 성과 보고서(시연)")
    expect(page.get_by_role("heading", level=1)).to_contain_text("성과 보고서")
    check_page(page)

    number = ko("Employment rate within six months")
    follow(page, number)
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
    expect(page.get_by_text(ko("How it is defined"))).to_be_visible()
    expect(page.locator(".def p")).to_contain_text("개월")
    expect(page.get_by_role("link", name=ko("Open down to the rows"))).to_have_count(0)
    check_page(page)
    page.go_back()

    path = download(page, page.get_by_role("link", name="JSON"), tmp_path)
    document = json.loads(path.read_text())
    assert verify(path) == (0, {"ok": True, "reason": None, "code": "ok", "where": ""})
    check_file(page, live_server, path)
    expect(page.locator(".note.ok")).to_contain_text(ko("The file stands as it was published here"))
    check_page(page)

    forged = tmp_path / "forged.json"
    number_of_seats = next(n for n in document["indicators"] if n["key"] == "programmes.seats")
    number_of_seats["value"] += 1
    forged.write_text(json.dumps(document))
    code, answer = verify(forged)
    assert (code, answer["ok"]) == (1, False)
    assert str(answer["reason"]).endswith("다.")
    check_file(page, live_server, forged)
    expect(page.locator(".note.bad")).to_contain_text(
        ko("The file is not a report as it was published")
    )


def test_the_report_reads_in_english(
    live_server: LiveServer, page: Page, year: Sample, check_page: Callable[..., None]
) -> None:
    page.goto(live_server.url)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    follow(page, "Outcomes of the first cohort (demo)")
    follow(page, "Employment rate within six months")
    expect(page.get_by_text("How it is defined")).to_be_visible()
    check_page(page)
