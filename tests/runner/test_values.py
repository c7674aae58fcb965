"""Plain values cross the wall unchanged; what could lie about itself does not cross."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.runner import same
from bitgoeul.runner.inside import values


def there_and_back(value):
    return values.decode(json.loads(json.dumps(values.encode(value), allow_nan=False)))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.binary(max_size=20) | st.complex_numbers(allow_nan=False) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    | st.tuples(inner, inner),
    max_leaves=6,
)  # fmt: skip


@given(plain)
def test_plain_values_come_back_the_same(value) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "value",
    [
        {1, 2}, frozenset("ab"), range(3, 9, 2), ..., decimal.Decimal("0.10"),
        fractions.Fraction(1, 3), dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC), dt.time(9),
        dt.timedelta(days=1, seconds=2), collections.deque([1, 2]), collections.Counter("aab"),
        collections.OrderedDict(b=1, a=2), {(1, 2): [3], None: 4}, bytearray(b"x"),
        float("inf"), "\ud800",
    ],
)  # fmt: skip
def test_the_other_plain_types_come_back(value) -> None:
    assert there_and_back(value) == value


def test_named_tuples_and_nan_come_back() -> None:
    back = there_and_back(Point(1, [2]))
    assert (back.x, back.y, back == Point(1, [2])) == (1, [2], True)
    assert math.isnan(there_and_back([float("nan")])[0])


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3), np.array([True, False]), np.array(["a", "bc"]),
        np.array([1, "x", None], dtype=object), np.array(["2026-05-01"], dtype="M8[D]"),
        np.zeros((0, 3)), np.array(3 + 4j),
    ],
)  # fmt: skip
def test_arrays_come_back(array) -> None:
    back = there_and_back(array)
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)


def test_numpy_numbers_keep_their_type() -> None:
    assert type(there_and_back(np.float32(0.5))) is np.float32


FRAMES = {
    "mixed": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [0.5, np.nan]}, index=["p", "q"]),
    "times": pd.DataFrame({"t": pd.to_datetime(["2026-05-01", "2026-05-02"])}),
    "categories": pd.DataFrame({"k": pd.Categorical(["a", "b", "a"])}),
    "grouped": pd.DataFrame({"g": [1, 1, 2], "v": [1.0, 2, 3]}).groupby("g").agg(["mean", "sum"]),
    "nullable": pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}),
    "empty": pd.DataFrame(),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back(name) -> None:
    pd.testing.assert_frame_equal(there_and_back(FRAMES[name]), FRAMES[name])


def test_series_and_indexes_come_back() -> None:
    series = pd.Series([1.5, 2.5], index=pd.Index(["a", "b"], name="flavor"), name="price")
    pd.testing.assert_series_equal(there_and_back(series), series)
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])
    pd.testing.assert_index_equal(there_and_back(index), index)


class LyingInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    "value", [object(), LyingInt(3), [LyingInt(3)], print, np.random, [1 << 20000]]
)
def test_what_could_lie_does_not_cross(value) -> None:
    with pytest.raises(values.NotPlain):
        values.encode(value)


def test_what_is_too_large_or_too_deep_does_not_cross() -> None:
    deep: list = []
    for _ in range(100):
        deep = [deep]
    for value in ("x" * 2000, [0] * 2000, np.zeros(2000), deep):
        with pytest.raises(values.NotPlain):
            values.encode(value, at_most=1000)


@pytest.mark.parametrize(
    "forged",
    [
        {"~": "nothing"}, {"~": "npy", "v": "gASVKAAAAAAAAACM"}, {"~": "dict", "v": [[[1], 2]]},
        {"~": "named", "name": "x", "fields": ["__import__('os')"], "v": [1]}, {"~": "range"},
    ],
)  # fmt: skip
def test_forged_values_are_errors_and_nothing_else(forged) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 -- any error will do, it is caught as one
        values.decode(forged)


def test_an_array_that_claims_all_memory_is_refused() -> None:
    import base64

    data = values.encode(np.zeros(1000))
    content = base64.b64decode(data["v"]).replace(b"(1000,)", b"(9" + b"9" * 9 + b",)")
    forged = content[: content.index(b"\n") + 1]
    with pytest.raises((values.NotPlain, ValueError)):
        values.decode({"~": "npy", "v": base64.b64encode(forged).decode()})


@pytest.mark.parametrize(
    ("value", "expected", "answer"),
    [
        (0.1 + 0.2, 0.3, True), (1, 1.0, True), (True, 1, False), ([1], (1,), False),
        ({"a": [1.0]}, {"a": [1.0 + 1e-13]}, True), ({"a": 1}, {"b": 1}, False),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.zeros(2), np.zeros((2, 1)), False), (1 + 0j, 1, True), ("a", "a", True),
        (pd.Series([1.0]), pd.Series([1]), True), (pd.Series([1]), pd.Series([2]), False),
        (pd.Index([1]), pd.Index([1]), True), (FRAMES["mixed"], FRAMES["mixed"].copy(), True),
        (10**30, 10**30 + 1, False), (None, 0, False),
    ],
)  # fmt: skip
def test_same(value, expected, answer) -> None:
    assert same(value, expected) is answer
