"""Whether two plain values are the same, decided in the trusted process."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Set
from typing import Any

MOST_TRIES = 200_000
"""Comparisons that a set of numbers may cost where its members differ within the tolerance."""


def same(value: Any, expected: Any, *, relative: float = 1e-9, absolute: float = 1e-12) -> bool:
    """Whether a value is the expected one, numbers within a tolerance.

    Both are plain values as they come back from a run: their own comparisons are never asked
    beyond the built-in ones.  A list is not a tuple, True is not 1, nan equals nan, a missing
    value (NaT, NA) itself; named tuples are the same by name, fields and items; frames must agree
    in columns and index.  What cannot be compared is not the same.

    Examples
    --------
    >>> same([0.1 + 0.2, {"a": (1, 2)}], [0.3, {"a": (1, 2)}])
    True
    >>> same([1, 2], (1, 2)), same(True, 1), same(float("nan"), float("nan"))
    (False, False, True)
    >>> same({0.1 + 0.2}, {0.3}), same(10**400, 1.0)
    (True, False)
    """
    try:
        return _Comparison(relative, absolute).same(value, expected)
    except Exception:  # noqa: BLE001 -- values that the other side made up may break any comparison
        return False


class _Comparison:
    def __init__(self, relative: float, absolute: float) -> None:
        self.relative = relative
        self.absolute = absolute

    def same(self, value: Any, expected: Any) -> bool:
        if isinstance(value, bool) or isinstance(expected, bool):
            return type(value) is type(expected) and value == expected
        if isinstance(value, numbers.Number) and isinstance(expected, numbers.Number):
            return self.numbers(value, expected)
        if _form(value) != _form(expected):
            return False
        if isinstance(value, list | tuple):
            return self.rows(value, expected)
        return value is expected or self.others(value, expected)

    def others(self, value: Any, expected: Any) -> bool:
        if isinstance(value, Mapping):
            return value.keys() == expected.keys() and all(
                self.same(value[key], expected[key]) for key in value
            )
        if isinstance(value, Set):
            return self.sets(value, expected)
        family = type(value).__module__.partition(".")[0]
        if family in {"numpy", "pandas"} and hasattr(value, "shape"):
            return self.tables(value, expected)
        return bool(value == expected)

    def rows(self, value: Any, expected: Any) -> bool:
        return len(value) == len(expected) and all(map(self.same, value, expected))

    def sets(self, value: Set[Any], expected: Set[Any]) -> bool:
        """Each member has one of its own on the other side."""
        if len(value) != len(expected) or _bools(value) != _bools(expected):
            return False
        left = list(expected - value)
        unmatched = value - expected
        if len(unmatched) * len(left) > MOST_TRIES:
            return False
        for member in unmatched:
            place = next((n for n, other in enumerate(left) if self.same(member, other)), None)
            if place is None:
                return False
            del left[place]
        return True

    def numbers(self, value: Any, expected: Any) -> bool:
        if isinstance(value, complex) or isinstance(expected, complex):
            one, other = complex(value), complex(expected)
            near = max(self.absolute, self.relative * abs(other))
            return one == other or abs(one - other) <= near
        if value == expected or (isinstance(value, int) and isinstance(expected, int)):
            return bool(value == expected)
        first, second = float(value), float(expected)
        if math.isnan(first) or math.isnan(second):
            return math.isnan(first) and math.isnan(second)
        return math.isclose(first, second, rel_tol=self.relative, abs_tol=self.absolute)

    def tables(self, value: Any, expected: Any) -> bool:
        import numpy as np

        if type(value).__module__.startswith("numpy"):
            if value.shape != expected.shape:
                return False
            if value.dtype.kind in "fciu" and expected.dtype.kind in "fciu":
                return bool(
                    np.allclose(
                        value, expected, rtol=self.relative, atol=self.absolute, equal_nan=True
                    )
                )
            if value.dtype.kind == expected.dtype.kind == "O":
                return self.rows(value.tolist(), expected.tolist())
            return bool(np.array_equal(value, expected, equal_nan=value.dtype.kind in "mM"))
        return self.frames(value, expected)

    def frames(self, value: Any, expected: Any) -> bool:
        import pandas as pd

        # How an index came to be (its frequency) is no part of what it holds.
        loose: dict[str, Any] = {
            "check_dtype": False, "check_freq": False, "rtol": self.relative,
            "atol": self.absolute,
        }  # fmt: skip
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, expected, **loose)
        elif isinstance(value, pd.Series):
            pd.testing.assert_series_equal(value, expected, **loose)
        else:
            return bool(value.equals(expected))
        return True


def _bools(members: Set[Any]) -> set[Any]:
    return {member for member in members if isinstance(member, bool)}


def _form(value: Any) -> Any:
    """Its type; of a named tuple name and fields, because each side has a class of its own."""
    kind = type(value)
    if isinstance(value, tuple) and kind is not tuple:
        return kind.__name__, getattr(kind, "_fields", None)
    return kind
