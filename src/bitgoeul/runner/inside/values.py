"""Values as plain JSON and back: what crosses the wall.  Never pickle.

Only exact types are plain: an instance of a subclass may answer a comparison as its author likes,
so it does not cross as data.  numpy arrays cross as npy without objects, frames column by column.
The way back is bounded in time and memory, because a forged message may hold anything.
"""

from __future__ import annotations

import base64
import collections
import datetime as dt
import decimal
import fractions
import io
import math
import re
import sys
from collections.abc import Callable
from typing import Any

TAG = "~"
DEEPEST = 60
MOST_ITEMS = 2_000_000
LONGEST_WHOLE = 12_000
"""Bits of a whole number."""
LONGEST_NUMBER = 5_000
"""Letters of a number or a time that crosses as text."""
MOST_ALIKE = 64
"""How many different keys of one mapping may share a hash: more are made to take for ever."""
MOST_HASHED = 50_000
"""Labels and tuples of an index, which pandas hashes in its own way."""
MOST_KINDS = 64
"""Different named tuples in one value."""
MOST_FIELDS = 255
MOST_BYTES = 128 << 20
"""Of what takes more memory than it takes room in the message."""
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
    """The value back; ``handle`` makes something of the stand-ins.

    Raises
    ------
    NotPlain
        When it is no value, or takes more than a value may.  A forged message may raise anything
        else, too.
    """
    return _Decoder(handle).decode(data)


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
    if value.bit_length() > LONGEST_WHOLE:
        raise NotPlain("the whole number is too long")
    return value


def _decimal(value: decimal.Decimal) -> str:
    text = str(value)
    if len(text) > LONGEST_NUMBER:
        raise NotPlain("the number is too long")
    return text


def _fraction(value: fractions.Fraction) -> list[int]:
    return [_int(int(value.numerator)), _int(int(value.denominator))]


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
    decimal.Decimal: ("decimal", _decimal),
    fractions.Fraction: ("fraction", _fraction),
    dt.datetime: ("datetime", dt.datetime.isoformat),
    dt.date: ("date", dt.date.isoformat),
    dt.time: ("time", dt.time.isoformat),
    dt.timedelta: ("timedelta", lambda v: [v.days, v.seconds, v.microseconds]),
}


# -- and back -------------------------------------------------------------------------------------

Data = dict[str, Any]


class _Decoder:
    """One message on its way back, and how much of it there may still be."""

    def __init__(self, handle: Callable[[Data], Any] | None) -> None:
        self.handle = handle
        self.room = MOST_ITEMS
        self.memory = MOST_BYTES
        self.depth = 0
        self.kinds: dict[tuple[str, ...], Any] = {}
        self.heads: dict[bytes, Any] = {}

    def decode(self, data: Any) -> Any:
        kind = type(data)
        if kind is list:
            return self.items(data)
        if kind is not dict:
            return data
        name = data.get(TAG)
        if type(name) is not str or name not in _BACK:
            if self.handle is None:
                raise NotPlain(f"unknown kind of value: {str(name)[:50]}")
            self.spend(1)
            return self.handle(data)
        cost, make = _BACK[name]
        self.spend(cost)
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise NotPlain("nested too deeply")
        made = make(self, data)
        self.depth -= 1
        return made

    def spend(self, cost: int) -> None:
        self.room -= cost
        if self.room < 0:
            raise NotPlain("the value is too large")

    def take(self, size: int) -> None:
        self.memory -= size
        if self.memory < 0:
            raise NotPlain("the value is too large")

    def items(self, data: Any) -> list[Any]:
        if type(data) is not list:
            raise NotPlain("not a row of values")
        self.spend(1 + len(data))
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise NotPlain("nested too deeply")
        made = [
            self.decode(item) if type(item) is list or type(item) is dict else item for item in data
        ]
        self.depth -= 1
        return made

    def keys(self, data: Any) -> list[Any]:
        """Items that will be hashed: not so many of one hash that they take for ever."""
        made = self.items(data)
        _check_apart(made)
        return made

    def pairs(self, data: Any) -> list[tuple[Any, Any]]:
        made = self.items(data)
        _check_apart([key for key, _ in made])
        return [(key, item) for key, item in made]

    def array(self, data: Any, *, dimensions: int | None = None) -> Any:
        import numpy as np

        made = self.decode(data)
        if type(made) is not np.ndarray or dimensions not in (None, made.ndim):
            raise NotPlain("not an array as it should be")
        return made


