"""Files as they come: encodings, delimiters, spreadsheets, and what is refused with which words."""

import datetime as dt
import io
import zipfile

import pytest

from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.limits import Limits
from bitgoeul.core.imports.readers import read_table
from bitgoeul.core.imports.staging import understand
from tests.core.imports.old_excel import xls_bytes
from tests.core.imports.samples import GOOD, HEADER, csv_bytes, make_kind, put, xlsx_bytes

KIND = make_kind(prepare=None, match=None)
TABLE = [HEADER, GOOD]


def read(tmp_path, content, **limits):
    return read_table(put(tmp_path, content), KIND, limits=Limits(**limits))


def refusal(tmp_path, content, **limits):
    with pytest.raises(FileRefused) as caught:
        read(tmp_path, content, **limits)
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp949", "cp949"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, named, delimiter):
    table = read(tmp_path, csv_bytes(TABLE, encoding, delimiter=delimiter))
    assert table.encoding == named
    assert table.rows == [(2, GOOD)]
    assert [h.key for h in table.headings] == [c.key for c in KIND.columns]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    rows = [["명단"], [], HEADER, GOOD, [], ["두 줄\n이름", *GOOD[1:]], GOOD]
    assert [line for line, _ in read(tmp_path, csv_bytes(rows)).rows] == [4, 6, 7]
    assert [line for line, _ in read(tmp_path, xlsx_bytes(rows)).rows] == [4, 6, 7]


def test_rare_syllables_of_cp949(tmp_path):
    """Syllables outside KS X 1001, which EUC-KR lacks and Windows writes."""
    table = read(tmp_path, csv_bytes([HEADER, ["똠방각하 쀍", *GOOD[1:]]], "cp949"))
    assert table.rows[0][1][0] == "똠방각하 쀍"


def test_mixed_encodings_name_the_line(tmp_path):
    mixed = csv_bytes([HEADER, GOOD]) + csv_bytes([["나주식품", *GOOD[1:]]], "cp949")
    refused = refusal(tmp_path, mixed)
    assert (refused.code, refused.params) == ("mixed_encoding", {"line": 3})
    other_way = csv_bytes([HEADER, GOOD], "cp949") + csv_bytes([["각나다라", *GOOD[1:]]])
    assert refusal(tmp_path, other_way).code == "mixed_encoding"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty", None),
        (b"\xef\xbb\xbf", "empty", None),
        (b" \r\n \r\n", "empty", None),
        (csv_bytes(TABLE) + b"a\x00b,,,\n", "control_character", 3),
        (csv_bytes(TABLE) + b"\xed\xa0\x80,,\n", "encoding", 3),  # a lone surrogate
        (csv_bytes(TABLE) + b"\xff\xff\xff\n", "encoding", 3),
        (csv_bytes(TABLE) + b'"a,b\n', "unclosed_quote", 3),
        (b"\xff\xfe\x00\xd8", "encoding", 1),
        (b"\x89PNG\r\n\x1a\n", "unknown_type", None),
        (b"%PDF-1.7", "unknown_type", None),
        (b"<html><script>alert(1)</script></html>", "web_page", None),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "web_page", None),
        (csv_bytes([["가", "나"], ["1", "2"]]), "no_header", None),
        (csv_bytes([HEADER[:2], GOOD[:2]]), "missing_columns", 1),
        (csv_bytes([HEADER]), "no_rows", 1),
    ],
)  # fmt: skip
def test_files_that_are_refused(tmp_path, content, code, line):
    refused = refusal(tmp_path, content)
    assert refused.code == code
    assert refused.params.get("line") == line


def test_limits(tmp_path):
    assert refusal(tmp_path, csv_bytes(TABLE), file_bytes=10).code == "too_big"
    wide = csv_bytes([["x"] * 400, *TABLE])
    assert refusal(tmp_path, wide).code == "too_many_columns"
    long = csv_bytes([HEADER, ["가" * 10_001, *GOOD[1:]]])
    assert refusal(tmp_path, long).code == "cell_too_long"
    assert refusal(tmp_path, csv_bytes([HEADER] + [GOOD] * 300), rows=50).code == "too_many_rows"
    book = xlsx_bytes([HEADER] + [GOOD] * 300)
    assert refusal(tmp_path, book, rows=50).code == "too_many_rows"
    assert refusal(tmp_path, xlsx_bytes([["x"] * 400, *TABLE])).code == "too_many_columns"
    sheets = {f"S{n}": TABLE for n in range(5)}
    assert refusal(tmp_path, xlsx_bytes(sheets), sheets=4).code == "too_many_sheets"
    assert refusal(tmp_path, xlsx_bytes([HEADER, ["가" * 10_001]])).code == "cell_too_long"


