"""How one threshold is declared, read from JSON, checked and written again."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, get_args, get_origin

from bitgoeul.apps.programmes.enums import Evidence, Excuse, TrainingArea

EXCUSES = tuple(Excuse.values)
EVIDENCE = tuple(Evidence.values)
AREAS = tuple(area.value for area in TrainingArea if area.value)
RATES = ("standard_long", "standard_short", "self_employed_long", "self_employed_short")
"""Training allowance: whose, and whether the day has at least the hours of a long day."""


class RuleValuesError(ValueError):
    """A value is missing, unknown, of another kind or out of its range: `field` says which."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(f"{field_name}: {reason}")
        self.field = field_name
        self.reason = reason


def of(
    *,
    source: str,
    low: Any = None,
    high: Any = None,
    among: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return what is known of a threshold: where it comes from, its range, its possible words.

    Of a mapping, `keys` are its possible keys; range and words are those of its values.
    """
    return {"source": source, "low": low, "high": high, "among": among, "keys": keys}


def check(one: "dataclasses.Field[Any]", value: Any) -> None:
    """Refuse a value out of its range.

    Raises
    ------
    RuleValuesError
        Names the field.
    """
    if isinstance(value, Mapping):
        _check_mapping(one, value)
        return
    _check_value(one, value)


def _check_mapping(one: "dataclasses.Field[Any]", value: Mapping[str, Any]) -> None:
    keys = one.metadata.get("keys")
    for key, each in value.items():
        if keys and key not in keys:
            raise RuleValuesError(one.name, f"knows only {', '.join(keys)}")
        _check_value(one, each)


def _check_value(one: "dataclasses.Field[Any]", value: Any) -> None:
    low, high = one.metadata.get("low"), one.metadata.get("high")
    among = one.metadata.get("among")
    if among and value not in among:
        raise RuleValuesError(one.name, f"must be one of {', '.join(among)}")
    if value is None or low is None:
        return
    if not low <= value <= high:
        raise RuleValuesError(one.name, f"must lie between {low} and {high}")


def read(one: "dataclasses.Field[Any]", value: Any) -> Any:
    """Read a stored value as what the field wants.

    Raises
    ------
    RuleValuesError
        When it is of another kind.
    """
    kinds = get_args(one.type) or (one.type,)
    if value is None:
        if type(None) not in kinds:
            raise RuleValuesError(one.name, "must have a value")
        return None
    origin = get_origin(one.type)
    if origin is Mapping:
        _expect(one.name, value, dict)
        reads = {int: _whole, Decimal: _decimal, str: _word}
        convert = reads[kinds[1]]
        return {str(key): convert(one.name, limit) for key, limit in value.items()}
    if origin is tuple:
        _expect(one.name, value, list)
        for part in value:
            _expect(one.name, part, kinds[0])
        return tuple(value)
    if Decimal in kinds:
        return _decimal(one.name, value)
    _expect(one.name, value, kinds[0])
    return value


def _expect(name: str, value: Any, kind: type) -> None:
    if type(value) is not kind:
        raise RuleValuesError(name, f"must be {kind.__name__}")


def _whole(name: str, value: Any) -> int:
    _expect(name, value, int)
    return int(value)


def _word(name: str, value: Any) -> str:
    _expect(name, value, str)
    return str(value)


def _decimal(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise RuleValuesError(name, "must be a number") from error
    if isinstance(value, bool) or not number.is_finite():
        raise RuleValuesError(name, "must be a number")
    return number


def plain(value: Any) -> Any:
    """Return a value in JSON types; decimals become text so that none is lost."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain(limit) for key, limit in sorted(value.items())}
    return list(value) if isinstance(value, tuple) else value
