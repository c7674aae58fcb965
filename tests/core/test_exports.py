"""No exported cell computes anything, and our own reader reads back what was written."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.core.exports import (
    Marked,
    Sheet,
    csv_lines,
    csv_response,
    guard,
    unguard,
    workbook_response,
    write_xlsx,
    xlsx_response,
)
from bitgoeul.core.imports.kinds import Column, Kind
from bitgoeul.core.imports.limits import Limits
from bitgoeul.core.imports.readers import read_table

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", " =1", "＝1", "\x00=1",
]  # fmt: skip
STARTS = "=+-@＝＋－＠\t\r\n"
TABLE = Kind(
    key="round-trip",
    title="Round trip",
    columns=[Column("one", ("one",), str), Column("two", ("two",), str)],
    can=lambda user, target: True,
    apply=lambda *, target, rows, by, at, context: [],
)


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_guarded_in_csv(text):
    (_, line) = csv_lines([[text]], ["a"])
    (cell,) = next(csv.reader(io.StringIO(line)))
    assert cell.startswith("'")


@pytest.mark.parametrize("text", ["홍길동", "010-1234-5678", "a=b", "'인용", "1+1", "", "50% 할인"])
def test_ordinary_text_is_left_alone(text):
    assert guard(text) == text


@given(st.text())
def test_no_guarded_text_starts_a_formula(text):
    """Oracle: the list of starts that OWASP names for CSV injection."""
    assert not guard(text).lstrip(" ").startswith(tuple(STARTS))


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs"))))
def test_unguard_gives_the_original(text):
    clean = text.replace("\ufffe", "").replace("\uffff", "")
    assert unguard(guard(clean)) == clean


def test_numbers_stay_numbers():
    (_, line) = csv_lines(
        [[-5, -1.5, Decimal("-0.25"), True, None, dt.date(2026, 4, 15)]], "abcdef"
    )
    assert line.strip() == "-5,-1.5,-0.25,TRUE,,2026-04-15"


def test_csv_response():
    response = csv_response([["홍길동", 3]], ["이름", "점수"], '명단 "1".csv')
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert body(response) == "\ufeff이름,점수\r\n홍길동,3\r\n".encode()


def test_rows_are_read_only_while_they_are_sent():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number]

    stream = iter(csv_response(rows(), ["n"], "n.csv").streaming_content)
    next(stream)
    assert read == []
    next(stream)
    assert read == [0]


def test_xlsx_holds_no_formula_and_no_link():
    rows = [[text, 1] for text in [*FORMULAS, "http://evil.example", "123"]]
    content = body(xlsx_response(rows, ["=head", "n"], "x.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    for row in sheet.iter_rows():
        assert row[0].data_type == "s"
        assert row[0].hyperlink is None
    assert sheet["B2"].value == 1


def test_xlsx_keeps_types():
    moment = dt.datetime(2026, 4, 15, 5, 30, tzinfo=dt.UTC)
    row = [
        dt.date(2026, 4, 15),
        moment,
        Decimal("1.5"),
        10**18,
        True,
        None,
        float("nan"),
        "가\x0b나",
    ]
    file = io.BytesIO()
    write_xlsx(file, [row], [str(n) for n in range(8)], title="표 [1]/2")
    sheet = openpyxl.load_workbook(file).active
    assert sheet.title == "표  1  2"
    cells = [cell.value for cell in sheet[2]]
    assert cells[0] == dt.datetime(2026, 4, 15)  # noqa: DTZ001 -- a spreadsheet has no zones
    assert cells[1] == dt.datetime(2026, 4, 15, 14, 30)  # noqa: DTZ001 -- the same; Seoul time
    assert cells[2:6] == [1.5, str(10**18), True, None]
    assert cells[7] == "가나"


def test_days_before_spreadsheets_and_endless_numbers_do_not_stop_an_export():
    file = io.BytesIO()
    write_xlsx(file, [[dt.date(1899, 1, 2), float("inf")]], ["a", "b"])
    assert openpyxl.load_workbook(file).active["A2"].value == "1899-01-02"


def test_sheets_of_one_name_and_marked_cells():
    sheets = [Sheet(title="명단", header=["a"], rows=[[Marked("x")]], notes=["끝"])] * 2
    book = openpyxl.load_workbook(io.BytesIO(body(workbook_response(sheets, "x.xlsx"))))
    assert book.sheetnames == ["명단", "명단 2"]
    assert book["명단"]["A2"].fill.start_color.rgb == "FFFDE8E6"
    assert book["명단"]["A4"].value == "끝"


def test_the_same_table_gives_the_same_bytes():
    one, two = io.BytesIO(), io.BytesIO()
    for file in (one, two):
        write_xlsx(file, [["a", 1]], ["x", "y"])
    assert one.getvalue() == two.getvalue()


READABLE = st.text(
    alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), max_codepoint=0xFFFF),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text and not text.startswith("["))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@given(rows=st.lists(st.tuples(READABLE, READABLE), min_size=1, max_size=8))
def test_round_trip_through_our_own_reader(tmp_path_factory, form, rows):
    rows = [("first", "row"), *rows, ("last", "row")]
    path = tmp_path_factory.mktemp("trip") / f"rows.{form}"
    if form == "csv":
        path.write_text("".join(csv_lines(rows, ["one", "two"])), encoding="utf-8", newline="")
    else:
        write_xlsx(str(path), rows, ["one", "two"])
    table = read_table(path, TABLE, limits=Limits(seconds=60))
    assert [tuple(cells) for _, cells in table.rows] == rows
