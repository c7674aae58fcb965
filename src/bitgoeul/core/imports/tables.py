"""Find the table on a sheet: the heading row under titles, the rows, the notes beneath.

Pure: it works on lists of cells, with the number that each row has in the spreadsheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import resident
from .errors import FileRefused
from .headings import candidates

Numbered = tuple[int, list[Any]]

_LOOK_FOR_HEADINGS = 40
_NOTE = re.compile(
    r"^(?:[※*＊☞▶]|주\s*\d*\s*[).:]|비\s*고\s*[:：]|합\s*계|총\s*계|소\s*계|계$|작성)"
)
_EXAMPLE = re.compile(r"^\[(?:예시|example)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """A column of the file: its letter, what stands over it, and which column of the kind it is."""

    letter: str
    text: str
    key: str | None


@dataclass(frozen=True)
class Table:
    """What was found on one sheet."""

    headings: tuple[Heading, ...]
    line: int
    rows: list[Numbered]
    ignored: list[tuple[int, str]] = field(default_factory=list)
    sheet: str = ""
    sheets: int = 1
    encoding: str = ""


@dataclass(frozen=True)
class HeadingRow:
    """A row that can be the heading row, and how many columns it names."""

    index: int
    texts: tuple[str, ...]
    keys: tuple[str | None, ...]

    @property
    def found(self) -> int:
        """How many columns of the kind it names."""
        return len({key for key in self.keys if key})


def letter(index: int) -> str:
    """The spreadsheet's letter of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_blank(cells: Iterable[Any]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell is None or cell == "" for cell in cells)


def find_headings(rows: Sequence[Numbered], keys_by_label: Mapping[str, str]) -> HeadingRow | None:
    """The row that names most columns, among the first rows; None when no row names enough.

    Headings on two levels (a merged title over several columns) are read together: where the
    lower row is empty the upper one counts.
    """
    best: HeadingRow | None = None
    above: list[Any] = []
    looked = 0
    for index, (_, cells) in enumerate(rows):
        if is_blank(cells):
            continue
        looked += 1
        if looked > _LOOK_FOR_HEADINGS:
            break
        for texts in (cells, _with_upper(cells, above)):
            row = _name(index, texts, keys_by_label)
            if best is None or row.found > best.found:
                best = row
        above = cells
    enough = min(2, len(set(keys_by_label.values())))
    return best if best and best.found >= enough else None


def _with_upper(cells: list[Any], above: list[Any]) -> list[Any]:
    width = max(len(cells), len(above))
    lower = cells + [""] * (width - len(cells))
    upper = above + [""] * (width - len(above))
    return [
        cell if cell not in ("", None) else over for cell, over in zip(lower, upper, strict=True)
    ]


def _name(index: int, cells: Sequence[Any], keys_by_label: Mapping[str, str]) -> HeadingRow:
    texts = tuple(cell.strip() if isinstance(cell, str) else "" for cell in cells)
    keys = tuple(
        next((keys_by_label[form] for form in candidates(text) if form in keys_by_label), None)
        if text
        else None
        for text in texts
    )
    return HeadingRow(index=index, texts=texts, keys=keys)


def cut(
    rows: Sequence[Numbered], heading: HeadingRow, *, first_column: int = 0
) -> tuple[tuple[Heading, ...], list[Numbered], list[tuple[int, str]]]:
    """Divide what follows the heading row into rows of the table and lines to leave out."""
    _refuse_resident_columns(heading.texts)
    headings = tuple(
        Heading(letter=letter(first_column + place), text=text, key=key)
        for place, (text, key) in enumerate(zip(heading.texts, heading.keys, strict=True))
    )
    _refuse_repeated(headings)
    body = [(line, cells) for line, cells in rows[heading.index + 1 :] if not is_blank(cells)]
    table: list[Numbered] = []
    ignored: list[tuple[int, str]] = []
    end = _end_of_table(body, len({h.key for h in headings if h.key}))
    for place, (line, cells) in enumerate(body):
        if place >= end or _is_example(cells):
            ignored.append((line, _summary(cells)))
        else:
            table.append((line, cells))
    return headings, table, ignored


def _refuse_resident_columns(texts: Iterable[str]) -> None:
    for text in texts:
        if text and resident.is_heading(text):
            raise FileRefused("resident_column", heading=resident.mask(text)[:60])


def _refuse_repeated(headings: Sequence[Heading]) -> None:
    seen: dict[str, Heading] = {}
    for heading in headings:
        if heading.key is None:
            continue
        if heading.key in seen:
            first = f"{seen[heading.key].letter}: {seen[heading.key].text}"
            raise FileRefused(
                "repeated_column", first=first, second=f"{heading.letter}: {heading.text}"
            )
        seen[heading.key] = heading


def _filled(cells: Iterable[Any]) -> list[Any]:
    return [cell for cell in cells if cell is not None and cell != ""]


def _is_example(cells: Sequence[Any]) -> bool:
    first = next(iter(_filled(cells)), "")
    return isinstance(first, str) and _EXAMPLE.match(first.strip()) is not None


def _end_of_table(body: Sequence[Numbered], columns: int) -> int:
    """Where the notes begin: counted from the end, lines of one cell, totals and footnotes."""
    end = len(body)
    while end:
        filled = _filled(body[end - 1][1])
        first = filled[0].strip() if isinstance(filled[0], str) else ""
        alone = len(filled) == 1 and columns > 2
        if not (_NOTE.match(first) or alone):
            break
        end -= 1
    return end


def _summary(cells: Sequence[Any]) -> str:
    return resident.mask(" ".join(str(cell) for cell in _filled(cells)))[:120]
