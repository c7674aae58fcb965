"""Read spreadsheets (XLSX, XLS) with calamine. Runs in the confined child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from .errors import FileRefused
from .limits import Limits
from .tables import Numbered

_BROKEN = (
    calamine.CalamineError,
    calamine.XmlError,
    calamine.ZipError,
    calamine.WorksheetNotFound,
    OSError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows with their numbers, and which column its first cell stands in."""

    name: str
    rows: list[Numbered]
    first_column: int


def read(path: Path, limits: Limits) -> list[Sheet]:
    """Every sheet with cells, visible ones first.

    Raises
    ------
    FileRefused
        `damaged`, `password`, or one of the size limits.
    """
    with _panics_are_damage():
        return _read(path, limits)


@contextmanager
def _panics_are_damage() -> Iterator[None]:
    try:
        yield
    except BaseException as broken:
        # A parser in Rust that gives up raises a panic, which is no Exception and has no public
        # class. Files by which it does so are damaged; the fuzzer finds about one in 5,000.
        if type(broken).__name__ == "PanicException":
            raise FileRefused("damaged") from None
        raise


def _read(path: Path, limits: Limits) -> list[Sheet]:
    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        raise FileRefused("password") from None
    except _BROKEN:
        raise FileRefused("damaged") from None
    with workbook:
        about = [m for m in workbook.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(about) > limits.sheets:
            raise FileRefused("too_many_sheets", max=limits.sheets)
        about.sort(key=lambda m: m.visible != calamine.SheetVisibleEnum.Visible)
        sheets = [_read_sheet(workbook, metadata.name, limits) for metadata in about]
    return [sheet for sheet in sheets if sheet is not None]


def _read_sheet(workbook: calamine.CalamineWorkbook, name: str, limits: Limits) -> Sheet | None:
    try:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is None:
            return None
        first_row, first_column = sheet.start
        _check_extent(sheet, limits)
        cells = sheet.to_python(skip_empty_area=True)
    except _BROKEN:
        raise FileRefused("damaged") from None
    rows = [(first_row + place + 1, _row(row)) for place, row in enumerate(cells)]
    for line, row in rows:
        if any(isinstance(cell, str) and len(cell) > limits.cell for cell in row):
            raise FileRefused("cell_too_long", line=line, max=limits.cell)
    return Sheet(name=name, rows=rows, first_column=first_column)


def _check_extent(sheet: calamine.CalamineSheet, limits: Limits) -> None:
    if sheet.width > limits.columns:
        line = sheet.start[0] + 1 if sheet.start else 1
        raise FileRefused("too_many_columns", line=line, max=limits.columns)
    if sheet.height > limits.rows:
        raise FileRefused("too_many_rows", max=limits.rows)


def _row(cells: list[Any]) -> list[Any]:
    return [
        cell.strip()
        if isinstance(cell, str)
        else (str(cell) if isinstance(cell, timedelta) else cell)
        for cell in cells
    ]
