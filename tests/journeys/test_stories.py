"""Three people's stories, from page to proof; the first, an erasure, is in test_erasure.py."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.programmes.models import Application
from bitgoeul.core import clock
from bitgoeul.core.imports.models import Import
from bitgoeul.core.journal.services import seal
from tests.journeys.demo_year import Sample
from tests.journeys.test_import import sheet_for_the_open_cohort, upload
from tests.journeys.walking import DESKTOP, become, download, follow, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_an_officer_whose_laptop_died_and_an_auditor_who_asks_who_read_the_file(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    year: Sample,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    """The import stands where it was, on another machine; nothing is written twice or by halves."""
    bora, server = year.emails["officer of the university"], live_server.url
    taken_in = Application.objects.filter(cohort__number=2)
    sheet = sheet_for_the_open_cohort(
        year.files / "10-applicants.xlsx", tmp_path / "지원자 명단.xlsx"
    )
    laptop = new_page(viewport=DESKTOP)
    become(laptop, server, bora)
    upload(laptop, live_server, sheet)
    expect(laptop.get_by_role("heading", level=1)).to_contain_text("지원자 명단.xlsx")
    laptop.context.close()  # the laptop dies: nothing of the page is left
    assert not taken_in.exists()

    phone = new_page()
    become(phone, server, bora)
    phone.goto(f"{server}/imports/")
    follow(phone, "지원자 명단.xlsx")
    check_page(phone)
    phone.get_by_role("main").get_by_role("checkbox").check()
    there = phone.url
    again = phone.context.new_page()
    again.goto(there)
    again.get_by_role("main").get_by_role("checkbox").check()
    press(phone, "20개 행")
    expect(phone.locator(".note.ok")).to_contain_text("20")
    # The click that the laptop, or a second tab, still had on its way writes nothing twice.
    press(again, "20개 행")
    assert taken_in.count() == 20
    assert Import.objects.filter(uuid=there.rstrip("/").rsplit("/", 1)[-1]).count() == 1
    link = phone.get_by_role("link", name="XLSX")
    download(phone, link.first, tmp_path, reason="고칠 행을 담당자에게 보냅니다.")

    seal(at=clock.now())
    auditor = new_page(viewport=DESKTOP)
    become(auditor, server, year.emails["officer of the city"])
    auditor.goto(there)
    auditor.get_by_text(ko("About the file")).click()
    follow(auditor, ko("Every page and file with its rows, and by whom"))
    check_page(auditor)
    reader = auditor.locator("tbody tr", has_text="고칠 행을 담당자에게 보냅니다.")
    expect(reader).to_have_count(1)
    expect(reader).to_contain_text("보라")
    expect(reader).to_contain_text("봉인")
    auditor.get_by_label(ko("Of this file or object")).fill("")
    auditor.get_by_label(ko("By this account")).fill(bora)
    press(auditor, ko("Show"))
    expect(auditor.locator("tbody tr", has_text="고칠 행을 담당자에게 보냅니다.")).to_have_count(1)
