"""Forged answers: each is an error soon, whatever it would cost to believe it."""

from __future__ import annotations

import base64
import collections
import decimal
import fractions
import io
import json
import sys

import numpy as np
import pandas as pd
import pytest

from bitgoeul.runner import same
from bitgoeul.runner.inside import values, wire

PRIME = 2**61 - 1


def npy(array: np.ndarray, dtype: str = "", shape: str = "") -> dict:
    file = io.BytesIO()
    np.save(file, array)
    content = file.getvalue()
    old = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': {array.shape}, }}"
    new = (
        f"{{'descr': '{dtype or array.dtype.str}', 'fortran_order': False, "
        f"'shape': {shape or array.shape}, }}"
    )
    if dtype or shape:
        new = new.ljust(len(old))
        head = content[:10]
        body = new.encode() + content[10 + len(old) :].lstrip()
        body = body[: len(new)].ljust(117) + b"\n"
        content = head[:8] + len(body).to_bytes(2, "little") + body
    return {"~": "npy", "v": base64.b64encode(content).decode()}


RANGE = {"range": [0, 10**12, 1], "names": [None]}
NONE = {"range": [0, 0, 1], "names": [None]}
FORGED = {
    "a fraction of a billion digits": {"~": "fraction", "v": "1e1000000000"},
    "a fraction that is none": {"~": "fraction", "v": [1, "2"]},
    "a long fraction": {"~": "fraction", "v": [1 << 12_500, 3]},
    "a long decimal": {"~": "decimal", "v": "1" * 6000},
    "a long float": {"~": "float", "v": "1" * 6000},
    "a text of a gigabyte in no array": npy(np.zeros(0), "|S1000000000", "(0,)"),
    "a record": npy(np.zeros(0), "|V9", "(0,)"),
    "an empty array of a billion rows": npy(np.zeros(0), shape="(999999999, 0)"),
    "a column of texts of a gigabyte": {
        "~": "series",
        "name": None,
        "index": {"range": [0, 2, 1], "names": [None]},
        "v": {"dtype": "S1000000000", "items": [{"~": "bytes", "v": ""}] * 3},
    },
    "one long text and many short ones": {
        "~": "objects", "kind": "U", "v": ["a" * 100_000] + [""] * 1000,
    },
    "texts that are none": {"~": "objects", "kind": "U", "v": [["a"], ["b"]]},
    "an index of a trillion rows": {"~": "index", "v": RANGE},
    "a frame of a trillion rows": {"~": "frame", "columns": NONE, "index": RANGE, "v": []},
    "one value for every row": {
        "~": "series", "name": None, "index": {"range": [0, 9, 1], "names": [None]},
        "v": {"dtype": "int64", "npy": 7},
    },
    "keys of one hash": {"~": "dict", "v": [[n * PRIME, 1] for n in range(1, 200)]},
    "members of one hash": {"~": "set", "v": [n * PRIME for n in range(1, 200)]},
    "labels of one hash": {
        "~": "index",
        "v": {"tuples": [{"~": "tuple", "v": [n * PRIME]} for n in range(1, 200)], "names": [None]},
    },
    "a named tuple of a thousand fields": {
        "~": "named", "name": "T", "fields": [f"f{n}" for n in range(1000)], "v": [0] * 1000,
    },
    "a thousand kinds of named tuples": [
        {"~": "named", "name": f"T{n}", "fields": ["a"], "v": [0]} for n in range(100)
    ],
    "arrays of a thousand shapes": [npy(np.zeros(0), shape=f"({n}, 0)") for n in range(4000)],
    "too many items": [None] * 2_000_001,
    "a range of anything": {"~": "range", "v": [0, 1.5, 1]},
    "a scalar that is an array": {"~": "scalar", "v": npy(np.zeros(3))},
}  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_answer_costs_little(forged: str) -> None:
    with pytest.raises((values.NotPlain, KeyError)):
        values.decode(FORGED[forged])


