"""A graduate with a phone looks at the own progress and hands predictions in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.labs.models import Lab, LabFile, Submission
from bitgoeul.core import jobs
from tests.journeys.demo_year import Sample
from tests.journeys.walking import become, download, follow, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def hand_in(page: Page, path: Path) -> None:
    page.get_by_role("main").locator("input[type=file]").set_input_files(path)
    press(page, ko("Hand in"))


def open_lab(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    page.get_by_role("banner").get_by_role("link", name="실습").click()
    follow(page, Lab.objects.get().title)


def test_own_progress(
    live_server: LiveServer, page: Page, year: Sample, check_page: Callable[..., None]
) -> None:
    become(page, live_server.url, year.emails["graduate with a job"])
    page.goto(live_server.url)
    follow(page, ko("All programmes"))
    follow(page, "빛고을 AI 아카데미")
    follow(page, re.compile("1기"))
    follow(page, ko("My progress"))
    expect(page.get_by_role("heading", name=ko("Completed"))).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("1,300")
    expect(main.get_by_role("progressbar")).to_be_visible()
    expect(main).to_contain_text(ko("Labs"))
    check_page(page)


def test_a_prediction_and_its_score(
    live_server: LiveServer,
    page: Page,
    year: Sample,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    become(page, live_server.url, year.emails["graduate with a job"])
    open_lab(page, live_server)
    check_page(page)
    main = page.get_by_role("main")
    test = download(page, main.get_by_role("link", name=LabFile.Kind.TEST.label), tmp_path)
    ids = [line.partition(",")[0] for line in test.read_text().splitlines()[1:]]
    assert len(ids) == 229

    mine = tmp_path / "내 예측.csv"
    mine.write_text("\n".join(["id,target", *(f"{each},1" for each in ids)]) + "\n")
    hand_in(page, mine)
    expect(page.locator(".job")).to_be_visible()
    check_page(page)
    with page.expect_navigation(timeout=20_000):
        jobs.run_pending()
    expect(page.locator(".kpi").first).to_contain_text(re.compile(r"0\.\d{2}"))
    expect(main).to_contain_text(ko("Below the pass line"))
    check_page(page)
    assert Submission.objects.latest("received_at").evaluations.count() == 1


def test_a_wrong_file_is_refused_line_by_line(
    live_server: LiveServer,
    page: Page,
    year: Sample,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    become(page, live_server.url, year.emails["graduate with a job"])
    open_lab(page, live_server)
    wrong = tmp_path / "틀린 예측.csv"
    wrong.write_text("id,target\n99999,1\n3,양성\n3,1\n", encoding="utf-8")
    hand_in(page, wrong)
    with page.expect_navigation(timeout=20_000):
        jobs.run_pending()
    faults = page.locator("#h-faults ~ ul li")
    expect(page.get_by_role("heading", name=ko("What has to be corrected"))).to_be_visible()
    text = "\n".join(faults.all_inner_texts())
    assert re.search(r"2행", text), text
    assert re.search(r"3행", text), text
    check_page(page)
