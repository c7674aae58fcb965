"""The rules of a round as data: lottery, reserved seats, frozen placements."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

from bitgoeul.engines.csvfile import Source, decode, parse_decimal, read_bytes
from bitgoeul.engines.errors import EngineError

# Python's default of 28 digits would round long scores silently.
EXACT = Context(prec=100)

MODES = ("soft", "target", "calling")
ROUNDINGS = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
_RESERVE_KEYS = (
    "column",
    "value",
    "share",
    "seats",
    "mode",
    "order",
    "floor",
    "extra_cap",
    "rounding",
    "min_seats",
    "positions",
)


class MatchingError(EngineError):
    """A market or a rule that cannot be matched as it stands."""


def lottery_number(seed: str, round: str, applicant: str) -> int:  # noqa: A002 - the file format's word
    """The lottery number of one applicant; the lowest wins.

    SHA-256 of the UTF-8 text ``seed|round|applicant``, read as a hexadecimal integer.

    Examples
    --------
    >>> f"{lottery_number('s', '1', 'a'):064x}"[:8]
    '6a09f198'
    """
    text = f"{seed}|{round}|{applicant}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


@dataclass(frozen=True)
class Lottery:
    """What the lottery numbers are computed from."""

    seed: str = ""
    round: str = ""


@dataclass(frozen=True)
class Reserve:
    """Seats for people of one type, in one of three modes.

    Parameters
    ----------
    column, value : str
        A choice is of the type when its cell in this column holds this value.
    share : Decimal, optional
        Part of the position's seats, above 0 and at most 1. Give either share or seats.
    seats : int, optional
        So many seats of each position, at most its capacity.
    mode : {"soft", "target", "calling"}
        ``soft``: the type comes first in some seats, which others take when nobody of the
        type wants them. ``target``: when too few of the type pass, extra people of the type
        pass above the capacity. ``calling``: one calling order per position that keeps the
        share at every step.
    order : int
        Where several reserves meet, lower is processed first; ties in the order given.
    floor : Decimal, optional
        ``target`` only: extra people may score at most so much below the last regular one.
    extra_cap : Decimal, optional
        ``target`` only: at most this part of the capacity passes above it, rounded down.
    rounding : {"down", "nearest", "up"}
        How ``share`` of the seats becomes a whole number; nearest rounds a half up.
    min_seats : int
        Positions with fewer seats are exempt.
    positions : tuple of str, optional
        The positions concerned; None for all.
    """

    column: str
    value: str
    share: Decimal | None = None
    seats: int | None = None
    mode: str = "soft"
    order: int = 0
    floor: Decimal | None = None
    extra_cap: Decimal | None = None
    rounding: str = "down"
    min_seats: int = 0
    positions: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("share", "floor", "extra_cap"):
            object.__setattr__(self, name, _decimal_or_none(getattr(self, name), name))
        if not self.column or not self.value:
            raise MatchingError("missing_value", column="column" if self.value else "value")
        _expect(self.mode in MODES, "mode", self.mode, ", ".join(MODES))
        _expect(self.rounding in ROUNDINGS, "rounding", self.rounding, ", ".join(ROUNDINGS))
        _expect(self.min_seats >= 0, "min_seats", self.min_seats, ">= 0")
        if (self.share is None) == (self.seats is None):
            raise MatchingError("share_or_seats", column="share, seats", value=self.label)
        if self.share is not None:
            _expect(0 < self.share <= 1, "share", self.share, "0 < share <= 1")
        if self.seats is not None:
            _expect(self.mode != "calling", "seats", self.seats, "share")
            _expect(self.seats >= 0, "seats", self.seats, ">= 0")
        for name in ("floor", "extra_cap"):
            given = getattr(self, name)
            if given is not None:
                _expect(self.mode == "target", name, given, 'mode = "target"')
                _expect(given >= 0, name, given, ">= 0")

    @property
    def label(self) -> str:
        """The name of the seats, e.g. ``local=yes``."""
        return f"{self.column}={self.value}"

    def concerns(self, position: str, capacity: int) -> bool:
        """Whether the reserve holds for a position of so many seats."""
        named = self.positions is None or position in self.positions
        return named and capacity >= self.min_seats

    def seats_of(self, capacity: int) -> int:
        """How many seats of a position of this capacity the reserve speaks of.

        >>> Reserve("local", "yes", share=Decimal("0.3"), rounding="nearest").seats_of(5)
        2
        """
        if self.seats is not None:
            return min(self.seats, capacity)
        return _part(self.share or Decimal(0), capacity, ROUNDINGS[self.rounding])

    def extra_seats_of(self, capacity: int) -> int:
        """How many people may at most pass above the capacity."""
        if self.extra_cap is None:
            return self.seats_of(capacity)
        return _part(self.extra_cap, capacity, ROUND_FLOOR)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the certificate; exact numbers as text, absent keys left out."""
        values: dict[str, Any] = {}
        for key in _RESERVE_KEYS:
            value = getattr(self, key)
            if isinstance(value, Decimal):
                value = number_text(value)
            if value is not None:
                values[key] = list(value) if isinstance(value, tuple) else value
        return values


