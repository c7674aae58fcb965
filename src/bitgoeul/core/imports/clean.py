"""Converters from a filled cell to a value: small, fast, and clear about what was expected.

Each factory returns a function that takes a cell (text as typed, or the number, date, time or
truth value that the spreadsheet stored) and returns a plain value or raises `CellError`.
"""

# ruff: noqa: A002 -- the ends of a range have no better names than min and max

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid as uuids
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from .dates import parse_date, parse_datetime, parse_time
from .errors import CellError

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time

SEOUL = ZoneInfo("Asia/Seoul")
_SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]+")


def shown(cell: object) -> str:
    """A cell as it is repeated to people: as typed, and not longer than a line."""
    text = as_text(cell)
    return text if len(text) <= 60 else text[:59] + "…"


def as_text(cell: object) -> str:
    """A cell as text; whole numbers without a decimal point, dates as 2026-04-15."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, dt.time):
        return cell.isoformat("minutes")
    return str(cell)


def plain(cell: object) -> str:
    """Text with full-width forms made plain and spaces at the ends removed."""
    text = as_text(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.strip()


def text(
    *, max: int = 200, min: int = 0, pattern: str = "", form: str = ""
) -> Callable[[Cell], str]:
    """Text on one line; `pattern` must match it whole, `form` says in words what is expected."""
    compiled = re.compile(pattern) if pattern else None

    def convert(cell: Cell) -> str:
        value = as_text(cell)
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
        value = _SPACES.sub(" ", value).strip()
        if len(value) > max:
            raise CellError("too_long", length=len(value), max=max)
        if len(value) < min:
            raise CellError("too_short", length=len(value), min=min)
        if compiled and not compiled.fullmatch(value):
            raise CellError("wrong_form", found=shown(cell), expected=form or pattern)
        return value

    return convert


def _bounded(cell: Cell, value: Any, least: Any, most: Any) -> None:
    if least is not None and value < least:
        raise CellError("too_small", found=shown(cell), min=f"{least:,}")
    if most is not None and value > most:
        raise CellError("too_large", found=shown(cell), max=f"{most:,}")


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,15})?")


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return Decimal(cell)
    try:
        if isinstance(cell, float):
            # A spreadsheet is exact to fifteen digits; beyond, what is shown is not what is meant.
            return Decimal(repr(cell)) if abs(cell) < 1e15 else None
        typed = plain(cell).replace("−", "-")
        return Decimal(typed.replace(",", "")) if _NUMBER.fullmatch(typed) else None
    except InvalidOperation:
        return None


def integer(
    *, min: int | None = None, max: int | None = 2_147_483_647, unit: str = ""
) -> Callable[[Cell], int]:
    """A whole number; `unit` may follow it ("12명", "3회")."""

    def convert(cell: Cell) -> int:
        typed: Cell = cell
        if unit and isinstance(cell, str):
            typed = plain(cell).removesuffix(unit).rstrip()
        value = _number(typed)
        if value is None or value != value.to_integral_value():
            raise CellError("not_whole_number", found=shown(cell))
        _bounded(cell, value, min, max)
        return int(value)

    return convert


def decimal(
    *,
    min: Decimal | int | None = None,
    max: Decimal | int | None = None,
    places: int = 4,
    unit: str = "",
) -> Callable[[Cell], Decimal]:
    """An exact decimal number, such as a score; `unit` may follow it ("87.5점")."""

    def convert(cell: Cell) -> Decimal:
        typed: Cell = cell
        if unit and isinstance(cell, str):
            typed = plain(cell).removesuffix(unit).rstrip()
        value = _number(typed)
        if value is None:
            raise CellError("not_a_number", found=shown(cell))
        if isinstance(cell, float):
            # A spreadsheet computes 82.3 as 82.29999999999998: what is shown is meant.
            value = round(value, places)
        value = _without_zeros(value)
        if -int(value.as_tuple().exponent) > places:
            raise CellError("too_many_places", found=shown(cell), places=places)
        _bounded(cell, value, min, max)
        return value

    return convert


def score(
    *, min: Decimal | int = 0, max: Decimal | int = 100, places: int = 2
) -> Callable[[Cell], Decimal]:
    """A score out of 100 unless said otherwise, with or without 점."""
    return decimal(min=min, max=max, places=places, unit="점")


def _without_zeros(value: Decimal) -> Decimal:
    value = value.normalize()
    return value.quantize(Decimal(1)) if int(value.as_tuple().exponent) > 0 else value


_WON_SIZES = (
    ("조", 10**12), ("억", 10**8), ("천만", 10**7), ("백만", 10**6), ("만", 10**4), ("천", 10**3),
)  # fmt: skip
_WON = re.compile("".join(rf"(?:(\d+(?:\.\d+)?){name})?" for name, _ in _WON_SIZES) + r"(\d+)?")
_WON_MARKS = re.compile(r"[\s₩￦\\]|KRW|krw")
_WON_COMMAS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def _won_amount(typed: str) -> int | None:
    value = _WON_MARKS.sub("", typed.replace("−", "-"))
    negative = False
    if value.startswith("(") and value.endswith(")"):
        negative, value = True, value[1:-1]
    elif value[:1] in {"-", "△", "▲"}:
        negative, value = True, value[1:]
    value = _WON_COMMAS.sub("", value.removesuffix("원정").removesuffix("원"))
    value = re.sub(r"\.0+$", "", value)
    found = _WON.fullmatch(value)
    if not value or found is None:
        return None
    total = Decimal(found.groups()[-1] or 0)
    for part, (_, size) in zip(found.groups(), _WON_SIZES, strict=False):
        total += Decimal(part or 0) * size
    if total != total.to_integral_value():
        return None
    return -int(total) if negative else int(total)


def won(*, min: int | None = 0, max: int | None = 10**15) -> Callable[[Cell], int]:
    """An amount in won: 1234000, "1,234,000원", "₩1,234", "12억 8,400만 원", "(1,234)"."""

    def convert(cell: Cell) -> int:
        value: int | None
        if isinstance(cell, str):
            typed = plain(cell)
            value = _won_amount(typed) if len(typed) <= 60 else None
        else:
            number = _number(cell)
            whole = number is not None and number == number.to_integral_value()
            value = int(number) if number is not None and whole else None
        if value is None:
            raise CellError("not_money", found=shown(cell))
        _bounded(cell, value, min, max)
        return value

    return convert


def date(*, min: dt.date | None = None, max: dt.date | None = None) -> Callable[[Cell], dt.date]:
    """A day: "2021-04-15", "2021년 4월 15일", "2021. 4. 15.", "21.4.15", 20210415, a date cell."""

    def convert(cell: Cell) -> dt.date:
        value = parse_date(cell, plain)
        if value is None:
            raise CellError("not_a_date", found=shown(cell))
        if min is not None and value < min:
            raise CellError("too_early", found=shown(cell), min=min.isoformat())
        if max is not None and value > max:
            raise CellError("too_late", found=shown(cell), max=max.isoformat())
        return value

    return convert


def datetime() -> Callable[[Cell], dt.datetime]:
    """A moment in Seoul time: "2026-04-15 14:30", "2026. 4. 15. 오후 2:30", a date-time cell."""

    def convert(cell: Cell) -> dt.datetime:
        value = parse_datetime(cell, plain)
        if value is None:
            raise CellError("not_a_moment", found=shown(cell))
        return value if value.tzinfo else value.replace(tzinfo=SEOUL)

    return convert


def time() -> Callable[[Cell], dt.time]:
    """A time of day: "14:30", "오후 2시 30분", a time cell."""

    def convert(cell: Cell) -> dt.time:
        value = parse_time(cell, plain)
        if value is None:
            raise CellError("not_a_time", found=shown(cell))
        return value

    return convert


_PHONE_SIGNS = re.compile(r"[\s\-–—‐‑.()/]+")
_PHONE = re.compile(
    r"(01[016-9])(\d{3,4})(\d{4})|(02)(\d{3,4})(\d{4})"
    r"|(0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50\d?))(\d{3,4})(\d{4})|(1[568]\d{2})(\d{4})"
)
# What is left of a number when the spreadsheet has dropped its leading zero. Exchanges never
# begin with 0 or 1, so a day like 20210415 is not taken for a number in Seoul.
_WITHOUT_ZERO = re.compile(
    r"1[016-9]\d{7,8}|2[2-9]\d{6,7}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80)[1-9]\d{6,7}"
)


def phone() -> Callable[[Cell], str]:
    """A Korean telephone number, as 010-1234-5678; a lost leading zero is restored."""

    def convert(cell: Cell) -> str:
        typed = plain(cell)
        digits = _PHONE_SIGNS.sub("", typed)
        if digits.startswith(("+82", "0082")):
            digits = "0" + digits.removeprefix("00").removeprefix("+")[2:].removeprefix("0")
        elif digits.startswith("82") and len(digits) >= 11:
            digits = "0" + digits[2:].removeprefix("0")
        elif digits == typed and _WITHOUT_ZERO.fullmatch(digits):
            digits = "0" + digits
        found = _PHONE.fullmatch(digits)
        if found is None or isinstance(cell, bool):
            raise CellError("not_a_phone", found=shown(cell))
        return "-".join(part for part in found.groups() if part)

    return convert


_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])"
)


def email() -> Callable[[Cell], str]:
    """An e-mail address, in lower case."""

    def convert(cell: Cell) -> str:
        value = plain(cell).lower().removeprefix("mailto:")
        if len(value) > 254 or not _EMAIL.fullmatch(value):
            raise CellError("not_an_email", found=shown(cell))
        return value

    return convert


def _folded(label: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", label)).casefold()


def choice(mapping: Mapping[str, Any], *, shown_as: Iterable[str] = ()) -> Callable[[Cell], Any]:
    """One of the labels of `mapping` (Korean and English), as the value that it stands for.

    `shown_as` are the labels to offer in the message; by default the first one of each value.
    """
    values = {_folded(label): value for label, value in mapping.items()}
    first: dict[Any, str] = {}
    for label, value in mapping.items():
        first.setdefault(value, label)
    expected = ", ".join(tuple(shown_as) or tuple(first.values())[:20])

    def convert(cell: Cell) -> Any:
        try:
            return values[_folded(as_text(cell))]
        except KeyError:
            raise CellError("not_a_choice", found=shown(cell), expected=expected) from None

    return convert


_YES = frozenset(
    ("○", "◯", "〇", "●", "✓", "✔", "o", "ㅇ", "v", "y", "yes", "예", "네", "t", "true", "참", "1")
)
_NO = frozenset(
    ("×", "✕", "✗", "✘", "x", "ㄴ", "n", "no", "아니오", "아니요", "f", "false", "거짓", "0", "-")
)


def boolean() -> Callable[[Cell], bool]:
    """Yes or no: ○/×, Y/N, 예/아니오, TRUE/FALSE, 1/0."""

    def convert(cell: Cell) -> bool:
        value = as_text(cell).strip().casefold()
        value = value if value in _YES or value in _NO else _folded(value)
        if value in _YES:
            return True
        if value in _NO:
            return False
        raise CellError("not_yes_or_no", found=shown(cell))

    return convert


def business_number_is_valid(digits: str) -> bool:
    """Whether the tenth digit of a business registration number is right."""
    numbers = [int(digit) for digit in digits]
    weights = (1, 3, 7, 1, 3, 7, 1, 3)
    total = sum(number * weight for number, weight in zip(numbers, weights, strict=False))
    ninth = numbers[8] * 5
    return (total + ninth // 10 + ninth % 10 + numbers[9]) % 10 == 0


def business_number() -> Callable[[Cell], str]:
    """A business registration number, as 123-45-67891, with its check digit verified."""

    def convert(cell: Cell) -> str:
        digits = _PHONE_SIGNS.sub("", plain(cell))
        if isinstance(cell, (int, float)) and len(digits) < 10:
            digits = digits.zfill(10)
        if not (digits.isascii() and digits.isdigit() and len(digits) == 10):
            raise CellError("not_business_number", found=shown(cell))
        if not business_number_is_valid(digits):
            raise CellError("business_number_check", found=shown(cell))
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"

    return convert


def share(*, percent: bool = False) -> Callable[[Cell], Decimal]:
    """A share between 0 and 1: "30%", 0.3; with `percent`, bare numbers are per cent."""

    def convert(cell: Cell) -> Decimal:
        typed = plain(cell) if isinstance(cell, str) else ""
        signed = typed.endswith("%")
        value = _number(typed[:-1].rstrip() if signed else cell)
        if value is None:
            raise CellError("not_a_share", found=shown(cell))
        value = round(value / 100 if signed or percent else value, 6)
        if not 0 <= value <= 1:
            raise CellError("not_a_share", found=shown(cell))
        return _without_zeros(value)

    return convert


def uuid() -> Callable[[Cell], uuids.UUID]:
    """An identifier that this system has given out."""

    def convert(cell: Cell) -> uuids.UUID:
        try:
            return uuids.UUID(plain(cell))
        except ValueError:
            raise CellError("not_an_identifier", found=shown(cell)) from None

    return convert
