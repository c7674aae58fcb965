"""An officer brings in a sheet with faults, reads each of them, corrects it, and takes it back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bitgoeul.apps.programmes.models import Application
from tests.journeys.demo_year import SMALL, Sample
from tests.journeys.walking import DESKTOP, become, download, ko, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

GOOD = 20
FIRST_DIRTY = 3 + GOOD + 1
FAULTS = (
    ("전자우편", "garam@@people.example", "garam@people.example"),
    ("생년월일", "스물다섯", "1999-03-01"),
    ("1지망", "양자컴퓨팅반", "AI 모델링 1반"),
    ("성별", "미상", "여"),
    ("휴대전화", "전화 없음", "010-0000-9999"),
    ("거주지", "평양", "광주"),
    ("성명", "", "가람 별"),
    ("선발 동의", "X", "○"),
    ("접수일시", "2월 말", "2026-03-05 10:00"),
    ("3지망", "******-*******", ""),
)
"""The faults of the demo's sheet, in the order of its rows: column, value, what it should be."""
RESIDENT_NUMBER = "000101-3000000"


def sheet_for_the_open_cohort(source: Path, path: Path) -> Path:
    """The demo's own sheet with its two title lines: twenty good rows, then all dirty ones."""
    book = load_workbook(source)
    sheet = book.active
    sheet.delete_rows(3 + GOOD + 1, SMALL.applicants - GOOD)
    day = next(cell.column for cell in sheet[3] if cell.value == "접수일시")
    for row in sheet.iter_rows(min_row=4, min_col=day, max_col=day):
        if row[0].value != "2월 말":
            row[0].value = "2026-03-05 10:00"
    book.save(path)
    return path


def upload(page: Page, server: LiveServer, path: Path) -> None:
    page.goto(server.url)
    page.get_by_role("banner").get_by_role("link", name="가져오기").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("^지원자 지원서마다")).click()
    page.get_by_label(ko("Import into")).select_option(label="빛고을 AI 아카데미 2기")
    page.get_by_role("main").locator("input[type=file]").set_input_files(path)
    press(page, ko("Upload and check"))


def table_of(path: Path) -> list[dict[str, object]]:
    rows = load_workbook(path).active.iter_rows(values_only=True)
    head = next(rows)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_broken_sheet(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    year: Sample,
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    broken = sheet_for_the_open_cohort(
        year.files / "10-applicants.xlsx", tmp_path / "지원자 명단.xlsx"
    )
    cohort = Application.objects.filter(cohort__number=2)
    page = new_page(viewport=DESKTOP)
    become(page, live_server.url, year.emails["officer of the university"])

    upload(page, live_server, broken)
    expect(page.get_by_role("heading", level=1)).to_contain_text("지원자 명단.xlsx")
    counts = page.locator(".kpi").all_inner_texts()
    assert sorted(counts) == ["신규\n20", "오류\n10", "파일 안 중복\n1"]
    check_page(page)
    page.get_by_role("main").get_by_role("link", name="오류 10").click()
    rows = page.get_by_role("main").locator("tbody tr.bad")
    expect(rows).to_have_count(len(FAULTS))
    for place, (column, value, _right) in enumerate(FAULTS):
        row = rows.nth(place)
        line = FIRST_DIRTY + place + (place == len(FAULTS) - 1)  # the repeated row lies between
        expect(row.locator("td").first).to_have_text(str(line))
        expect(row.locator("ul.err li")).to_have_count(1)
        expect(row.locator("ul.err")).to_contain_text(f"{column}:")
        expect(row.locator("mark")).to_have_text(value or "–")
    assert RESIDENT_NUMBER not in page.content()
    check_page(page)
    page.get_by_role("main").get_by_role("link", name="파일 안 중복 1").click()
    expect(page.locator("tbody ul.err")).to_have_text(re.compile("14행에 이미 있습니다"))

    to_correct = download(
        page, page.get_by_role("link", name=re.compile("XLSX")), tmp_path, reason="명단을 고칩니다."
    )
    page.go_back()
    faulty = table_of(to_correct)
    assert len(faulty) == 11
    assert [row["파일의 행"] for row in faulty] == list(range(FIRST_DIRTY, FIRST_DIRTY + 11))
    assert all(str(row["고칠 내용"]).endswith(("다.", "오.", "반", "남", "주")) for row in faulty)
    assert RESIDENT_NUMBER.encode() not in to_correct.read_bytes()

    press(page, re.compile("20개 행"))
    expect(page.locator(".err-sum")).to_be_visible()
    check_page(page, status=422)
    assert not cohort.exists()
    page.get_by_role("main").get_by_role("checkbox").check()
    press(page, re.compile("20개 행"))
    expect(page.locator(".note.ok")).to_contain_text("20")
    expect(page.locator(".note.warn")).to_contain_text("11")
    assert cohort.count() == 20
    check_page(page)

    book = load_workbook(to_correct)
    sheet = book.active
    column_of = {cell.value: cell.column for cell in sheet[1]}
    for place, (column, _value, right) in enumerate(FAULTS):
        row_number = 2 + place + (place == len(FAULTS) - 1)
        sheet.cell(row_number, column_of[column]).value = right or None
    sheet.delete_rows(2 + len(FAULTS) - 1)
    corrected = tmp_path / "고친 명단.xlsx"
    book.save(corrected)
    upload(page, live_server, corrected)
    expect(page.locator(".note.bad")).to_have_count(0)
    press(page, re.compile("10개 행"))
    expect(page.locator(".note.ok")).to_contain_text("10")
    assert cohort.count() == 30
    press(page, ko("Undo this import"))
    expect(page.get_by_role("main")).to_contain_text(ko("This import has been undone"))
    assert cohort.count() == 20
    check_page(page)


def test_the_same_sheet_again_changes_nothing(
    live_server: LiveServer, page: Page, year: Sample, check_page: Callable[..., None]
) -> None:
    """On a phone, as the README proposes: the first cohort's own file once more."""
    become(page, live_server.url, year.emails["officer of the university"])
    page.goto(f"{live_server.url}/imports/new/applicants/")
    page.get_by_label(ko("Import into")).select_option(label="빛고을 AI 아카데미 1기")
    page.get_by_role("main").locator("input[type=file]").set_input_files(
        year.files / "10-applicants.xlsx"
    )
    press(page, ko("Upload and check"))
    expect(page.get_by_role("main").get_by_role("link", name="변동 없음 100")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="오류 10")).to_be_visible()
    check_page(page)
