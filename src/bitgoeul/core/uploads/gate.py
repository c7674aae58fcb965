"""Judge a file by name, size, kind and content before anything else touches it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bitgoeul.core.imports import limited
from bitgoeul.core.imports.errors import FileRefused
from bitgoeul.core.imports.texts import CONTROL, decode
from bitgoeul.engines.csvfile import signature

from .names import suffix_of
from .sizes import MEBIBYTE

_WITH_MACROS = {"xlsm", "xltm", "xlam", "xlsb", "docm", "pptm", "xla"}
_SIGNATURE_OF = {"xlsx": "zip", "xls": "compound"}

SMALL_BYTES = 1 << 17
"""Text up to so long is read here: it cannot fill a memory, and a child costs 30 ms of fork."""

KIND_NAMES = {
    "zip": "ZIP, XLSX",
    "compound": "XLS, DOC, HWP",
    "markup": "HTML, XML, SVG",
    "picture": "PNG, JPEG, GIF",
    "pdf": "PDF",
    "rtf": "RTF",
    "archive": "GZIP, RAR, 7Z",
    "program": "EXE, ELF, SH",
    "text": "CSV, TXT",
}


@dataclass(frozen=True)
class Door:
    """Where files come in, and which ones may."""

    suffixes: tuple[str, ...]
    most_bytes: int
    columns: int = 300
    cell: int = 10_000
    #: The child that reads the file first.
    memory_mb: int = 512
    seconds: int = 20

    @property
    def allowed(self) -> str:
        """The kinds of files as a person reads them."""
        return ", ".join(suffix.upper() for suffix in self.suffixes)


def check_name(name: str, door: Door) -> None:
    """Refuse a name that promises something this door does not take.

    A name without an ending promises nothing: then the content alone decides.

    Raises
    ------
    FileRefused
        `macros` or `wrong_suffix`.
    """
    suffix = suffix_of(name)
    if suffix in _WITH_MACROS:
        raise FileRefused("macros")
    if suffix and suffix not in door.suffixes:
        raise FileRefused("wrong_suffix", suffix=suffix[:20], allowed=door.allowed)


def check_size(size: int, door: Door) -> None:
    """Refuse an empty file and one that is too long; asked before the content is read.

    Raises
    ------
    FileRefused
        `empty` or `too_big`.
    """
    if size == 0:
        raise FileRefused("empty")
    if size > door.most_bytes:
        most = door.most_bytes // MEBIBYTE
        raise FileRefused("too_big", size=-(-size // MEBIBYTE), max=most)


def check_kind(start: bytes, name: str) -> str:
    """What the first bytes say the file is; refused when the name says otherwise.

    Raises
    ------
    FileRefused
        `wrong_name`.
    """
    found = signature(start)
    suffix = suffix_of(name)
    promised = _SIGNATURE_OF.get(suffix, "text" if suffix else found)
    if {found, promised} <= {"zip", "compound", "text"} and found != promised:
        raise FileRefused("wrong_name", suffix=suffix[:20], found=KIND_NAMES[found])
    return found


def admit(content: bytes, *, name: str, door: Door) -> None:
    """Let a text file (CSV, JSON, a notebook, Python) pass a door, or say why not.

    Raises
    ------
    FileRefused
        With a code that says why the file may not come in.
    """
    check_name(name, door)
    check_size(len(content), door)
    # A program may begin by naming its interpreter; where programs come in, that is text.
    start = content[2:1024] if "py" in door.suffixes and content[:2] == b"#!" else content[:1024]
    found = check_kind(start, name)
    if found != "text":
        raise FileRefused("wrong_kind", allowed=door.allowed, found=KIND_NAMES[found])
    look = _look_of(door)
    if len(content) <= SMALL_BYTES:
        list(look(content, door))
        return
    limited.run(
        lambda: look(content, door),
        memory_mb=door.memory_mb,
        seconds=door.seconds,
        output_bytes=MEBIBYTE,
    )


def _look_of(door: Door) -> Callable[[bytes, Door], Iterator[Any]]:
    if {"json", "ipynb"} & set(door.suffixes):
        return _look_at_json
    return _look_at_text if "py" in door.suffixes else _look_at_csv


def _text_of(content: bytes) -> str:
    _, text = decode(content)
    if not text.strip():
        raise FileRefused("empty")
    if found := CONTROL.search(text):
        raise FileRefused("control_character", line=text.count("\n", 0, found.start()) + 1)
    return text


def _look_at_csv(content: bytes, door: Door) -> Iterator[Any]:
    """Read all of it once, as the room will, under its limits."""
    if len(content) > SMALL_BYTES:
        csv.field_size_limit(door.cell)  # in a child of its own: the limit is the process's
    reader = csv.reader(io.StringIO(_text_of(content), newline=""), strict=True)
    rows: list[list[str]] = []
    begun = 1  # the line at which the row begins that is read now
    try:
        for cells in reader:
            if len(cells) > door.columns:
                raise FileRefused("too_many_columns", line=reader.line_num, max=f"{door.columns:,}")
            if any(len(cell) > door.cell for cell in cells):
                raise FileRefused("cell_too_long", line=reader.line_num, max=f"{door.cell:,}")
            rows.append(cells)
            begun = reader.line_num + 1
    except csv.Error as problem:
        if "field limit" in str(problem):
            line = max(1, reader.line_num)
            raise FileRefused("cell_too_long", line=line, max=f"{door.cell:,}") from None
        raise FileRefused("unclosed_quote", line=begun) from None
    yield len(rows)


def _look_at_text(content: bytes, door: Door) -> Iterator[Any]:
    """A program is looked at as text; whether it runs, its grading says."""
    yield len(_text_of(content))


def _look_at_json(content: bytes, door: Door) -> Iterator[Any]:
    try:
        json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FileRefused("not_json") from None
    yield True
