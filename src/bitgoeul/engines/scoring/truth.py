"""The truth of a contest, read once: ids, targets and parts as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import CsvFile, Source, parse_float, read_csv, source_name
from bitgoeul.engines.scoring.metrics import Codes, Floats, Metric, Needs, Reads
from bitgoeul.engines.scoring.result import ScoringError

Parts = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

IGNORED, PUBLIC, PRIVATE, UNSPLIT = 0, 1, 2, 3
_PARTS = {"ignored": IGNORED, "public": PUBLIC, "private": PRIVATE}


@dataclass(frozen=True)
class Truth:
    """The truth as arrays; ``ids[row]`` is the id of a row.

    ``values`` are the targets when every one of them is a number, and ``classes`` their
    distinct values in the order of numbers, else of texts; ``codes`` point into ``classes``.
    ``part`` says of each row whether it is ignored (0), public (1), private (2) or whether the
    file has no usage column (3). ``lines`` are the rows' lines in the file; None when the first
    row stands on line 2 and each other on the next.
    """

    file: str
    id_column: str
    target: str
    ids: tuple[str, ...]
    values: Floats | None
    texts: tuple[str, ...]
    codes: Codes
    part: Parts
    lines: Codes | None = None

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of an id."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def levels(self) -> Floats | None:
        """The distinct values of a numeric truth, in order."""
        return None if self.values is None else np.unique(self.values)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, as they stand in the names of columns."""
        if self.levels is None:
            return self.texts
        return tuple(_class_name(value) for value in self.levels.tolist())

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
                raise self._refusal("one_class", value=self.classes[int(codes[0])])

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


def read_truth(
    source: Source,
    *,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None,
    as_text: bool,
) -> Truth:
    """Read a truth file; ``as_text`` keeps the targets as they are written."""
    name = source_name(source, "truth")
    required = (id, target, *([usage] if usage else []))
    table = read_csv(source, name=name, required=required, refuse=ScoringError)
    ids = _ids(table, id)
    column = table.header.index(target)
    labels = [cells[column] for _, cells in table.rows]
    values = None if as_text else _numbers(labels)
    texts: tuple[str, ...] = ()
    if values is None:
        texts = tuple(sorted(set(labels)))
        code_of = {text: code for code, text in enumerate(texts)}
        codes = np.array([code_of[label] for label in labels], dtype=np.int64)
    else:
        codes = np.unique(values, return_inverse=True)[1].astype(np.int64)
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
        part = _PARTS.get(cells[column].lower())
        if part is None:
            raise ScoringError(
                "bad_usage",
                file=table.name,
                line=line,
                column=usage,
                value=cells[column],
                expected="Public, Private, Ignored",
            )
        parts[row] = part
    return parts


def _class_name(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
