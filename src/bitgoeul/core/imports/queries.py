"""Reads over imports: the preview's rows, and where an object came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, Value, When

from .enums import BAD, ImportState, RowState
from .errors import phrase
from .kinds import Kind
from .models import Import, StagedRow, WrittenRow
from .receipts import column_names


@dataclass(frozen=True)
class Origin:
    """Which line of which file an object came from."""

    imported: Import
    line: int
    created: bool


def origins_of(object_uuid: UUID) -> list[Origin]:
    """The imports that wrote an object and were not undone, the first one first."""
    rows = (
        WrittenRow.objects.filter(object_uuid=object_uuid, of__state=ImportState.CONFIRMED)
        .select_related("of")
        .order_by("of__confirmed_at", "id")
    )
    return [Origin(imported=row.of, line=row.line, created=row.created) for row in rows]


@dataclass(frozen=True)
class Cell:
    """A cell of the preview."""

    heading: str
    text: str
    wrong: bool


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview: its cells as typed, and what is wrong in words."""

    line: int
    state: RowState
    cells: list[Cell]
    messages: list[tuple[str, str]]

    @property
    def kind(self) -> str:
        """The colour of the state's badge."""
        return {"error": "bad", "duplicate": "bad", "new": "ok", "changed": "info"}.get(
            self.state, ""
        )


@dataclass(frozen=True)
class Tab:
    """A filter of the preview and how many rows it shows."""

    state: str
    label: Any
    count: int


def tabs_of(imported: Import) -> list[Tab]:
    """The states that occur in an import, errors first."""
    counts = {
        RowState.ERROR: imported.errors,
        RowState.DUPLICATE: imported.duplicates,
        RowState.NEW: imported.new,
        RowState.CHANGED: imported.changed,
        RowState.SAME: imported.same,
        RowState.ABSENT: imported.absent,
    }
    return [Tab(state.value, state.label, count) for state, count in counts.items() if count]


def staged_rows(imported: Import, state: str = "") -> QuerySet[StagedRow]:
    """The staged rows of one state, or all of them with the wrong ones first."""
    rows = imported.staged_rows.all()
    if state in RowState.values:
        return rows.filter(state=state).order_by("line", "id")
    wrong_first = Case(When(state__in=BAD, then=Value(0)), default=Value(1))
    return rows.exclude(state=RowState.ABSENT).order_by(wrong_first, "line", "id")


def present(
    imported: Import, kind: Kind | None, rows: Iterable[StagedRow], *, language: str
) -> list[PreviewRow]:
    """Rows as a page shows them: only the columns that the import reads."""
    names = column_names(imported.headings, kind, language)
    places = [(i, h["key"], h["text"]) for i, h in enumerate(imported.headings) if h["key"]]
    shown = []
    for row in rows:
        wrong = {error["column"] for error in row.errors}
        if row.state == RowState.ABSENT:
            cells = [Cell(heading="", text=text, wrong=False) for text in row.raw]
        else:
            cells = [
                Cell(heading=text, text=row.raw[place], wrong=key in wrong)
                for place, key, text in places
                if place < len(row.raw)
            ]
        messages = [(names.get(error["column"], ""), phrase(error)) for error in row.errors]
        shown.append(PreviewRow(row.line, RowState(row.state), cells, messages))
    return shown


def unused_headings(imported: Import) -> list[str]:
    """Columns of the file that the import leaves aside."""
    return [h["text"] for h in imported.headings if not h["key"] and h["text"]]
