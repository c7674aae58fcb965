"""Resident registration numbers, of citizens and foreigners, are found and never kept.

The pattern asks for a plausible birth date and a seventh digit of 1 to 8, and ignores the
check digit: numbers issued since October 2020 have none. In doubt a number is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MASK = "******-*******"

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NUMBER = re.compile(
    r"(?<![0-9])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[\s.\-_/~:·ㆍ−–—‐‑]{0,3}[1-8][0-9]{6}(?![0-9])"
)
# A digest may hold any digits: a hexadecimal word of 32 signs or more, with letters in it.
_OR_DIGEST = re.compile(
    r"(?<![0-9A-Za-z])(?P<digest>(?=[0-9]*[a-f])[0-9a-f]{32,})(?![0-9A-Za-z])|" + _NUMBER.pattern
)
_HEADING = re.compile(
    r"주민\s*(?:등록)?\s*번호|외국인\s*(?:등록)?\s*번호|resident\s*registration|^rrn$|^ssn$"
)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def has_number(text: str) -> bool:
    """Whether the text contains what looks like a resident registration number."""
    plain = _plain(text)
    if _NUMBER.search(plain) is None:
        return False
    return any(found["digest"] is None for found in _OR_DIGEST.finditer(plain))


def is_number(value: float) -> bool:
    """The same for a cell that the spreadsheet stored as a number, without leading zeros."""
    if not 10_000_000_000 <= value < 10_000_000_000_000 or value != int(value):
        return False
    return _NUMBER.fullmatch(f"{int(value):013d}") is not None


def in_cells(cells: Iterable[object]) -> bool:
    """Whether any cell of a row holds such a number (one search for the whole row)."""
    texts = []
    for cell in cells:
        if isinstance(cell, str):
            texts.append(cell)
        elif isinstance(cell, (int, float)) and is_number(cell):
            return True
    # The bar separates cells and is no part of a number: a birth date beside a student number
    # of seven digits is not one.
    return has_number("|".join(texts))


def mask(cell: object) -> str:
    """The cell as text, with every such number replaced."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and is_number(cell):
        return MASK
    return _OR_DIGEST.sub(lambda found: found["digest"] or MASK, _plain(str(cell)))


def is_heading(text: str) -> bool:
    """Whether a column heading asks for such numbers (the birth-date half alone is allowed)."""
    plain = _plain(text).strip().lower()
    return "앞" not in plain and _HEADING.search(plain) is not None
