"""The truth of a contest, read once: ids, targets and parts as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import CsvFile, Source, parse_float, read_csv
from bitgoeul.engines.scoring.metrics import Codes, Floats, Metric, Needs, Reads
from bitgoeul.engines.scoring.result import ScoringError

Parts = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_SMALL = 1000
IGNORED, PUBLIC, PRIVATE, UNSPLIT = 0, 1, 2, 3
_PARTS = {"ignored": IGNORED, "public": PUBLIC, "private": PRIVATE}


@dataclass(frozen=True)
class Ids:
    """The ids of a truth, one behind the other as UTF-8; ``ends[row]`` is where one ends.

    >>> ids = Ids.of(["a", "나"])
    >>> len(ids), ids.text(1), ids.row_of["a"]
    (2, '나', 0)
    """

    content: npt.NDArray[np.uint8]
    ends: Codes

    @classmethod
    def of(cls, texts: Sequence[str]) -> Ids:
        """From texts."""
        known = [text.encode() for text in texts]
        ends = np.cumsum([len(text) for text in known], dtype=np.int64)
        return cls(np.frombuffer(b"".join(known), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def text(self, row: int) -> str:
        """The id of a row."""
        start = int(self.ends[row - 1]) if row else 0
        return self.content[start : int(self.ends[row])].tobytes().decode()

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of an id."""
        return {self.text(row): row for row in range(len(self))}

    @cached_property
    def index(self) -> Index:
        """The ids as the fast reader looks them up."""
        from bitgoeul.engines.scoring.indexing import build_index

        return build_index(self.content, self.ends)


@dataclass(frozen=True)
class Index:
    """Open addressing: ``table`` holds the high bits of the hash and the row plus one."""

    key: np.uint64
    hashes: npt.NDArray[np.uint64]
    table: npt.NDArray[np.uint64]
    clash: tuple[int, int] | None

    @property
    def low(self) -> np.uint64:
        """The bits of an entry that hold the row."""
        return np.uint64((1 << len(self.hashes).bit_length()) - 1)


