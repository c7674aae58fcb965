"""Lists as files, in the form that was asked for."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase

from bitgoeul.core import exports


def table_response(
    form: str, name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """Hand out a table as CSV or XLSX."""
    if form == "xlsx":
        return exports.xlsx_response(rows, header, f"{name}.xlsx")
    # Read before the answer starts, so that a failing query is an error page and not half a file.
    return exports.csv_response(list(rows), header, f"{name}.csv")
