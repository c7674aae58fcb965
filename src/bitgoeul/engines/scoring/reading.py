"""A submission in the order of the truth: the plain reader, row by row.

It is what small files are read with, and the oracle of the fast one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bitgoeul.engines.csvfile import CsvFile, Source, parse_float, read_csv
from bitgoeul.engines.scoring.metrics import (
    Codes,
    Floats,
    Metric,
    Needs,
    Reads,
    parse_gains,
    parse_items,
    parse_mask,
)
from bitgoeul.engines.scoring.result import Faults, ScoringError
from bitgoeul.engines.scoring.truth import Truth, places_in

_PARSERS: dict[Reads, tuple[Callable[[str], Any], Callable[[str], Any]]] = {
    Reads.LISTS: (parse_items, parse_items),
    Reads.GAINS: (parse_gains, parse_items),
    Reads.MASKS: (parse_mask, parse_mask),
}


@dataclass(frozen=True)
class Aligned:
    """A submission's rows in the order of the truth.

    ``cells`` has a column per target column: numbers, or codes of texts, where a code that is
    not one of the truth's points behind its end into ``more``. For lists it holds the texts.
    """

    cells: Floats
    more: tuple[str, ...]
    texts: tuple[str, ...]
    rows: int


def align_plainly(
    source: Source, *, name: str, truth: Truth, metric: Metric
) -> tuple[Aligned, Faults]:
    """Read a submission and put it into the order of the truth."""
    columns = truth.columns(metric)
    required = (truth.id_column, *columns)
    table = read_csv(source, name=name, required=required, refuse=ScoringError)
    faults = Faults()
    order = _order(table, truth, faults)
    at = [table.header.index(column) for column in columns]
    as_labels = metric.reads is Reads.LABELS and truth.values is None
    cells = np.full((len(truth.ids) + 1, len(columns)), math.nan)
    texts = [""] * (len(truth.ids) + 1)
    code_of = {text: code for code, text in enumerate(truth.texts)}
    limits = limits_of(metric, truth)
    for row, (line, given) in zip(order, table.rows, strict=True):
        own = [given[k] for k in at]
        if metric.reads.is_text:
            if _list_of(metric, own[0]) is None:
                faults.add(line, "bad_list", own[0], columns[0])
            texts[row] = own[0]
        elif as_labels:
            code = code_of.setdefault(own[0], len(code_of))
            cells[row, 0] = code
        else:
            cells[row] = _numbers(line, own, columns, limits, faults)
    more = tuple(code_of)[len(truth.texts) :]
    # The last place took the rows whose id is faulty.
    given_rows = len(table.rows)
    return Aligned(cells[:-1], more, tuple(texts[:-1]), given_rows), faults


@dataclass(frozen=True)
class Limits:
    """Which numbers a metric takes; ``shares``: a row of zeros says nothing."""

    least: float
    most: float
    code: str
    shares: bool

    def hold(self, cells: Floats) -> bool:
        """Whether all cells are within them.

        >>> Limits(0, 1, "out_of_range", True).hold(np.array([[0.0, 0.0], [0.5, 1.0]]))
        False
        """
        within = not cells.size or bool(cells.min() >= self.least and cells.max() <= self.most)
        return within and not (self.shares and not cells.any(axis=1).all())


def limits_of(metric: Metric, truth: Truth) -> Limits:
    """What a metric accepts in the cells of a submission."""
    of_classes = len(truth.columns(metric)) > 1
    if of_classes or metric.reads is Reads.PROBABILITIES:
        return Limits(0.0, 1.0, "out_of_range", of_classes)
    if metric.needs is Needs.NOT_NEGATIVE:
        return Limits(0.0, math.inf, "negative_value", False)
    return Limits(-math.inf, math.inf, "", False)


def _order(table: CsvFile, truth: Truth, faults: Faults) -> list[int]:
    """The truth's row of every submitted row; -1 for an id that is not asked for."""
    column = table.header.index(truth.id_column)
    rows: list[int] = []
    seen: set[int] = set()
    for line, cells in table.rows:
        row = truth.ids.row_of.get(cells[column], -1)
        if row < 0:
            faults.add(line, "unknown_id", cells[column], truth.id_column)
        elif row in seen:
            faults.add(line, "duplicate_id", cells[column], truth.id_column)
        seen.add(row)
        rows.append(row)
    for row in range(len(truth.ids)):
        if row not in seen:
            faults.add(table.last_line, "missing_id", truth.ids.text(row), truth.id_column)
    return rows


def _numbers(
    line: int, given: list[str], columns: Sequence[str], limits: Limits, faults: Faults
) -> list[float]:
    found: list[float] = []
    for text, column in zip(given, columns, strict=True):
        number = parse_float(text)
        if isinstance(number, str):
            faults.add(line, number, text, column)
        elif not limits.least <= number <= limits.most:
            faults.add(line, limits.code, text, column)
        else:
            found.append(number)
    if len(found) < len(given):
        return [math.nan] * len(given)
    if limits.shares and not any(found):
        faults.add(line, limits.code, given[0], columns[0])
    return found


def _list_of(metric: Metric, text: str) -> Any:
    return _PARSERS[metric.reads][1](text)


def compared(truth: Truth, given: Aligned, metric: Metric) -> tuple[Any, Any]:
    """Truth and guess as the metric compares them.

    Raises
    ------
    ScoringError
        ``bad_list`` when a cell of the truth is none.
    """
    if metric.reads.is_text:
        return _lists(truth, given, metric)
    if metric.reads is Reads.VALUES:
        return truth.values, given.cells[:, 0]
    if metric.reads is Reads.LABELS:
        return _labels(truth, given)
    if given.cells.shape[1] == 1:
        return truth.class_codes, given.cells[:, 0]
    total = given.cells.sum(axis=1, keepdims=True)
    return truth.class_codes, np.divide(given.cells, total)


def _lists(truth: Truth, given: Aligned, metric: Metric) -> tuple[Any, Any]:
    parse, parse_guess = _PARSERS[metric.reads]
    known = [parse(truth.texts[code]) for code in truth.codes.tolist()]
    for row, found in enumerate(known):
        # A row without relevant items would count 0 whatever is handed in; an empty mask is one.
        if found is None or (not found and metric.reads is not Reads.MASKS):
            raise ScoringError(
                "bad_list",
                file=truth.file,
                line=truth.line_of(row),
                column=truth.target,
                value=truth.texts[truth.codes[row]],
            )
    return known, [parse_guess(text) for text in given.texts]


def _labels(truth: Truth, given: Aligned) -> tuple[Codes, Codes]:
    """Codes of truth and guess in the order of all classes of both."""
    guess = given.cells[:, 0]
    if truth.levels is None:
        if not given.more:
            return truth.codes, guess.astype(np.int64)
        names = np.array([*truth.texts, *given.more], dtype=object)
        place = np.empty(len(names), dtype=np.int64)
        place[np.argsort(names)] = np.arange(len(names))
        return place[truth.codes], place[guess.astype(np.int64)]
    levels = truth.levels
    codes = places_in(levels, guess)
    known = levels[np.minimum(codes, len(levels) - 1)] == guess
    if known.all():
        return truth.codes, codes
    every = np.union1d(levels, guess[~known])
    return np.searchsorted(every, levels)[truth.codes], np.searchsorted(every, guess)
