"""Two-phase import of tables: stage, show, confirm, undo.

A room describes its file in `imports.py` (columns, how a row finds what exists, how rows are
written and taken back) and registers it; upload pages, preview, error file, the command
`bitgoeul import` and the record of what came from which line are the same for all of them.

Nouns: Kind, Column, Import, StagedRow, WrittenRow. Neighbours: journal, jobs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import clean
from .errors import CellError, FileRefused, ImportRefused, UndoRefused
from .kinds import Column, Kind, Row, register

if TYPE_CHECKING:
    from . import queries, services
    from .services import import_file
    from .undoing import delete_unreferenced

__all__ = [
    "CellError",
    "Column",
    "FileRefused",
    "ImportRefused",
    "Kind",
    "Row",
    "UndoRefused",
    "clean",
    "delete_unreferenced",
    "import_file",
    "queries",
    "register",
    "services",
]

_LATE = {"import_file": "services", "delete_unreferenced": "undoing"}


def __getattr__(name: str) -> Any:
    # Services need models, which cannot be imported while Django still collects applications.
    if name in {"services", "queries"}:
        return import_module(f"{__name__}.{name}")
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
