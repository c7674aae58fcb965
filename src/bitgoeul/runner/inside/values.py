"""Values as plain JSON and back: what crosses the wall.  Never pickle.

Only exact types are plain: an instance of a subclass may answer a comparison as its author likes,
so it does not cross as data.  numpy arrays cross as npy without objects, frames column by column.
"""

from __future__ import annotations

import base64
import collections
import datetime as dt
import decimal
import fractions
import io
import math
import sys
from collections.abc import Callable
from typing import Any

TAG = "~"
DEEPEST = 60
MOST_ITEMS = 2_000_000
ARRAYS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
          "float16", "float32", "float64", "complex64", "complex128"}  # fmt: skip


class NotPlain(TypeError):
    """A value that is no plain data, or too large."""


def encode(
    value: Any, *, at_most: int = 8 << 20, handle: Callable[[Any], Any] | None = None
) -> Any:
    """The value as JSON-able data.

    ``handle`` is asked for a stand-in for what is not plain; without it that is refused.
    """
    return _Encoder(at_most, handle).encode(value, 0)


def decode(data: Any, *, handle: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """The value back; ``handle`` makes something of the stand-ins."""
    if isinstance(data, list):
        return [decode(item, handle=handle) for item in data]
    if not isinstance(data, dict):
        return data
    kind = data.get(TAG)
    if kind in _BACK:
        return _BACK[kind](data, lambda inner: decode(inner, handle=handle))
    if handle is not None:
        return handle(data)
    raise NotPlain(f"unknown kind of value: {str(kind)[:50]}")


class _Encoder:
    def __init__(self, at_most: int, handle: Callable[[Any], Any] | None) -> None:
        self.room = at_most
        self.handle = handle

    def encode(self, value: Any, depth: int) -> Any:
        self._spend(1)
        if depth > DEEPEST:
            raise NotPlain("nested too deeply")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind in _SIMPLE:
            made = _SIMPLE[kind](value)
            self._spend(len(made) if isinstance(made, str) else 8)
            return made
        if kind in _MANY:
            return self._many(value, kind, depth)
        made = self._tagged(value, kind, depth)
        if made is not None:
            return made
        if self.handle is None:
            raise NotPlain(f"a {kind.__name__} is no plain value")
        return self.handle(value)

    def _spend(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise NotPlain("the value is too large")

    def _many(self, value: Any, kind: type, depth: int) -> Any:
        if len(value) > MOST_ITEMS:
            raise NotPlain("the value is too large")
        if kind in _MAPPINGS:
            pairs = [
                [self.encode(key, depth + 1), self.encode(item, depth + 1)]
                for key, item in value.items()
            ]
            return {TAG: _MANY[kind], "v": pairs}
        items = [self.encode(item, depth + 1) for item in value]
        return items if kind is list else {TAG: _MANY[kind], "v": items}

    def _tagged(self, value: Any, kind: type, depth: int) -> Any:
        if kind in _TAGGED:
            name, make = _TAGGED[kind]
            made = make(value)
            self._spend(len(str(made)))
            return {TAG: name, "v": made}
        fields = getattr(kind, "_fields", None)
        if kind.__bases__ == (tuple,) and type(fields) is tuple:
            items = [self.encode(item, depth + 1) for item in tuple.__iter__(value)]
            return {TAG: "named", "name": kind.__name__, "fields": list(fields), "v": items}
        family = (kind.__module__ or "").partition(".")[0]
        if family == "numpy" and "numpy" in sys.modules:
            return self._numpy(value, kind)
        if family == "pandas" and "pandas" in sys.modules:
            return self._pandas(value, kind, depth)
        return None

    def _numpy(self, value: Any, kind: type) -> Any:
        np = sys.modules["numpy"]
        if kind is np.ndarray:
            if value.dtype.name in ARRAYS or value.dtype.kind in "mM":
                self._spend(value.nbytes * 4 // 3)
                file = io.BytesIO()
                np.save(file, value, allow_pickle=False)
                return {TAG: "npy", "v": base64.b64encode(file.getvalue()).decode()}
            if value.ndim == 1 and value.dtype.kind in "OUS":
                items = [self.encode(item, 1) for item in value.tolist()]
                return {TAG: "objects", "kind": value.dtype.kind, "v": items}
            return None
        if issubclass(kind, np.generic) and kind is value.dtype.type and not value.dtype.hasobject:
            return {TAG: "scalar", "v": self._numpy(np.asarray(value), np.ndarray)}
        return None

    def _pandas(self, value: Any, kind: type, depth: int) -> Any:
        pd = sys.modules["pandas"]
        if kind in (pd.Timestamp, pd.Timedelta):
            return {TAG: kind.__name__, "v": value.isoformat()}
        if kind in (type(pd.NaT), type(pd.NA)):
            return {TAG: "missing", "v": "NaT" if value is pd.NaT else "NA"}
        if kind is pd.DataFrame:
            columns = [self._column(value.iloc[:, at], depth + 1) for at in range(value.shape[1])]
            return {
                TAG: "frame",
                "columns": self._index(value.columns, depth + 1),
                "index": self._index(value.index, depth + 1),
                "v": columns,
            }
        if kind is pd.Series:
            return {
                TAG: "series",
                "name": self.encode(value.name, depth + 1),
                "index": self._index(value.index, depth + 1),
                "v": self._column(value, depth + 1),
            }
        if isinstance(value, pd.Index):
            return {TAG: "index", "v": self._index(value, depth + 1)}
        return None

    def _column(self, series: Any, depth: int) -> Any:
        np = sys.modules["numpy"]
        dtype = str(series.dtype)
        if dtype == "category":
            codes = self.encode(np.asarray(series.cat.codes), depth)
            labels = self.encode(list(series.cat.categories), depth)
            return {"codes": codes, "labels": labels, "ordered": bool(series.cat.ordered)}
        if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biufcmM":
            return {"dtype": dtype, "npy": self.encode(np.asarray(series), depth)}
        return {"dtype": dtype, "items": self.encode(list(series), depth)}

    def _index(self, index: Any, depth: int) -> Any:
        pd = sys.modules["pandas"]
        names = self.encode(list(index.names), depth)
        if type(index) is pd.RangeIndex:
            return {"range": [index.start, index.stop, index.step], "names": names}
        if type(index) is pd.MultiIndex:
            return {"tuples": self.encode(list(index), depth), "names": names}
        return {"column": self._column(index.to_series(), depth), "names": names}


def _float(value: float) -> Any:
    return value if math.isfinite(value) else {TAG: "float", "v": repr(value)}


def _int(value: int) -> Any:
    if value.bit_length() > 12_000:
        raise NotPlain("the whole number is too long")
    return value


_SIMPLE: dict[type, Callable[[Any], Any]] = {int: _int, float: _float, str: lambda text: text}
_MAPPINGS = {dict, collections.OrderedDict, collections.defaultdict, collections.Counter}
_MANY: dict[type, str] = {
    list: "list", tuple: "tuple", set: "set", frozenset: "frozenset", dict: "dict",
    collections.deque: "deque", collections.OrderedDict: "ordered",
    collections.defaultdict: "dict", collections.Counter: "counter",
}  # fmt: skip
_TAGGED: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("bytes", lambda v: base64.b64encode(v).decode()),
    bytearray: ("bytearray", lambda v: base64.b64encode(bytes(v)).decode()),
    complex: ("complex", lambda v: [repr(v.real), repr(v.imag)]),
    range: ("range", lambda v: [v.start, v.stop, v.step]),
    type(Ellipsis): ("ellipsis", lambda v: 0),
    decimal.Decimal: ("decimal", str),
    fractions.Fraction: ("fraction", str),
    dt.datetime: ("datetime", dt.datetime.isoformat),
    dt.date: ("date", dt.date.isoformat),
    dt.time: ("time", dt.time.isoformat),
    dt.timedelta: ("timedelta", lambda v: [v.days, v.seconds, v.microseconds]),
}


# -- and back -------------------------------------------------------------------------------------

Data = dict[str, Any]
Inner = Callable[[Any], Any]


def _npy(data: Data, _inner: Inner) -> Any:
    import numpy as np

    content = base64.b64decode(data["v"])
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise NotPlain("an unknown kind of npy")
    shape, _order, dtype = np.lib.format.read_array_header_1_0(file)
    # A forged head could ask for all the memory there is.
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(content) - file.tell():
        raise NotPlain("the array is not as large as it says")
    return np.load(io.BytesIO(content), allow_pickle=False)


def _scalar(data: Data, inner: Inner) -> Any:
    return inner(data["v"])[()]


def _objects(data: Data, inner: Inner) -> Any:
    import numpy as np

    items = [inner(item) for item in data["v"]]
    if data["kind"] != "O":
        return np.array(items)
    made = np.empty(len(items), dtype=object)
    made[:] = items
    return made


def _named(data: Data, inner: Inner) -> Any:
    made = collections.namedtuple(data["name"], data["fields"])  # type: ignore[misc]  # names come with it
    return made(*(inner(item) for item in data["v"]))


def _column_back(data: Data, inner: Inner) -> Any:
    import pandas as pd

    if "codes" in data:
        return pd.Categorical.from_codes(
            inner(data["codes"]), categories=inner(data["labels"]), ordered=data["ordered"]
        )
    if "npy" in data:
        return inner(data["npy"])
    return pd.array(inner(data["items"]), dtype=_dtype(data["dtype"]))


def _dtype(name: str) -> Any:
    """The type that the name names, or object when there is none."""
    import pandas as pd

    try:
        return pd.api.types.pandas_dtype(name)
    except (TypeError, ValueError):
        return object


def _index_back(data: Data, inner: Inner) -> Any:
    import pandas as pd

    names = inner(data["names"])
    if "range" in data:
        start, stop, step = data["range"]
        return pd.RangeIndex(start, stop, step, name=names[0])
    if "tuples" in data:
        return pd.MultiIndex.from_tuples(inner(data["tuples"]), names=names)
    return pd.Index(_column_back(data["column"], inner), name=names[0])


def _series(data: Data, inner: Inner) -> Any:
    import pandas as pd

    index = _index_back(data["index"], inner)
    return pd.Series(_column_back(data["v"], inner), index=index, name=inner(data["name"]))


def _frame(data: Data, inner: Inner) -> Any:
    import pandas as pd

    index = _index_back(data["index"], inner)
    columns = dict(enumerate(_column_back(column, inner) for column in data["v"]))
    made = pd.DataFrame(columns, index=index)
    made.columns = _index_back(data["columns"], inner)
    return made


def _pandas_time(data: Data, _inner: Inner) -> Any:
    import pandas as pd

    return getattr(pd, data[TAG])(data["v"])


def _missing(data: Data, _inner: Inner) -> Any:
    import pandas as pd

    return pd.NaT if data["v"] == "NaT" else pd.NA


def _pairs(data: Data, inner: Inner) -> list[tuple[Any, Any]]:
    return [(inner(key), inner(item)) for key, item in data["v"]]


def _items(data: Data, inner: Inner) -> list[Any]:
    return [inner(item) for item in data["v"]]


_BACK: dict[Any, Callable[[Data, Inner], Any]] = {
    "float": lambda d, _: float(d["v"]),
    "dict": lambda d, inner: dict(_pairs(d, inner)),
    "ordered": lambda d, inner: collections.OrderedDict(_pairs(d, inner)),
    "counter": lambda d, inner: collections.Counter(dict(_pairs(d, inner))),
    "tuple": lambda d, inner: tuple(_items(d, inner)),
    "set": lambda d, inner: set(_items(d, inner)),
    "frozenset": lambda d, inner: frozenset(_items(d, inner)),
    "deque": lambda d, inner: collections.deque(_items(d, inner)),
    "named": _named,
    "bytes": lambda d, _: base64.b64decode(d["v"]),
    "bytearray": lambda d, _: bytearray(base64.b64decode(d["v"])),
    "complex": lambda d, _: complex(float(d["v"][0]), float(d["v"][1])),
    "range": lambda d, _: range(*d["v"]),
    "ellipsis": lambda d, _: ...,
    "decimal": lambda d, _: decimal.Decimal(d["v"]),
    "fraction": lambda d, _: fractions.Fraction(d["v"]),
    "datetime": lambda d, _: dt.datetime.fromisoformat(d["v"]),
    "date": lambda d, _: dt.date.fromisoformat(d["v"]),
    "time": lambda d, _: dt.time.fromisoformat(d["v"]),
    "timedelta": lambda d, _: dt.timedelta(*d["v"]),
    "npy": _npy,
    "scalar": _scalar,
    "objects": _objects,
    "frame": _frame,
    "series": _series,
    "index": lambda d, inner: _index_back(d["v"], inner),
    "Timestamp": _pandas_time,
    "Timedelta": _pandas_time,
    "missing": _missing,
}
