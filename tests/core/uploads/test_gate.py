"""The one gate: every hostile file is refused with a code and in two languages."""

import time
import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from bitgoeul.core import uploads
from bitgoeul.core.imports import FileRefused, archives
from bitgoeul.core.imports.limits import LIMITS
from bitgoeul.core.uploads import gate
from bitgoeul.engines.csvfile import read_csv, signature
from bitgoeul.engines.errors import EngineError
from tests.core.imports.samples import GOOD, HEADER, xlsx_bytes

CSV = uploads.Door(suffixes=("csv", "txt"), most_bytes=16 << 20)
JSON = uploads.Door(suffixes=("json",), most_bytes=16 << 20, memory_mb=32)
OLD_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD_CSV = "id,이름\n1,가\n".encode()
WORKBOOK = xlsx_bytes([HEADER, GOOD])


def refused(content: bytes, name: str = "a.csv", door: uploads.Door = CSV) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        uploads.admit(content, name=name, door=door)
    refusal = caught.value
    with translation.override("ko"):
        korean = str(refusal)
    with translation.override("en"):
        english = str(refusal)
    assert korean != english, "the refusal is said in one language only"
    assert any("가" <= letter <= "힣" for letter in korean)
    assert "%(" not in korean + english
    return refusal


HOSTILE = {
    "empty": (b"", "empty"),
    "only spaces": (b" \r\n \n", "empty"),
    "too long": (b"a,b\n" * (5 << 20), "too_big"),
    "a spreadsheet named CSV": (WORKBOOK, "wrong_name"),
    "an old spreadsheet named CSV": (OLD_MARK + bytes(600), "wrong_name"),
    "a page with a script": (b"<html><script>alert(1)</script>", "wrong_kind"),
    "a drawing with a script": (b'<svg onload="alert(1)"/>', "wrong_kind"),
    "a drawing after a mark and blanks": (b"\xef\xbb\xbf\n  <SVG/>", "wrong_kind"),
    "a picture": (b"GIF89a,b\n1,2\n", "wrong_kind"),
    "a PDF": (b"%PDF-1.7\n", "wrong_kind"),
    "a PDF behind a table's first line": (b"id,y\n1,0\n%PDF-1.4\n", "wrong_kind"),
    "a program": (b"\x7fELF" + bytes(60), "wrong_kind"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "wrong_kind"),
    "gzip": (b"\x1f\x8b\x08" + bytes(60), "wrong_kind"),
    "NUL": (b"id,y\n1,\x00\n", "control_character"),
    "an escape sequence of a terminal": (b"id,y\n1,\x1b[2J\n", "control_character"),
    "a lone surrogate": (b"id,y\n1,\xed\xa0\x80\n", "encoding"),
    "a noncharacter": ("id,y\n1,\uffff\n".encode(), "control_character"),
    "two encodings": ("id,이름\n1,".encode() + "나".encode("cp949") + b"\n", "mixed_encoding"),
    "an open quotation mark": (b'id,y\n1,"0\n2,0\n', "unclosed_quote"),
    "a million columns": (b"x" + b",x" * 1_000_000, "too_many_columns"),
    "a huge cell": (b"id,y\n1," + b"A" * 20_000 + b"\n", "cell_too_long"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_content(what: str) -> None:
    content, code = HOSTILE[what]
    started = time.process_time()
    assert refused(content).code == code
    assert time.process_time() - started < 3


@pytest.mark.parametrize(("what", "line"), [("an open quotation mark", 2), ("a huge cell", 2)])
def test_the_line_is_the_one_that_a_person_finds(what: str, line: int) -> None:
    with translation.override("ko"):
        assert str(refused(HOSTILE[what][0])).startswith(f"{line}행")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_child_says_the_same(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small text is read in this process, all else in a child: neither may be the weaker door."""
    content, _code = HOSTILE[what]
    here = refused(content)
    monkeypatch.setattr(gate, "SMALL_BYTES", 0)
    there = refused(content)
    assert (here.code, str(here)) == (there.code, str(there))


@pytest.mark.parametrize(
    "content", [GOOD_CSV, GOOD_CSV.decode().encode("cp949"), b"\xef\xbb\xbf" + GOOD_CSV]
)
def test_honest_content(content: bytes) -> None:
    uploads.admit(content, name="점수.CSV", door=CSV)
    uploads.admit(content, name="no-ending", door=CSV)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("page.html", "wrong_suffix"),
        ("drawing.svg", "wrong_suffix"),
        ("run.exe", "wrong_suffix"),
        ("a.csv.exe", "wrong_suffix"),
        ("a.csv\u202egpj.exe", "wrong_suffix"),
        ("a.csv.", None),
        ("a.ｃｓｖ", None),
        ("/etc/a.csv", None),
        ("macro.xlsm", "macros"),
        ("MACRO.XLSB", "macros"),
        ("table.xlsx", "wrong_suffix"),
    ],
)
def test_names_that_promise_something_else(name: str, code: str | None) -> None:
    if code is None:
        uploads.admit(GOOD_CSV, name=name, door=CSV)
    else:
        assert refused(GOOD_CSV, name).code == code


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\명단.csv", "명단.csv"),
        ("a\x00b\r\nSet-Cookie: x.csv", "a_b_Set-Cookie_ x.csv"),
        ("\u202efdp.csv", "_fdp.csv"),
        ("a\u200b\u2066b.csv", "a_b.csv"),
        ("a\ud800.csv", "a_.csv"),
        ("CON", "_CON"),
        ("nul.csv", "_nul.csv"),
        ("Com1 .csv", "_Com1 .csv"),
        ("conference.csv", "conference.csv"),
        ("  ...  ", "file"),
        ("", "file"),
        ("/", "file"),
        (";rm -rf ~.csv", ";rm -rf ~.csv"),
        ("<img src=x>.csv", "_img src=x_.csv"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert uploads.safe_name(name) == shown


def test_long_names_keep_their_ending() -> None:
    shown = uploads.safe_name("가" * 5000 + ".csv")
    assert len(shown) <= 100
    assert shown.endswith(".csv")
    assert len(uploads.safe_name("가" * 300)) <= 100


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "not_json"),
        (b"[" * 200_000, "not_json"),
        (b'{"a": "\xff"}', "not_json"),
        (b'{"n": ' + b"9" * 5000 + b"}", "not_json"),
        (b"<html>", "wrong_kind"),
        (b"[[]," + b"[[]]," * 1_500_000 + b"[]]", "too_demanding"),
    ],
)
def test_hostile_json(content: bytes, code: str) -> None:
    assert refused(content, "report.json", JSON).code == code


def test_the_reader_gets_little_memory() -> None:
    """Fifteen megabytes of two-letter cells: as lists they take over half a gigabyte."""
    narrow = uploads.Door(suffixes=("csv",), most_bytes=16 << 20, memory_mb=48)
    assert refused(b"10,20,30,40,50\n" * 1_000_000, door=narrow).code == "too_demanding"


def test_engines_refuse_the_same_things_without_the_gate() -> None:
    """`bitgoeul score` and `bitgoeul match` read files from outside, too."""
    for what in ("a PDF", "a program", "NUL", "a spreadsheet named CSV", "a page with a script"):
        with pytest.raises(EngineError) as caught:
            read_csv(HOSTILE[what][0], name="a.csv", required=("id",))
        assert caught.value.code == "not_text", what
    wide = b",".join(b"c%d" % number for number in range(1_000_000))
    started = time.process_time()
    with pytest.raises(EngineError) as caught:
        read_csv(wide, name="a.csv", required=("c1",))
    assert caught.value.code == "too_many_columns"
    assert time.process_time() - started < 3


def test_signatures_do_not_mistake_tables() -> None:
    for honest in (b"id,y", "﻿이름,나이".encode(), b'"<b>",1', b"PK,1", b"MZ,1", b"#,x", b"=1+1"):
        assert signature(honest) == "text"


def test_a_second_file_inside_an_archive(tmp_path: Path) -> None:
    """Bytes that no part owns: before, between or behind the parts of a spreadsheet."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(WORKBOOK)
    archives.check_zip(path, LIMITS)
    end = WORKBOOK.rfind(b"PK\x05\x06")
    comment = b"<html><script>alert(1)</script>" + bytes(5000)
    with_comment = WORKBOOK[: end + 20] + len(comment).to_bytes(2, "little") + comment
    for hostile in (with_comment, b"PK\x03\x04" + bytes(3000) + WORKBOOK):
        path.write_bytes(hostile)
        with pytest.raises(FileRefused):
            archives.check_zip(path, LIMITS)


@pytest.mark.parametrize("part", ["xl/run.exe", "index.html", "META-INF/x.class", "xl/a.js"])
def test_parts_that_no_spreadsheet_has(tmp_path: Path, part: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(WORKBOOK)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, b"x")
    with pytest.raises(FileRefused) as caught:
        archives.check_zip(path, LIMITS)
    assert caught.value.code == "unsafe_archive"
