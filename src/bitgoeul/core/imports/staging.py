"""Understand each row of a table: clean its cells, compare it with what exists."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bitgoeul.core.jobs import Progress

from . import resident
from .clean import as_text, shown
from .enums import RowState
from .errors import CellError, StoredError
from .kinds import Column, Kind, Row
from .tables import Heading, Numbered, Table

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPREADSHEET_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#CALC!", "#SPILL!")
)
STAGED_ABSENT = 200
_REMEMBERED = 5_000


@dataclass
class Staged:
    """A row on its way: what was typed, what it means, what is wrong, what it would do."""

    line: int
    raw: list[str]
    row: Row
    errors: list[StoredError] = field(default_factory=list)
    state: RowState = RowState.ERROR


@dataclass(frozen=True)
class Staging:
    """All rows of a file, and what exists and is not in it."""

    rows: list[Staged]
    absent: list[str]
    absent_count: int
    resident_found: bool

    def count(self, state: RowState) -> int:
        """How many rows are in a state."""
        return sum(1 for staged in self.rows if staged.state == state)


def understand(
    kind: Kind, table: Table, *, target: Any, by: Any, progress: Progress | None = None
) -> Staging:
    """Clean every row of the table and compare the good ones with what exists."""
    reader = _RowReader(kind, table.headings)
    rows = []
    for done, numbered in enumerate(table.rows):
        if progress and done % 500 == 0:
            progress.step(done, len(table.rows))
        rows.append(reader.read(numbered))
    _mark_duplicates(kind, rows)
    good = [staged for staged in rows if not staged.errors]
    context = prepare(kind, target, [staged.row for staged in good], by)
    for staged in good:
        _compare(kind, staged, context)
    absent = list(kind.absent(context, [s.row for s in good])) if kind.absent else []
    return Staging(
        rows=rows,
        absent=[text[:200] for text in absent[:STAGED_ABSENT]],
        absent_count=len(absent),
        resident_found=reader.resident_found,
    )


def prepare(kind: Kind, target: Any, rows: Sequence[Row], by: Any) -> Any:
    """What the kind's hooks compare rows with."""
    return kind.prepare(target=target, rows=rows, by=by) if kind.prepare else None


def settle(kind: Kind, row: Row, context: Any) -> tuple[RowState, list[CellError]]:
    """Find what exists for a row and say what writing it would do."""
    row.existing = None
    try:
        if kind.match:
            row.existing = kind.match(row, context)
        found = list(kind.check(row, context)) if kind.check else []
    except CellError as error:
        found = [error]
    if found:
        return RowState.ERROR, found
    if row.existing is None:
        return RowState.NEW, []
    return (RowState.CHANGED if kind.compare(row.existing, row) else RowState.SAME), []


def _compare(kind: Kind, staged: Staged, context: Any) -> None:
    staged.state, errors = settle(kind, staged.row, context)
    for error in errors:
        staged.errors.append(_stored(error, error.column, staged.row.get(error.column, "")))


def _mark_duplicates(kind: Kind, rows: Iterable[Staged]) -> None:
    if kind.identity is None:
        return
    first: dict[Hashable, int] = {}
    for staged in rows:
        if staged.errors:
            continue
        line = first.setdefault(kind.identity(staged.row), staged.line)
        if line != staged.line:
            staged.state = RowState.DUPLICATE
            staged.errors.append(_stored(CellError("duplicate_row", line=line), "", ""))


def _stored(error: CellError, column: str, cell: Any) -> StoredError:
    stored = error.stored()
    stored["column"] = column
    stored["value"] = "" if cell is None else shown(cell)
    return stored


class _RowReader:
    """Reads rows; made once per file so that the loop does nothing twice."""

    def __init__(self, kind: Kind, headings: Sequence[Heading]) -> None:
        place = {heading.key: index for index, heading in enumerate(headings) if heading.key}
        self.width = len(headings)
        self.present = [(place[c.key], c) for c in kind.columns if c.key in place]
        self.defaults = {c.key: c.default for c in kind.columns}
        self.given = frozenset(column.key for _, column in self.present)
        self.known: dict[str, dict[Any, Any]] = {c.key: {} for _, c in self.present}
        self.resident_found = False

    def read(self, numbered: Numbered) -> Staged:
        """Clean one row."""
        line, cells = numbered
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        row = Row(line=line, values=dict(self.defaults), given=self.given)
        if resident.in_cells(cells):
            self.resident_found = True
            return self._refuse_resident(line, cells, row)
        staged = Staged(line=line, raw=_all_raw(cells), row=row)
        for index, column in self.present:
            cell = cells[index]
            try:
                self._clean(row, column, cell)
            except CellError as error:
                staged.errors.append(_stored(error, column.key, cell))
        return staged

    def _clean(self, row: Row, column: Column, cell: Any) -> None:
        if cell is None or cell == "":
            if column.required:
                raise CellError("missing")
            return
        # Dates, marks and codes repeat down a column: what a cell means is worked out once.
        known = self.known[column.key]
        spelling = (cell.__class__, cell)
        try:
            row.values_by_key[column.key] = known[spelling]
            return
        except KeyError:
            _refuse_unreadable(cell)
            value = column.clean(cell)
        row.values_by_key[column.key] = value
        if len(known) < _REMEMBERED:
            known[spelling] = value

    def _refuse_resident(self, line: int, cells: Sequence[Any], row: Row) -> Staged:
        staged = Staged(line=line, raw=[_raw(resident.mask(_text(c))) for c in cells], row=row)
        keys = {index: column.key for index, column in self.present}
        places = [i for i, cell in enumerate(cells) if resident.in_cells((cell,))]
        for index in places or [-1]:
            error = CellError("resident_number")
            staged.errors.append(_stored(error, keys.get(index, ""), resident.MASK))
        return staged


def _refuse_unreadable(cell: Any) -> None:
    if isinstance(cell, str):
        if _CONTROL.search(cell):
            raise CellError("control_character")
        if cell[0] == "#" and cell.upper() in _SPREADSHEET_ERRORS:
            raise CellError("spreadsheet_error", found=cell)


def _text(cell: Any) -> Any:
    return "" if cell is None else cell


def _all_raw(cells: Sequence[Any]) -> list[str]:
    try:
        if _CONTROL.search("".join(cells)) is None:
            return list(cells)
    except TypeError:
        pass  # a cell that is no text
    return [_raw(cell) for cell in cells]


def _raw(cell: Any) -> str:
    if isinstance(cell, str):
        return _CONTROL.sub("�", cell) if _CONTROL.search(cell) else cell
    return "" if cell is None else as_text(cell)
