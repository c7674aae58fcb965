"""Reading CSV files as people really send them.

UTF-8 with or without byte order mark, then cp949; quoted fields, CRLF, blank lines and
spaces around values are accepted. Lines are counted as an editor counts them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bitgoeul.engines.errors import EngineError

Source = bytes | str | Path
Refusal = Callable[..., EngineError]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")

MOST_COLUMNS = 20_000
_SIGNATURES = {
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "compound": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "picture": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x00", b"II*\x00", b"MM\x00*"),
    "pdf": (b"%PDF",),
    "rtf": (b"{\\rtf",),
    "archive": (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
    "program": (b"MZ\x90", b"MZ\x00", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!/", b"\xcf\xfa\xed\xfe"),
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php", b"<body", b"<head")


@dataclass(frozen=True)
class CsvFile:
    """A decoded table: header and rows, each row with its line number."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    last_line: int


def signature(start: bytes) -> str:
    """What the first bytes of a file say it is; ``"text"`` when they say nothing else.

    >>> signature(b"PK\\x03\\x04"), signature(b" <SVG>"), signature(b"id,y"), signature(b"%PDF-1.7")
    ('zip', 'markup', 'text', 'pdf')
    """
    for kind, marks in _SIGNATURES.items():
        if start.startswith(marks):
            return kind
    if b"%PDF-" in start[:1024]:
        return "pdf"  # readers of PDF find the mark anywhere in the first kilobyte
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return "markup" if head.startswith(_MARKUP) else "text"


def source_name(source: Source, fallback: str) -> str:
    """The name to use for a source in messages.

    >>> source_name(b"a,b", "truth"), source_name("/tmp/truth.csv", "truth")
    ('truth', 'truth.csv')
    """
    return fallback if isinstance(source, bytes) else Path(source).name


def read_bytes(source: Source, *, name: str, refuse: Refusal = EngineError) -> bytes:
    """The content of a path, or the bytes themselves."""
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise refuse("unreadable_file", file=name, value=error.strerror or source) from error


def decode(content: bytes, *, name: str, refuse: Refusal = EngineError) -> str:
    """Strict UTF-8, then strict cp949; detectors guess wrongly on short Korean files."""
    found = signature(content[:1024])
    if found != "text":
        raise refuse("not_text", file=name, value=found)
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if odd := CONTROL.search(text):
            line = text.count("\n", 0, odd.start()) + 1
            raise refuse("not_text", file=name, line=line, value=f"U+{ord(odd[0]):04X}")
        return text
    raise refuse("bad_encoding", file=name, expected="UTF-8, cp949")


def _records(text: str, *, name: str, refuse: Refusal) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise refuse("bad_csv", file=name, line=line, value=error) from error


def read_csv(
    source: Source, *, name: str, required: tuple[str, ...], refuse: Refusal = EngineError
) -> CsvFile:
    """Read a table with a header row.

    Parameters
    ----------
    source : bytes, str or Path
        Content or path.
    name : str
        Name used in refusals.
    required : tuple of str
        Columns that must be in the header.
    refuse : callable
        The error class of the calling engine.

    Raises
    ------
    EngineError
        ``unreadable_file``, ``not_text``, ``bad_encoding``, ``bad_csv``, ``empty_file``,
        ``too_many_columns``, ``duplicate_column``, ``missing_column`` or ``wrong_cell_count``.

    Examples
    --------
    >>> table = read_csv(b"id,y\\r\\n\\r\\n a , 1\\r\\n", name="t.csv", required=("id",))
    >>> table.rows
    ((3, ('a', '1')),)
    """
    text = decode(read_bytes(source, name=name, refuse=refuse), name=name, refuse=refuse)
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 0
    for line, cells in _records(text, name=name, refuse=refuse):
        if not any(cells):
            continue
        if not header:
            header = tuple(cells)
            check_header(header, line, name=name, required=required, refuse=refuse)
        elif len(cells) != len(header):
            raise refuse(
                "wrong_cell_count",
                file=name,
                line=line,
                value=len(cells),
                expected=str(len(header)),
            )
        else:
            rows.append((line, tuple(cells)))
    if not header:
        raise refuse("empty_file", file=name, line=1, expected=",".join(required))
    return CsvFile(name=name, header=header, rows=tuple(rows), last_line=max(line, 1))


def check_header(
    header: tuple[str, ...], line: int, *, name: str, required: tuple[str, ...], refuse: Refusal
) -> None:
    """Refuse a header with too many columns, one column twice, or one missing."""
    if len(header) > MOST_COLUMNS:
        raise refuse("too_many_columns", file=name, line=line, value=len(header))
    for column, times in Counter(header).items():
        if times > 1:
            raise refuse("duplicate_column", file=name, line=line, column=column, value=column)
    for column in required:
        if column not in header:
            raise refuse(
                "missing_column", file=name, line=line, column=column, expected=",".join(required)
            )


def parse_decimal(text: str) -> Decimal | str:
    """The exact number, or the code that says why it is none.

    >>> parse_decimal("1.50e1"), parse_decimal("1,5"), parse_decimal("nan")
    (Decimal('15.0'), 'not_a_number', 'not_finite')
    """
    if NUMBER.fullmatch(text):
        return Decimal(text)
    return "not_finite" if NOT_FINITE.fullmatch(text) else "not_a_number"


def parse_float(text: str) -> float | str:
    """The nearest float, or the code that says why it is none.

    >>> parse_float(".5"), parse_float("1_0"), parse_float("-Infinity"), parse_float("1e999")
    (0.5, 'not_a_number', 'not_finite', 'not_finite')
    """
    if NUMBER.fullmatch(text):
        number = float(text)
        return number if abs(number) != float("inf") else "not_finite"
    return "not_finite" if NOT_FINITE.fullmatch(text) else "not_a_number"


def parse_integer(text: str) -> int | None:
    """A whole number in ASCII digits, or None.

    >>> parse_integer("+12"), parse_integer("1.0")
    (12, None)
    """
    return int(text) if INTEGER.fullmatch(text) else None
