"""Read CSV text: decode it strictly, find its delimiter, divide it into rows.

Guessing detectors fail on Korean files, so the encodings that occur are tried one after the
other, strictly: UTF-8 (with or without mark), UTF-16 with its mark, then CP949.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from bitgoeul.core.exports import unguard

from .errors import FileRefused
from .limits import Limits
from .tables import Numbered, find_headings

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HANGUL = re.compile("[가-힣]")
_DELIMITERS = (",", "\t", ";")


def read(content: bytes, labels: Mapping[str, str], limits: Limits) -> tuple[str, list[Numbered]]:
    """The encoding and the rows, numbered as a spreadsheet would show them.

    Raises
    ------
    FileRefused
        When the bytes are not text, or the text is no proper CSV.
    """
    encoding, text = decode(content)
    if not text.strip():
        raise FileRefused("empty")
    if found := CONTROL.search(text):
        raise FileRefused("control_character", line=text.count("\n", 0, found.start()) + 1)
    return encoding, _rows(text, _delimiter(text, labels, limits), limits)


def decode(content: bytes) -> tuple[str, str]:
    """Encoding and text.

    Raises
    ------
    FileRefused
        `encoding` with the first line that no encoding explains, or `mixed_encoding`.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return "utf-16", content.decode("utf-16")
        except UnicodeDecodeError:
            raise FileRefused("encoding", line=1) from None
    try:
        return "utf-8", content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        first_odd = content.count(b"\n", 0, problem.start) + 1
    lines = content.split(b"\n")
    in_utf8 = [number for number, line in enumerate(lines, start=1) if _is_korean(line, "utf-8")]
    try:
        text = content.decode("cp949")
    except UnicodeDecodeError as problem:
        if not in_utf8:
            line = content.count(b"\n", 0, problem.start) + 1
            raise FileRefused("encoding", line=line) from None
        mixed = _is_korean(lines[first_odd - 1], "cp949")
        raise FileRefused("mixed_encoding" if mixed else "encoding", line=first_odd) from None
    if in_utf8:
        # Bytes of UTF-8 can pass as CP949, but then as other letters than were meant.
        raise FileRefused("mixed_encoding", line=max(in_utf8[0], first_odd))
    return "cp949", text


def _is_korean(line: bytes, encoding: str) -> bool:
    """Whether a line is Korean in an encoding; in UTF-8 CP949 text never is by accident."""
    if line.isascii():
        return False
    try:
        return _HANGUL.search(line.decode(encoding)) is not None
    except UnicodeDecodeError:
        return False


def _delimiter(text: str, labels: Mapping[str, str], limits: Limits) -> str:
    """The delimiter under which the headings are found; a comma when none is better."""
    start = text[:20_000]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        if delimiter not in start:
            continue
        rows: list[Numbered] = []
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(start), delimiter=delimiter)):
                rows.append((number, cells))
                if number > 60:
                    break
        except csv.Error:
            continue
        heading = find_headings(rows, labels)
        if heading and heading.found > best_score:
            best, best_score = delimiter, heading.found
    return best


def _cell(cell: str) -> str:
    # The apostrophe by which our own exports keep a spreadsheet from computing the cell.
    return unguard(cell.strip()) if cell.startswith("'") else cell.strip()


def _rows(text: str, delimiter: str, limits: Limits) -> list[Numbered]:
    csv.field_size_limit(limits.cell)
    rows: list[Numbered] = []
    line = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line, cells in enumerate(reader, start=1):
            if len(cells) > limits.columns:
                raise FileRefused("too_many_columns", line=line, max=limits.columns)
            if line > limits.rows + 200:
                raise FileRefused("too_many_rows", max=limits.rows)
            rows.append((line, [_cell(cell) for cell in cells]))
    except csv.Error as problem:
        if "field limit" in str(problem):
            raise FileRefused("cell_too_long", line=line + 1, max=limits.cell) from None
        raise FileRefused("unclosed_quote", line=line + 1) from None
    return rows
