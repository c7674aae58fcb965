"""Hand out tables as CSV and XLSX that no spreadsheet program mistakes for formulas.

Text is guarded, numbers stay numbers: a cell that starts like a formula gets an apostrophe in
CSV (our own reader takes it off again) and is written as a string cell in XLSX.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.encoding import force_str
from django.utils.http import content_disposition_header

from bitgoeul.core.formats import SEOUL

M = TypeVar("M", bound=Model)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# An apostrophe before such a start is doubled, so that taking one off always gives the original.
_DANGEROUS = re.compile(r"^'*\s*[=+\-@＝＋－＠\t\r\n]")
_GUARDED = re.compile(r"^'+\s*[=+\-@＝＋－＠\t\r\n]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CELL_LIMIT = 32_767  # characters that a spreadsheet keeps in one cell
_CHUNK = 1000
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


def guard(text: str) -> str:
    """Text that a spreadsheet program shows instead of computing; control characters go."""
    text = _FORBIDDEN.sub("", text)
    return "'" + text if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given, control characters excepted."""
    return text[1:] if _GUARDED.match(text) else text


@dataclass(frozen=True)
class Marked:
    """A cell to be shown with a coloured ground: something is wrong with it."""

    value: Any


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; `notes` stand beneath the table."""

    title: str
    header: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()
    notes: Sequence[str] = ()


class _Echo:
    """A file that gives back what is written, so that rows can be streamed one by one."""

    def write(self, text: str) -> str:
        return text


def rows_of(found: QuerySet[M]) -> Iterator[M]:
    """Read the rows of a file a chunk at a time: its length does not count in memory."""
    return found.iterator(chunk_size=_CHUNK)


def column_of(found: QuerySet[Any], name: str) -> list[Any]:
    """Read one column of the same rows, to say whose data a file holds before it is written."""
    return list(found.order_by().prefetch_related(None).values_list(name, flat=True))


def csv_lines(rows: Iterable[Sequence[Any]], header: Sequence[Any]) -> Iterator[str]:
    """The lines of a CSV file, with the mark by which spreadsheet programs know UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_csv_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([_csv_cell(cell) for cell in row])


def csv_response(
    rows: Iterable[Sequence[Any]], header: Sequence[Any], name: str
) -> StreamingHttpResponse:
    """A CSV download called `name`, sent while the rows are read."""
    response = StreamingHttpResponse(
        (line.encode() for line in csv_lines(rows, header)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def table_response(
    form: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], *, title: str = ""
) -> StreamingHttpResponse | FileResponse:
    """The table of a list as `form` asks: the same query as the page, all its rows."""
    if form == "xlsx":
        return xlsx_response(rows, header, f"{name}.xlsx", title=title)
    # Read before the answer starts, so that a failing query is an error page and not half a file.
    return csv_response(list(rows), header, f"{name}.csv")


def xlsx_response(
    rows: Iterable[Sequence[Any]], header: Sequence[Any], name: str, *, title: str = ""
) -> FileResponse:
    """An XLSX download called `name` with one sheet."""
    return workbook_response([Sheet(title=title or "Sheet1", header=header, rows=rows)], name)


def workbook_response(sheets: Sequence[Sheet], name: str) -> FileResponse:
    """An XLSX download of several sheets."""
    file = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 -- the response closes it
    write_workbook(file, sheets)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def write_xlsx(
    file: IO[bytes] | str, rows: Iterable[Sequence[Any]], header: Sequence[Any], *, title: str = ""
) -> None:
    """Write one sheet to an open binary file or a path."""
    write_workbook(file, [Sheet(title=title or "Sheet1", header=header, rows=rows)])


def write_workbook(file: IO[bytes] | str, sheets: Sequence[Sheet]) -> None:
    """Write sheets row by row, in constant memory."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    # Half a second that whoever writes no sheet need not wait for.
    import xlsxwriter

    workbook = xlsxwriter.Workbook(file, options)
    # The same table gives the same bytes: no moment of writing inside.
    workbook.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    formats = {
        "head": workbook.add_format({"bold": True, "bg_color": "#eef2f7", "bottom": 1}),
        "bad": workbook.add_format({"bg_color": "#fde8e6"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "time": workbook.add_format({"num_format": "hh:mm"}),
    }
    names: set[str] = set()
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(_sheet_name(sheet.title, names)), sheet, formats)
    workbook.close()


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of them forbidden, and not twice in one workbook."""
    name = _SHEET_NAME.sub(" ", _FORBIDDEN.sub("", title)).strip()[:31] or "Sheet"
    number = 2
    base = name
    while name.casefold() in taken:
        name = f"{base[:27]} {number}"
        number += 1
    taken.add(name.casefold())
    return name


def _write_sheet(worksheet: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for place, width in enumerate(sheet.widths):
        worksheet.set_column(place, place, width)
    worksheet.freeze_panes(1, 0)
    for place, cell in enumerate(sheet.header):
        _write_cell(worksheet, 0, place, cell, formats, formats["head"])
    line = 0
    for line, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            _write_cell(worksheet, line, place, cell, formats, None)
    for note in sheet.notes:
        line += 1
        _write_cell(worksheet, line + 1, 0, note, formats, None)


def _write_cell(
    worksheet: Any, line: int, place: int, cell: Any, formats: dict[str, Any], style: Any
) -> None:
    if isinstance(cell, Marked):
        cell, style = cell.value, formats["bad"]
    cell = _plain(cell)
    if cell is None:
        worksheet.write_blank(line, place, None, style)
    elif isinstance(cell, bool):
        worksheet.write_boolean(line, place, cell, style)
    elif isinstance(cell, (int, float, Decimal)):
        worksheet.write_number(line, place, cell, style)
    elif isinstance(cell, dt.datetime):
        worksheet.write_datetime(line, place, cell, style or formats["moment"])
    elif isinstance(cell, dt.date):
        worksheet.write_datetime(line, place, cell, style or formats["date"])
    elif isinstance(cell, dt.time):
        worksheet.write_datetime(line, place, cell, style or formats["time"])
    else:
        text = _FORBIDDEN.sub("", force_str(cell))[:_CELL_LIMIT]
        worksheet.write_string(line, place, text, style)


def _plain(cell: Any) -> Any:
    """Moments in Seoul time without zone; what a spreadsheet has no number for as text."""
    if isinstance(cell, dt.datetime) and cell.tzinfo:
        return cell.astimezone(SEOUL).replace(tzinfo=None)
    if isinstance(cell, int) and abs(cell) > 10**15:
        return str(cell)
    if isinstance(cell, dt.date) and cell.year < 1900:
        return cell.isoformat()  # a spreadsheet's days begin in 1900
    return cell


def _csv_cell(cell: Any) -> Any:
    cell = _plain(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float, Decimal)):
        return cell
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return guard(force_str(cell))
