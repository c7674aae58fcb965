"""Whether two plain values are the same, decided in the trusted process."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any


def same(value: Any, expected: Any, *, relative: float = 1e-9, absolute: float = 1e-12) -> bool:
    """Whether a value is the expected one, numbers within a tolerance.

    Both are plain values as they come back from a run: their own comparisons are never asked
    beyond the built-in ones.  A list is not a tuple, True is not 1, nan equals nan, frames must
    agree in columns and index.

    Examples
    --------
    >>> same([0.1 + 0.2, {"a": (1, 2)}], [0.3, {"a": (1, 2)}])
    True
    >>> same([1, 2], (1, 2)), same(True, 1), same(float("nan"), float("nan"))
    (False, False, True)
    """
    if isinstance(value, bool) or isinstance(expected, bool):
        return type(value) is type(expected) and value == expected
    if isinstance(value, numbers.Number) and isinstance(expected, numbers.Number):
        return _same_number(value, expected, relative, absolute)
    if type(value) is not type(expected):
        return False

    def inner(one: Any, other: Any) -> bool:
        return same(one, other, relative=relative, absolute=absolute)

    if isinstance(value, list | tuple):
        return len(value) == len(expected) and all(map(inner, value, expected))
    if isinstance(value, Mapping):
        return value.keys() == expected.keys() and all(
            inner(value[key], expected[key]) for key in value
        )
    family = type(value).__module__.partition(".")[0]
    if family in {"numpy", "pandas"}:
        return _same_table(value, expected, relative, absolute)
    return bool(value == expected)


def _same_number(value: Any, expected: Any, relative: float, absolute: float) -> bool:
    if isinstance(value, complex) or isinstance(expected, complex):
        return abs(complex(value) - complex(expected)) <= max(
            absolute, relative * abs(complex(expected))
        )
    if isinstance(value, int) and isinstance(expected, int):
        return value == expected
    one, other = float(value), float(expected)
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=relative, abs_tol=absolute)


def _same_table(value: Any, expected: Any, relative: float, absolute: float) -> bool:
    import numpy as np

    if type(value).__module__.startswith("numpy"):
        if value.shape != expected.shape:
            return False
        if value.dtype.kind in "fciu" and expected.dtype.kind in "fciu":
            return bool(np.allclose(value, expected, rtol=relative, atol=absolute, equal_nan=True))
        return bool(np.array_equal(value, expected))
    import pandas as pd

    try:
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(
                value, expected, check_dtype=False, rtol=relative, atol=absolute
            )
        elif isinstance(value, pd.Series):
            pd.testing.assert_series_equal(
                value, expected, check_dtype=False, rtol=relative, atol=absolute
            )
        else:
            return bool(value.equals(expected))
    except AssertionError:
        return False
    return True
