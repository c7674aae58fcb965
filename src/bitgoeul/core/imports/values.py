"""Cleaned values as JSON and back, without losing what they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

Plain = str | int | float | bool
_PLAIN = frozenset((str, int, float, bool, type(None)))


def to_json(value: Any) -> Any:
    """JSON for a cleaned value; a type that JSON lacks becomes `{"type": "text"}`."""
    # Millions of cells pass here, most of them text.
    if value.__class__ in _PLAIN or isinstance(value, Plain):
        return value
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    raise TypeError(f"a converter returned {type(value).__name__}, which cannot be staged")


_READ = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
}


def from_json(value: Any) -> Any:
    """The value that `to_json` was given."""
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _READ[kind](text)
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value


def as_text(value: Any) -> str:
    """JSON text of what `to_json` gave, as it is stored."""
    return orjson.dumps(value).decode()