def _check_apart(items: list[Any]) -> None:
    first: dict[int, Any] = {}
    alike = 0
    for item in items:
        other = first.setdefault(hash(item), item)
        if other is not item and other != item:
            alike += 1
            if alike > MOST_ALIKE:
                raise NotPlain("too many keys have one hash")


def _text(data: Any, longest: int = LONGEST_NUMBER) -> str:
    if type(data) is not str or len(data) > longest:
        raise NotPlain("not a text of its length")
    return data


def _wholes(data: Any, count: int) -> list[int]:
    if type(data) is not list or len(data) != count or any(type(one) is not int for one in data):
        raise NotPlain("not whole numbers")
    return [_int(one) for one in data]


def _npy(decoder: _Decoder, data: Data) -> Any:
    import numpy as np

    content = base64.b64decode(data["v"])
    begin = 10 + int.from_bytes(content[8:10], "little")
    shape, backwards, dtype = _head_of(decoder, content[:begin])
    # A forged head could ask for all the memory there is.
    if math.prod(shape) * dtype.itemsize != len(content) - begin:
        raise NotPlain("the array is not as large as it says")
    if 0 in shape:  # as lists, nothing may still be a great many of them
        decoder.spend(math.prod(max(1, side) for side in shape))
    flat = np.frombuffer(content, dtype, offset=begin).copy()
    return flat.reshape(shape, order="F" if backwards else "C")


def _head_of(decoder: _Decoder, head: bytes) -> Any:
    """Shape, order and type of an array; many arrays have the same, and reading it costs."""
    import numpy as np

    if head not in decoder.heads:
        decoder.spend(500)
        file = io.BytesIO(head)
        if np.lib.format.read_magic(file) != (1, 0):
            raise NotPlain("an unknown kind of npy")
        shape, backwards, dtype = np.lib.format.read_array_header_1_0(file)
        if dtype.name not in ARRAYS and dtype.kind not in "mM":
            raise NotPlain("an array of an unknown kind")
        decoder.heads[head] = shape, backwards, dtype
    return decoder.heads[head]


def _scalar(decoder: _Decoder, data: Data) -> Any:
    return decoder.array(data["v"], dimensions=0)[()]


def _objects(decoder: _Decoder, data: Data) -> Any:
    import numpy as np

    items = decoder.items(data["v"])
    kind = data["kind"]
    if kind != "O":
        expected = {"U": str, "S": bytes}[kind]
        longest = max((len(item) for item in items if type(item) is expected), default=0)
        decoder.take(longest * len(items) * 4)  # each takes as much as the longest
        if {type(one) for one in items} - {expected}:
            raise NotPlain("not an array of texts")
        return np.array(items, dtype=None if items else kind)
    made = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        made[place] = item
    return made


def _named(decoder: _Decoder, data: Data) -> Any:
    fields = data["fields"]
    if type(fields) is not list or len(fields) > MOST_FIELDS:
        raise NotPlain("not the fields of a named tuple")
    key = tuple(_text(word, 200) for word in (data["name"], *fields))
    if key not in decoder.kinds:
        if len(decoder.kinds) >= MOST_KINDS:
            raise NotPlain("too many kinds of named tuples")
        decoder.kinds[key] = collections.namedtuple(key[0], key[1:])
    return decoder.kinds[key](*decoder.items(data["v"]))


def _column_back(decoder: _Decoder, data: Data, *, length: int | None = None) -> Any:
    """One column; a single value would be repeated for as many rows as the index has."""
    import pandas as pd

    decoder.spend(50)
    if "codes" in data:
        labels = decoder.keys(data["labels"])
        _few(labels)
        made = pd.Categorical.from_codes(
            decoder.array(data["codes"], dimensions=1),
            categories=pd.Index(labels),
            ordered=bool(data["ordered"]),
        )
    elif "npy" in data:
        made = decoder.array(data["npy"], dimensions=1)
    else:
        made = pd.array(decoder.items(data["items"]), dtype=_dtype(data["dtype"]))
    if length is not None and len(made) != length:
        raise NotPlain("a column is not as long as its index")
    return made


def _few(items: list[Any]) -> None:
    if len(items) > MOST_HASHED:
        raise NotPlain("the index is too large")


COLUMN = re.compile(
    r"boolean|str|string(\[(python|pyarrow)\])?|U?Int(8|16|32|64)|Float(32|64)"
    r"|datetime64\[(s|ms|us|ns), [\w/+:-]{1,60}\]"
)