@dataclass(frozen=True)
class Rules:
    """Everything that decides a round besides the applications.

    ``reserves`` are kept in their processing order; ``frozen`` holds (applicant, position)
    pairs that stand as they are.
    """

    lottery: Lottery = Lottery()
    reserves: tuple[Reserve, ...] = ()
    frozen: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.reserves, key=lambda reserve: reserve.order))
        object.__setattr__(self, "reserves", ordered)
        seen: set[str] = set()
        for applicant, _ in self.frozen:
            if applicant in seen:
                raise MatchingError("frozen_twice", column="frozen", value=applicant)
            seen.add(applicant)

    def columns(self) -> tuple[str, ...]:
        """The group columns that the reserves read, sorted."""
        return tuple(sorted({reserve.column for reserve in self.reserves}))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the certificate and its digest."""
        return {
            "lottery": {"seed": self.lottery.seed, "round": self.lottery.round},
            "reserve": [reserve.as_dict() for reserve in self.reserves],
            "frozen": [{"applicant": a, "position": p} for a, p in self.frozen],
        }

    def to_toml(self) -> str:
        """The rules as a RULES.toml that `read_rules` reads back."""
        values = self.as_dict()
        lines = ["[lottery]", *_toml_lines(values["lottery"])]
        for table in ("reserve", "frozen"):
            for entry in values[table]:
                lines += ["", f"[[{table}]]", *_toml_lines(entry)]
        return "\n".join(lines) + "\n"


def number_text(number: Decimal) -> str:
    """One text per number: no exponent, no trailing zeros.

    >>> number_text(Decimal("1.50e1")), number_text(Decimal("-0.0"))
    ('15', '0')
    """
    return format(number.normalize(EXACT), "f") if number else "0"


def _part(share: Decimal, capacity: int, rounding: str) -> int:
    exact = EXACT.multiply(share, Decimal(capacity))
    return int(exact.to_integral_value(rounding=rounding))


def _toml_lines(values: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, value in values.items():
        exact = key in ("share", "floor", "extra_cap")
        # JSON's text escapes are a subset of TOML's, except the raw DEL, which no id may hold.
        lines.append(f"{key} = {value if exact else json.dumps(value, ensure_ascii=False)}")
    return lines


def _expect(fine: bool, key: str, value: object, expected: str) -> None:
    if not fine:
        raise MatchingError("bad_rule_value", column=key, value=value, expected=expected)


def _decimal_or_none(value: object, key: str) -> Decimal | None:
    if value is None:
        return None
    number = parse_decimal(str(value))
    if isinstance(number, str) or isinstance(value, bool):
        raise MatchingError("bad_rule_value", column=key, value=value, expected="number")
    return number


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise MatchingError("bad_rule_value", column=key, value=value, expected="text")
    return value


def _integer(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MatchingError("bad_rule_value", column=key, value=value, expected="integer")
    return value


def _known_keys(table: Any, allowed: Sequence[str], where: str) -> None:
    if not isinstance(table, Mapping):
        raise MatchingError("bad_rule_value", column=where, value=table, expected="table")
    for key in table:
        if key not in allowed:
            raise MatchingError("unknown_key", column=where, value=key, expected=", ".join(allowed))


def _reserve_from(table: Mapping[str, Any], number: int) -> Reserve:
    _known_keys(table, _RESERVE_KEYS, "reserve")
    values: dict[str, Any] = dict(table)
    for key in ("column", "value", "mode", "rounding"):
        if key in values:
            values[key] = _text(values[key], key)
    for key in ("seats", "order", "min_seats"):
        if key in values:
            values[key] = _integer(values[key], key)
    named = values.get("positions")
    if named == "all":
        values["positions"] = None
    elif named is not None:
        if not isinstance(named, list):
            raise MatchingError(
                "bad_rule_value", column="positions", value=named, expected='[…], "all"'
            )
        values["positions"] = tuple(_text(position, "positions") for position in named)
    for key in ("column", "value"):
        if key not in values:
            raise MatchingError("missing_value", column=f"reserve[{number}].{key}")
    return Reserve(**values)


def rules_from_dict(values: Mapping[str, Any]) -> Rules:
    """Rules from the parsed content of a RULES.toml.

    Raises
    ------
    MatchingError
        ``unknown_key``, ``bad_rule_value``, ``missing_value``, ``share_or_seats``,
        ``frozen_twice``, or ``unsupported_rule`` for ``umbrella`` and ``region``.
    """
    _known_keys(values, ("lottery", "reserve", "umbrella", "region", "frozen"), "")
    for name in ("umbrella", "region"):
        if values.get(name):
            raise MatchingError("unsupported_rule", value=name)
    for name in ("reserve", "frozen"):
        if not isinstance(values.get(name, []), list):
            raise MatchingError("bad_rule_value", column=name, expected=f"[[{name}]]")
    lottery = values.get("lottery", {})
    _known_keys(lottery, ("seed", "round"), "lottery")
    frozen = []
    for entry in values.get("frozen", []):
        _known_keys(entry, ("applicant", "position"), "frozen")
        if len(entry) != 2:
            raise MatchingError("missing_value", column="frozen", expected="applicant, position")
        frozen.append(
            (_text(entry["applicant"], "applicant"), _text(entry["position"], "position"))
        )
    reserves = enumerate(values.get("reserve", []), start=1)
    return Rules(
        lottery=Lottery(**{key: _text(value, key) for key, value in lottery.items()}),
        reserves=tuple(_reserve_from(table, number) for number, table in reserves),
        frozen=tuple(frozen),
    )


def read_rules(source: Source, *, name: str = "") -> Rules:
    """Rules from a RULES.toml; refusals carry the file's name.

    >>> read_rules(b'[lottery]\\nseed = "s"').lottery
    Lottery(seed='s', round='')
    """
    file = name or ("rules" if isinstance(source, bytes) else Path(source).name)
    text = decode(
        read_bytes(source, name=file, refuse=MatchingError), name=file, refuse=MatchingError
    )
    try:
        return rules_from_dict(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise MatchingError("bad_toml", file=file, value=error) from error
    except MatchingError as error:
        raise MatchingError(**{**error.fields(), "file": file}) from error  # type: ignore[arg-type]  # the fields are the parameters