def test_deep_nesting_is_refused() -> None:
    deep: list = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(values.NotPlain):
        values.decode(deep)


@pytest.mark.parametrize("most", [0, 4300, 1_000_000])
def test_a_whole_number_of_many_digits_is_not_read(most: int) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(most)
    try:
        with pytest.raises(wire.Malformed):
            wire.unpack(b"[" + b"7" * 6000 + b"]")
        assert wire.unpack(b"[12, -3]") == [12, -3]
    finally:
        sys.set_int_max_str_digits(before)


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "value",
    [
        fractions.Fraction(-7, 3), decimal.Decimal("1E+400"), [np.float64(0.5)] * 2000,
        [Point(n, n) for n in range(200)], {n: n for n in range(5000)}, {-1, -2, -3},
        pd.Series(["가"] * 3, index=pd.date_range("2026-01-01", periods=3, tz="Asia/Seoul")),
    ],
)  # fmt: skip
def test_what_people_answer_still_crosses(value) -> None:
    assert same(values.decode(json.loads(json.dumps(values.encode(value)))), value)


def test_arrays_of_texts_and_lists_cross() -> None:
    lists = np.empty(2, dtype=object)
    lists[0], lists[1] = [1], [2]
    for array in (np.array(["a"] * 9000), np.array([], dtype="U3"), lists):
        back = values.decode(values.encode(array))
        assert back.dtype.kind == array.dtype.kind
        assert same(back, array)


def named(*fields: str, name: str = "Point"):
    return collections.namedtuple(name, fields)


TIMES = pd.date_range("2026-01-01", periods=3)


@pytest.mark.parametrize(
    ("value", "expected", "answer"),
    [
        (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-01"), True),
        (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-02"), False),
        (pd.Timedelta(hours=1), pd.Timedelta(hours=1), True),
        (pd.NaT, pd.NaT, True), (pd.NA, pd.NA, True), (pd.NaT, pd.NA, False),
        ([pd.NaT, 1], [pd.NaT, 1.0], True), (pd.NaT, pd.Timestamp("2026-05-01"), False),
        (np.datetime64("2026-05-01"), np.datetime64("2026-05-01"), True),
        (named("x", "y")(1, 0.1 + 0.2), named("x", "y")(1, 0.3), True),
        (named("x", "y")(1, 2), named("x", "z")(1, 2), False),
        (named("x", name="A")(1), named("x", name="B")(1), False),
        (named("x")(1), (1,), False), ((1,), named("x")(1), False),
        (pd.Series([1, 2, 3], TIMES), pd.Series([1, 2, 3], pd.DatetimeIndex(list(TIMES))), True),
        (pd.DataFrame({"a": [1, 2, 3]}, TIMES),
         pd.DataFrame({"a": [1, 2, 3]}, pd.DatetimeIndex(list(TIMES))), True),
        (10**400, 1.0, False), (1.0, 10**400, False), (10**400, 10**400, True),
        (decimal.Decimal("sNaN"), 1.0, False), (decimal.Decimal("0.1"), 0.1, True),
        (fractions.Fraction(10**400, 3), 1.0, False), (complex("nan"), 1, False),
        ({0.1 + 0.2, 1.0}, {0.3, 1}, True), ({0.1, 0.2}, {0.1, 0.3}, False),
        (frozenset({0.1 + 0.2}), frozenset({0.3}), True), ({1}, frozenset({1}), False),
        ({True}, {1}, False), ({(0.1 + 0.2, "a")}, {(0.3, "a")}, True), ({1, 2}, {1}, False),
        (np.array([1, "x", None], dtype=object), np.array([1.0, "x", None], dtype=object), True),
        (complex("inf"), complex("inf"), True), (float("inf"), float("inf"), True),
        (np.array([1, 2]), [1, 2], False), (pd.Series([1]), pd.DataFrame([1]), False),
    ],
)  # fmt: skip
def test_same_has_an_answer_for_everything(value, expected, answer) -> None:
    assert same(value, expected) is answer
