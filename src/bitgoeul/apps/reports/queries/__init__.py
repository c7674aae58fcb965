"""Reads of the top room: numbers, their rows, the document, the differences."""

from bitgoeul.apps.reports.queries.dashboard import dashboard_of
from bitgoeul.apps.reports.queries.differences import Difference, differences_of
from bitgoeul.apps.reports.queries.document import build_document, numbers_of
from bitgoeul.apps.reports.queries.finding import search
from bitgoeul.apps.reports.queries.opening import OpenedRow, opened_rows

__all__ = [
    "Difference",
    "OpenedRow",
    "build_document",
    "dashboard_of",
    "differences_of",
    "numbers_of",
    "opened_rows",
    "search",
]
