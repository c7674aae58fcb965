"""Read a CSV or spreadsheet file into a table, in a confined child process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bitgoeul.core.uploads.gate import check_kind

from . import archives, limited, resident, sheets, texts
from .errors import FileRefused
from .kinds import Kind
from .limits import LIMITS, MEBIBYTE, Limits
from .tables import Heading, Numbered, Table, cut, find_headings


def read_table(path: Path, kind: Kind, *, name: str = "", limits: Limits = LIMITS) -> Table:
    """Read the table of a kind from a file, whose content must be what its name promises.

    Raises
    ------
    FileRefused
        With a code that says why the file cannot be such a table.
    """
    _check_size(path, limits)
    items = limited.run(
        lambda: parse(path, kind.keys_by_label, limits, name=name),
        memory_mb=limits.memory_mb,
        seconds=limits.seconds,
        output_bytes=limits.output_bytes,
    )
    return assemble(items, kind)


def assemble(items: list[Any], kind: Kind) -> Table:
    """The table from what `parse` yielded, if it has the columns that the kind needs."""
    about, rows = items[0], items[1:]
    table = Table(
        headings=tuple(Heading(**heading) for heading in about["headings"]),
        line=about["line"],
        rows=[(line, [_decode(cell) for cell in cells]) for line, cells in rows],
        ignored=[(line, text) for line, text in about["ignored"]],
        sheet=about["sheet"],
        sheets=about["sheets"],
        encoding=about["encoding"],
    )
    _check_columns(table, kind)
    return table


def _check_size(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty")
    if size > limits.file_bytes:
        most = limits.file_bytes // MEBIBYTE
        raise FileRefused("too_big", size=-(-size // MEBIBYTE), max=most)


def _check_columns(table: Table, kind: Kind) -> None:
    present = {heading.key for heading in table.headings}
    missing = [c.labels[0] for c in kind.columns if c.required and c.key not in present]
    if missing:
        raise FileRefused("missing_columns", missing=", ".join(missing), line=table.line)
    if not table.rows:
        raise FileRefused("no_rows", line=table.line)


def parse(
    path: Path, labels: Mapping[str, str], limits: Limits, *, name: str = ""
) -> Iterator[Any]:
    """What the child does: yield what the file is and its headings, then one item per row."""
    found = _open(path, labels, limits, name)
    yield {
        "headings": [asdict(heading) for heading in found.headings],
        "line": found.line,
        "ignored": found.ignored,
        "sheet": found.sheet,
        "sheets": found.sheets,
        "encoding": found.encoding,
    }
    for line, cells in found.rows:
        yield [line, [_encode(cell) for cell in cells]]


def _open(path: Path, labels: Mapping[str, str], limits: Limits, name: str) -> Table:
    with path.open("rb") as file:
        start = file.read(1024)
    found = check_kind(start, name)
    if found == "zip":
        archives.check_zip(path, limits)
        archives.check_truth(path, limits)
        return _best_sheet(sheets.read(path, limits), labels)
    if found == "compound":
        archives.check_compound(path.read_bytes())
        return _best_sheet(sheets.read(path, limits), labels)
    if found == "markup":
        raise FileRefused("web_page")
    if found != "text":
        raise FileRefused("unknown_type")
    encoding, rows = texts.read(path.read_bytes(), labels, limits)
    return _table(rows, labels, sheet="", sheets=1, encoding=encoding)


def _best_sheet(found: list[sheets.Sheet], labels: Mapping[str, str]) -> Table:
    """The sheet whose headings fit best; hidden and later ones lose ties."""
    best: sheets.Sheet | None = None
    best_score = 0
    for sheet in found:
        heading = find_headings(sheet.rows, labels)
        score = heading.found if heading else 0
        if score > best_score:
            best, best_score = sheet, score
    for sheet in found:
        if sheet is not best:
            _refuse_resident_numbers(sheet.rows, sheet.name)
    if best is None:
        raise _no_header(labels)
    return _table(
        best.rows, labels, sheet=best.name, sheets=len(found), first_column=best.first_column
    )


def _table(
    rows: list[Numbered],
    labels: Mapping[str, str],
    *,
    sheet: str,
    sheets: int,
    encoding: str = "",
    first_column: int = 0,
) -> Table:
    heading = find_headings(rows, labels)
    if heading is None:
        raise _no_header(labels)
    _refuse_resident_numbers(rows[: heading.index + 1], sheet)
    headings, body, ignored = cut(rows, heading, first_column=first_column)
    left_out = {line for line, _ in ignored}
    _refuse_resident_numbers([row for row in rows if row[0] in left_out], sheet)
    return Table(
        headings=headings,
        line=rows[heading.index][0],
        rows=body,
        ignored=ignored[:200],
        sheet=sheet,
        sheets=sheets,
        encoding=encoding,
    )


def _refuse_resident_numbers(rows: list[Numbered], sheet: str) -> None:
    for line, cells in rows:
        if resident.in_cells(cells):
            place = f"{resident.mask(sheet)} {line}".strip()
            raise FileRefused("resident_elsewhere", place=place)


def _no_header(labels: Mapping[str, str]) -> FileRefused:
    # The bare forms are what is compared; the first of each column is enough as a hint.
    first: dict[str, str] = {}
    for label, key in labels.items():
        first.setdefault(key, label)
    return FileRefused("no_header", expected=", ".join(list(first.values())[:12]))


def _encode(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time):
        return {"h": cell.isoformat()}
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return cell


def _decode(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if "d" in cell:
        return date.fromisoformat(cell["d"])
    if "t" in cell:
        return datetime.fromisoformat(cell["t"])
    return time.fromisoformat(cell["h"])