def test_a_million_columns_cost_nothing(tmp_path):
    assert refusal(tmp_path, b"," * 1_000_000).code == "too_many_columns"


def test_numbers_and_dates_of_a_spreadsheet(tmp_path):
    row = ["빛고을전자", 1012345678, dt.date(2021, 4, 15), 1234000, "광주", True]
    table = read(tmp_path, xlsx_bytes([HEADER, row]))
    assert table.rows == [
        (2, ["빛고을전자", 1012345678, dt.date(2021, 4, 15), 1234000, "광주", True])
    ]


def test_the_sheet_that_fits_best_is_read(tmp_path):
    help_sheet = [["작성 방법"], ["기관명", "필수"]]
    table = read(tmp_path, xlsx_bytes({"안내": help_sheet, "명단": TABLE, "빈 시트": []}))
    assert (table.sheet, table.sheets) == ("명단", 2)


def test_a_table_that_starts_elsewhere(tmp_path):
    rows = [[], [], ["", "", *HEADER], ["", "", *GOOD]]
    table = read(tmp_path, xlsx_bytes(rows))
    assert table.headings[0].letter == "C"
    assert table.rows[0][0] == 4


def test_merged_titles(tmp_path):
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, "2026년 협약 기관 명단")
        sheet.merge_range(1, 1, 1, 2, "연락")
        sheet.write(1, 0, "기관명")
        sheet.write_row(2, 1, ["전화번호", "설립일"])
        sheet.write_row(3, 0, GOOD[:3])
    table = read(tmp_path, file.getvalue())
    assert table.line == 3
    assert table.rows == [(4, GOOD[:3])]


def test_an_old_binary_spreadsheet(tmp_path):
    """Oracle of the hand-made file: xlrd, another reader."""
    import xlrd

    row = ["빛고을전자", 1012345678.0, 44301.0, 1234000.0, "광주", "○"]
    content = xls_bytes([["명단"], HEADER, row])
    sheet = xlrd.open_workbook(file_contents=content).sheet_by_index(0)
    assert sheet.row_values(2) == row
    table = read(tmp_path, content)
    assert table.rows == [(3, ["빛고을전자", 1012345678, 44301, 1234000, "광주", "○"])]
    staging = understand(KIND, table, target=None, by=None)
    assert staging.rows[0].errors == []
    assert staging.rows[0].row["phone"] == "010-1234-5678"
    assert staging.rows[0].row["founded"] == dt.date(2021, 4, 15)


def test_resident_numbers_outside_the_table_refuse_the_file(tmp_path):
    above = [["담당 900101-1234567"], HEADER, GOOD]
    below = [HEADER, GOOD, ["※ 900101-1234567"]]
    for content in (csv_bytes(above), csv_bytes(below), xlsx_bytes(above)):
        refused = refusal(tmp_path, content)
        assert refused.code == "resident_elsewhere"
        assert "1234567" not in str(refused)
    other = xlsx_bytes({"명단": TABLE, "메모": [["900101-1234567"]]})
    assert refusal(tmp_path, other).params == {"place": "메모 1"}


def test_our_own_guard_against_formulas_is_taken_off(tmp_path):
    table = read(tmp_path, csv_bytes([HEADER, ["'=1+1", *GOOD[1:]]]))
    assert table.rows[0][1][0] == "=1+1"


def test_formulas_are_read_as_the_value_they_show(tmp_path):
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(1, 3, '=HYPERLINK("http://evil.example")', None, 1234)
    assert read(tmp_path, file.getvalue()).rows[0][1][3] == 1234


def test_a_truncated_spreadsheet(tmp_path):
    whole = xlsx_bytes(TABLE)
    for part in (whole[: len(whole) // 2], whole[:100], b"PK\x03\x04"):
        assert refusal(tmp_path, part).code == "damaged"


def test_another_zip(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    assert refusal(tmp_path, file.getvalue()).code == "unknown_type"
