"""Hostile spreadsheets are refused from their directory, before anything is unpacked."""

import io
import struct
import time
import zipfile

import pytest

from bitgoeul.core.imports import archives
from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.limits import LIMITS
from bitgoeul.core.imports.readers import read_table
from tests.core.imports.samples import GOOD, HEADER, make_kind, put, xlsx_bytes

KIND = make_kind()
SHEET = "xl/worksheets/sheet1.xml"


def rebuilt(change, *, compress=zipfile.ZIP_DEFLATED):
    """The sample workbook with its parts changed by `change(dict of name to bytes)`."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes([HEADER, GOOD]))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def bomb(megabytes):
    """A sheet of equal cells: about 300 kB that unpack to 100 MB."""
    row = b"<row>" + b"<c><v>1</v></c>" * 64 + b"</row>"
    count = megabytes * (1 << 20) // len(row)
    head = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return rebuilt(
        lambda parts: parts.update({SHEET: head + row * count + b"</sheetData></worksheet>"})
    )


def code_of(tmp_path, content):
    with pytest.raises(FileRefused) as caught:
        read_table(put(tmp_path, content, "rows.xlsx"), KIND)
    return caught.value.code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    content = bomb(100)
    assert len(content) < 400_000
    path = put(tmp_path, content, "bomb.xlsx")
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # nothing may be opened
    started = time.perf_counter()
    with pytest.raises(FileRefused) as caught:
        archives.check_zip(path, LIMITS)
    assert caught.value.code == "bomb"
    assert time.perf_counter() - started < 2


def test_a_smaller_bomb_is_known_by_its_ratio(tmp_path):
    assert code_of(tmp_path, bomb(20)) == "bomb"


def test_a_bomb_that_lies_about_its_size(tmp_path):
    """The directory says 1,000 bytes; the part would unpack to twenty million."""
    content = bytearray(bomb(20))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        info = archive.getinfo(SHEET)
    size = struct.pack("<I", info.file_size)
    place = content.find(size)
    while place >= 0:
        content[place : place + 4] = struct.pack("<I", 1000)
        place = content.find(size)
    assert code_of(tmp_path, bytes(content)) in {"bomb", "damaged"}


def test_a_far_corner_does_not_fill_memory(tmp_path):
    """One cell in the last corner: a naive reader would build sixteen thousand million cells."""
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        b'2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
        b'<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    content = rebuilt(lambda parts: parts.update({SHEET: sheet}))
    assert code_of(tmp_path, content) in {"too_many_columns", "too_many_rows", "too_demanding"}


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.bin",
        "XL/VBAPROJECT.BIN",
    ],
)
def test_macros(tmp_path, name):
    assert code_of(tmp_path, rebuilt(lambda parts: parts.update({name: b"Sub x()"}))) == "macros"


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\..\\x", "C:/x", "xl/../../x"]
)
def test_paths_that_lead_outside(tmp_path, name):
    content = rebuilt(lambda parts: parts.update({name: b"x"}))
    assert code_of(tmp_path, content) == "unsafe_archive"


def test_the_same_part_twice(tmp_path):
    file = io.BytesIO(xlsx_bytes([HEADER, GOOD]))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert code_of(tmp_path, file.getvalue()) == "unsafe_archive"


def test_too_many_members(tmp_path):
    def add(parts):
        parts.update({f"xl/media/{n}.png": b"" for n in range(1500)})

    assert code_of(tmp_path, rebuilt(add)) == "bomb"


def test_other_compressions(tmp_path):
    content = rebuilt(lambda parts: None, compress=zipfile.ZIP_LZMA)
    assert code_of(tmp_path, content) == "unsafe_archive"


def test_entities_are_not_expanded(tmp_path):
    """A billion laughs: the parser leaves entities alone or refuses the file."""
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "haha">' + entities + b"]>"
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><t>&a11;</t></si></sst>"
    )
    content = rebuilt(lambda parts: parts.update({"xl/sharedStrings.xml": laughs}))
    started = time.perf_counter()
    with pytest.raises(FileRefused):
        read_table(put(tmp_path, content, "rows.xlsx"), KIND)
    assert time.perf_counter() - started < 20


def test_an_encrypted_workbook(tmp_path):
    wrapper = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    assert code_of(tmp_path, wrapper) == "password"


def test_an_old_workbook_with_macros(tmp_path):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "_VBA_PROJECT".encode("utf-16-le")
    assert code_of(tmp_path, old) == "macros"


def test_a_damaged_old_workbook(tmp_path):
    assert code_of(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)) == "damaged"


def test_polyglot_with_something_before_the_archive(tmp_path):
    content = b"<html>" + xlsx_bytes([HEADER, GOOD])
    assert code_of(tmp_path, content) == "web_page"