@dataclass(frozen=True)
class Truth:
    """The truth as arrays.

    ``values`` are the targets when every one of them is a number; else ``text_codes`` point into
    ``texts``, which are in order.  ``part`` says of each row whether it is ignored (0), public
    (1), private (2) or whether the file has no usage column (3).  ``lines`` are the rows' lines
    in the file; None when the first row stands on line 2 and each other on the next.
    """

    file: str
    id_column: str
    target: str
    ids: Ids
    values: Floats | None
    texts: tuple[str, ...]
    text_codes: Codes | None
    part: Parts
    lines: Codes | None = None

    @cached_property
    def levels(self) -> Floats | None:
        """The distinct values of a numeric truth, in order."""
        return None if self.values is None else distinct(self.values)

    @cached_property
    def codes(self) -> Codes:
        """The label of each row, as a place among the distinct ones."""
        if self.values is None or self.levels is None:
            return np.empty(0, np.int64) if self.text_codes is None else self.text_codes
        return places_in(self.levels, self.values)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that count, as they stand in the names of columns."""
        if self._counting is None:
            return tuple(self._label(code) for code in range(self._labels))
        return tuple(self._label(code) for code in self._counting.tolist())

    @cached_property
    def class_codes(self) -> Codes:
        """The class of each row, as a place among `classes`; any, where an ignored row has none."""
        if self._counting is None:
            return self.codes
        found = np.searchsorted(self._counting, self.codes)
        return np.minimum(found, max(len(self._counting) - 1, 0))

    @cached_property
    def _counting(self) -> Codes | None:
        """The labels of the rows that are not ignored; None when those are all labels."""
        used = self.part != IGNORED
        if used.all():
            return None
        found = np.flatnonzero(np.bincount(self.codes[used], minlength=self._labels))
        return None if len(found) == self._labels else found

    @property
    def _labels(self) -> int:
        return len(self.texts) if self.levels is None else len(self.levels)

    def _label(self, code: int) -> str:
        return self.texts[code] if self.levels is None else _class_name(float(self.levels[code]))

    def rows_of(self, part: str) -> Flags | None:
        """Which rows belong to a part (``all``, ``public``, ``private``); None: no such part."""
        if part == "all":
            return np.asarray(self.part != IGNORED)
        found: Flags = self.part == (PUBLIC if part == "public" else PRIVATE)
        return found if found.any() else None

    def columns(self, metric: Metric) -> tuple[str, ...]:
        """The columns a submission must have for a metric, beside the id."""
        of_classes = metric.reads in (Reads.PROBABILITIES, Reads.SCORES)
        if of_classes and len(self.classes) > 2:
            return tuple(f"{self.target}_{name}" for name in self.classes)
        return (self.target,)

    def check(self, metric: Metric) -> None:
        """Refuse a metric that this truth cannot define.

        Raises
        ------
        ScoringError
            ``one_class``, ``constant_truth``, ``negative_value`` or ``not_a_number``.
        """
        if metric.reads is Reads.VALUES:
            self._check_values(metric)
        used = self.part != IGNORED
        if metric.needs is Needs.TWO_CLASSES and used.any():
            codes = self.codes[used]
            if (codes == codes[0]).all():
                raise self._refusal("one_class", value=self._label(int(codes[0])))

    def _check_values(self, metric: Metric) -> None:
        if self.values is None:
            for row, code in enumerate(self.codes.tolist()):
                found = parse_float(self.texts[code])
                if isinstance(found, str):
                    raise self._refusal(found, value=self.texts[code], row=row)
            return
        used = self.values[self.part != IGNORED]
        if metric.needs is Needs.SPREAD and len(used) and (used == used[0]).all():
            raise self._refusal("constant_truth", value=_class_name(float(used[0])))
        if metric.needs is Needs.NOT_NEGATIVE and (self.values < 0).any():
            row = int(np.argmax(self.values < 0))
            value = _class_name(float(self.values[row]))
            raise self._refusal("negative_value", value=value, row=row)

    def _refusal(self, code: str, *, value: str, row: int | None = None) -> ScoringError:
        line = 0 if row is None else self.line_of(row)
        return ScoringError(code, file=self.file, line=line, column=self.target, value=value)

    def line_of(self, row: int) -> int:
        """The line of a row in the file."""
        return row + 2 if self.lines is None else int(self.lines[row])


def distinct(values: Floats) -> Floats:
    """The distinct values in order; small whole numbers, as classes are, without sorting.

    >>> distinct(np.array([2.0, 1.0, 2.0])), distinct(np.array([0.5, 0.5]))
    (array([1., 2.]), array([0.5]))
    """
    small = _small(values)
    if small is None:
        return np.unique(values)
    return np.asarray(np.flatnonzero(np.bincount(small)), dtype=np.float64)


def places_in(levels: Floats, values: Floats) -> Codes:
    """The place of each value among the levels; of a value that is none, the next one's.

    >>> places_in(np.array([1.0, 3.0]), np.array([3.0, 1.0, 2.0]))
    array([1, 0, 1])
    """
    small = _small(values) if len(levels) and _small(levels) is not None else None
    if small is None:
        return np.searchsorted(levels, values)
    table = np.searchsorted(levels, np.arange(_SMALL + 1, dtype=np.float64))
    return np.asarray(table[small])


def _small(values: Floats) -> npt.NDArray[np.int64] | None:
    """The values as whole numbers from 0 to 1000, when all are."""
    if not len(values) or values.min() < 0 or values.max() > _SMALL:
        return None
    whole = values.astype(np.int64)
    return whole if (whole == values).all() else None


def read_plainly(
    source: Source,
    *,
    name: str,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None,
    as_text: bool,
) -> Truth:
    """Read a truth row by row; ``as_text`` keeps the targets as they are written."""
    required = (id, target, *([usage] if usage else []))
    table = read_csv(source, name=name, required=required, refuse=ScoringError)
    ids = Ids.of(_ids(table, id))
    column = table.header.index(target)
    labels = [cells[column] for _, cells in table.rows]
    values = None if as_text else _numbers(labels)
    texts: tuple[str, ...] = ()
    codes: Codes | None = None
    if values is None:
        texts = tuple(sorted(set(labels)))
        code_of = {text: code for code, text in enumerate(texts)}
        codes = np.array([code_of[label] for label in labels], dtype=np.int64)
    lines = np.array([line for line, _ in table.rows], dtype=np.int64)
    return Truth(name, id, target, ids, values, texts, codes, _parts(table, usage), lines)


def _ids(table: CsvFile, column: str) -> tuple[str, ...]:
    at = table.header.index(column)
    seen: set[str] = set()
    for line, cells in table.rows:
        key = cells[at]
        if not key or key in seen:
            code = "duplicate_id" if key else "missing_value"
            raise ScoringError(code, file=table.name, line=line, column=column, value=key)
        seen.add(key)
    return tuple(cells[at] for _, cells in table.rows)


def _numbers(labels: list[str]) -> Floats | None:
    numbers = [parse_float(label) for label in labels]
    if any(isinstance(number, str) for number in numbers):
        return None
    return np.array(numbers, dtype=np.float64)


def _parts(table: CsvFile, usage: str | None) -> Parts:
    if usage is None:
        return np.full(len(table.rows), UNSPLIT, dtype=np.uint8)
    column = table.header.index(usage)
    parts = np.empty(len(table.rows), dtype=np.uint8)
    for row, (line, cells) in enumerate(table.rows):
        parts[row] = part_named(cells[column], file=table.name, line=line, column=usage)
    return parts


def part_named(word: str, *, file: str, line: int, column: str) -> int:
    """The part that a cell of the usage column means."""
    part = _PARTS.get(word.lower())
    if part is None:
        expected = "Public, Private, Ignored"
        raise ScoringError(
            "bad_usage", file=file, line=line, column=column, value=word, expected=expected
        )
    return part


def _class_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