def _dtype(name: Any) -> Any:
    """The type that the name names, or object when it is none of pandas' own."""
    import pandas as pd

    if type(name) is not str or not COLUMN.fullmatch(name):
        return object
    try:
        return pd.api.types.pandas_dtype(name)
    except (TypeError, ValueError, ImportError):
        return object


def _index_back(decoder: _Decoder, data: Data) -> Any:
    import pandas as pd

    names = decoder.items(data["names"])
    if "range" in data:
        start, stop, step = _wholes(data["range"], 3)
        decoder.take(len(range(start, stop, step)) * 8)
        return pd.RangeIndex(start, stop, step, name=names[0])
    if "tuples" in data:
        tuples = decoder.items(data["tuples"])
        _few(tuples)
        if {type(one) for one in tuples} - {tuple} or {len(one) for one in tuples} - {len(names)}:
            raise NotPlain("not the tuples of an index")
        for level in zip(*tuples, strict=True):
            _check_apart(list(level))
        return pd.MultiIndex.from_tuples(tuples, names=names)
    return pd.Index(_column_back(decoder, data["column"]), name=names[0])


def _series(decoder: _Decoder, data: Data) -> Any:
    import pandas as pd

    index = _index_back(decoder, data["index"])
    column = _column_back(decoder, data["v"], length=len(index))
    return pd.Series(column, index=index, name=decoder.decode(data["name"]))


def _frame(decoder: _Decoder, data: Data) -> Any:
    import pandas as pd

    index = _index_back(decoder, data["index"])
    if type(data["v"]) is not list:
        raise NotPlain("not columns")
    columns = {
        place: _column_back(decoder, column, length=len(index))
        for place, column in enumerate(data["v"])
    }
    made = pd.DataFrame(columns, index=index)
    made.columns = _index_back(decoder, data["columns"])
    return made


def _pandas_time(_decoder: _Decoder, data: Data) -> Any:
    import pandas as pd

    return getattr(pd, data[TAG])(_text(data["v"], 100))


def _missing(_decoder: _Decoder, data: Data) -> Any:
    import pandas as pd

    return pd.NaT if data["v"] == "NaT" else pd.NA


def _complex(_decoder: _Decoder, data: Data) -> complex:
    real, imaginary = data["v"]
    return complex(float(_text(real, 100)), float(_text(imaginary, 100)))


_BACK: dict[str, tuple[int, Callable[[_Decoder, Data], Any]]] = {
    "float": (1, lambda _, d: float(_text(d["v"], 100))),
    "dict": (1, lambda back, d: dict(back.pairs(d["v"]))),
    "ordered": (2, lambda back, d: collections.OrderedDict(back.pairs(d["v"]))),
    "counter": (4, lambda back, d: collections.Counter(dict(back.pairs(d["v"])))),
    "tuple": (1, lambda back, d: tuple(back.items(d["v"]))),
    "set": (1, lambda back, d: set(back.keys(d["v"]))),
    "frozenset": (1, lambda back, d: frozenset(back.keys(d["v"]))),
    "deque": (2, lambda back, d: collections.deque(back.items(d["v"]))),
    "named": (4, _named),
    "bytes": (1, lambda _, d: base64.b64decode(d["v"])),
    "bytearray": (1, lambda _, d: bytearray(base64.b64decode(d["v"]))),
    "complex": (2, _complex),
    "range": (2, lambda _, d: range(*_wholes(d["v"], 3))),
    "ellipsis": (1, lambda _back, _data: ...),
    "decimal": (2, lambda _, d: decimal.Decimal(_text(d["v"]))),
    "fraction": (4, lambda _, d: fractions.Fraction(*_wholes(d["v"], 2))),
    "datetime": (2, lambda _, d: dt.datetime.fromisoformat(d["v"])),
    "date": (2, lambda _, d: dt.date.fromisoformat(d["v"])),
    "time": (2, lambda _, d: dt.time.fromisoformat(d["v"])),
    "timedelta": (2, lambda _, d: dt.timedelta(*_wholes(d["v"], 3))),
    "npy": (5, _npy),
    "scalar": (2, _scalar),
    "objects": (20, _objects),
    "frame": (500, _frame),
    "series": (100, _series),
    "index": (50, lambda back, d: _index_back(back, d["v"])),
    "Timestamp": (10, _pandas_time),
    "Timedelta": (10, _pandas_time),
    "missing": (1, _missing),
}
"""What each kind costs, in items of a list, and how it is made."""
