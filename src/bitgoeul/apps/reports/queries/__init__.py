"""Reads of the top room: numbers, their rows, the document, the differences."""

from bitgoeul.apps.reports.queries.dashboard import Promise, promises_of
from bitgoeul.apps.reports.queries.differences import Difference, differences_of
from bitgoeul.apps.reports.queries.document import build_document, numbers_of
from bitgoeul.apps.reports.queries.finding import search
from bitgoeul.apps.reports.queries.opening import OpenedRow, opened_rows

__all__ = [
    "Difference",
    "OpenedRow",
    "Promise",
    "build_document",
    "differences_of",
    "numbers_of",
    "opened_rows",
    "promises_of",
    "search",
]
