"""Tables of counts with their margins, whole and with holes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.errors import EngineError

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class DisclosureError(EngineError):
    """A table that is none, or that could not be protected."""


@dataclass(frozen=True)
class Table:
    """Counts by one or two groupings; margins are sums and need not be given.

    Parameters
    ----------
    rows : tuple of str
    columns : tuple of str or None
        None for a plain list of counts.
    cells : tuple of tuple of int
        One tuple per row; of length one when ``columns`` is None.

    Examples
    --------
    >>> Table(("north", "south"), None, ((3,), (9,))).full().ravel().tolist()
    [3, 9, 12]
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...] | None
    cells: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        width = 1 if self.columns is None else len(self.columns)
        if len(self.cells) != len(self.rows) or any(len(row) != width for row in self.cells):
            raise DisclosureError("table_shape", value=f"{len(self.rows)} x {width}")
        for row in self.cells:
            for cell in row:
                if isinstance(cell, bool) or int(cell) != cell or cell < 0:
                    raise DisclosureError("not_a_count", value=cell, expected="0, 1, 2, …")

    @classmethod
    def of(
        cls,
        *,
        rows: Sequence[str],
        columns: Sequence[str] | None = None,
        counts: Mapping[Any, int],
    ) -> Table:
        """From a mapping of row, or (row, column), to count; what is absent is 0.

        >>> Table.of(rows=["a", "b"], columns=["x"], counts={("a", "x"): 2}).cells
        ((2,), (0,))
        """
        keys = [[row] if columns is None else [(row, c) for c in columns] for row in rows]
        cells = tuple(tuple(counts.get(key, 0) for key in line) for line in keys)
        return cls(tuple(rows), None if columns is None else tuple(columns), cells)

    def full(self) -> Integers:
        """Cells with their margins: (rows + 1) x (columns + 1), or (rows + 1) x 1."""
        width = 1 if self.columns is None else len(self.columns)
        inner = np.array(self.cells, dtype=np.int64).reshape(len(self.rows), width)
        tall = np.vstack([inner, inner.sum(axis=0)])
        if self.columns is None:
            return tall
        return np.column_stack([tall, tall.sum(axis=1)])


@dataclass(frozen=True)
class Suppressed:
    """A table as it may be published: None where a number is withheld.

    Same fields as the ``tables`` of a published report, so `as_dict` goes straight in.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...] | None
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...] | None
    column_totals: tuple[int | None, ...] | None
    total: int | None
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a report."""
        return {
            "rows": list(self.rows),
            "columns": None if self.columns is None else list(self.columns),
            "cells": [list(row) for row in self.cells],
            "row_totals": None if self.row_totals is None else list(self.row_totals),
            "column_totals": None if self.column_totals is None else list(self.column_totals),
            "total": self.total,
            "threshold": self.threshold,
        }

    def published(self) -> tuple[tuple[int | None, ...], ...]:
        """Everything a reader sees, in the layout of `Table.full`."""
        if self.columns is None or self.row_totals is None or self.column_totals is None:
            return (*self.cells, (self.total,))
        body = zip(self.cells, self.row_totals, strict=True)
        return (*((*row, total) for row, total in body), (*self.column_totals, self.total))

    @property
    def withheld(self) -> int:
        """How many numbers are withheld, margins included."""
        return sum(cell is None for row in self.published() for cell in row)


def hide(table: Table, hidden: npt.NDArray[np.bool_], threshold: int) -> Suppressed:
    """The table with the marked numbers of its full layout taken out."""
    shown = [
        tuple(None if hole else int(cell) for cell, hole in zip(cells, holes, strict=True))
        for cells, holes in zip(table.full(), hidden, strict=True)
    ]
    if table.columns is None:
        cells = tuple(shown[:-1])
        return Suppressed(table.rows, None, cells, None, None, shown[-1][0], threshold)
    return Suppressed(
        rows=table.rows,
        columns=table.columns,
        cells=tuple(row[:-1] for row in shown[:-1]),
        row_totals=tuple(row[-1] for row in shown[:-1]),
        column_totals=shown[-1][:-1],
        total=shown[-1][-1],
        threshold=threshold,
    )


def sums(shape: tuple[int, int]) -> Floats:
    """The equations every table of this layout fulfils: one row per sum, all equal to 0.

    >>> sums((3, 1)).tolist()
    [[1.0, 1.0, -1.0]]
    """
    height, width = shape
    lines = []
    across = range(height) if width > 1 else ()
    for row in across:
        line = np.zeros(shape)
        line[row, :-1], line[row, -1] = 1, -1
        lines.append(line.ravel())
    for column in range(width):
        line = np.zeros(shape)
        line[:-1, column], line[-1, column] = 1, -1
        lines.append(line.ravel())
    return np.array(lines)
