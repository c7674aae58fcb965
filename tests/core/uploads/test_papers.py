"""Papers that are kept: what they say they are, nothing that acts, nothing hidden."""

import io
import zipfile
import zlib

import pytest

from bitgoeul.core import uploads
from bitgoeul.core.imports import FileRefused


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return out.getvalue()


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer <<>>\n%%EOF\n"


def streamed(inner: bytes) -> bytes:
    return b"1 0 obj <</Type /ObjStm>>\nstream\n" + zlib.compress(inner) + b"\nendstream endobj"


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("회의.txt", "회의록".encode()),
        ("회의.txt", "회의록".encode("cp949")),
        ("표.csv", b"a,b\n1,2\n"),
        ("계획.pdf", pdf(b"1 0 obj <</Type /Catalog>> endobj")),
        ("계획.docx", packed(*WORD)),
        ("계획.hwpx", packed("mimetype", "Contents/section0.xml")),
        ("사진.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20),
        ("계획.hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
    ],
)
def test_what_an_office_shares_comes_in(name: str, content: bytes) -> None:
    uploads.admit_paper(content, name=name)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<html>", "wrong_suffix"),
        ("picture.svg", b"<svg>", "wrong_suffix"),
        ("계획.docm", packed(*WORD), "macros"),
        ("no-ending", b"text", "wrong_kind"),
        ("계획.pdf", b"", "empty"),
        ("계획.pdf", packed(*WORD), "wrong_name"),
        ("계획.docx", pdf(), "wrong_name"),
        ("계획.txt", b"<script>alert(1)</script>", "wrong_name"),
        ("계획.txt", b"one\x00two", "control_character"),
        ("사진.png", b"\xff\xd8\xff" + b"\0" * 9, "wrong_name"),
        ("계획.docx", packed(*WORD, "word/vbaProject.bin"), "active_content"),
        ("계획.docx", packed(*WORD, "word/embeddings/oleObject1.bin"), "active_content"),
        ("계획.docx", packed("xl/workbook.xml"), "bad_paper"),
        ("계획.docx", packed(*WORD, "../up.xml"), "bad_paper"),
        ("계획.docx", packed(*WORD) + b"GIF89a" * 400, "bad_paper"),
        ("계획.pdf", pdf(b"<</S /JavaScript /JS (app.alert(1))>>"), "active_content"),
        ("계획.pdf", pdf(b"<</S /J#61vaScript>>"), "active_content"),
        ("계획.pdf", pdf(b"<</Type /EmbeddedFile>>"), "active_content"),
        ("계획.pdf", pdf(streamed(b"<</S /Launch>>")), "active_content"),
        ("계획.pdf", b"%PDF-1.7 cut off", "bad_paper"),
    ],
)
def test_what_does_not_come_in(name: str, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        uploads.admit_paper(content, name=name)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_a_paper_that_is_too_long_is_not_read() -> None:
    door = uploads.Door(suffixes=("txt",), most_bytes=10)
    with pytest.raises(FileRefused) as refusal:
        uploads.admit_paper(b"x" * 11, name="a.txt", door=door)
    assert refusal.value.code == "too_big"
