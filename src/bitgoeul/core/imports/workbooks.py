"""The two workbooks that the importer hands out: a template to fill in, and the rows to correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.core.exports import Marked, Sheet, workbook_response

from .enums import BAD
from .errors import phrase
from .kinds import Kind
from .models import Import

EXAMPLE_MARKS = {"ko": "[예시]", "en": "[example]"}


def template_workbook(kind: Kind) -> FileResponse:
    """Headings, a marked example line that the importer skips, and a sheet that explains both."""
    language = "ko" if (get_language() or "").startswith("ko") else "en"
    header = [c.label(language) + (" *" if c.required else "") for c in kind.columns]
    example: list[str] = [c.example for c in kind.columns]
    if example:
        example[0] = f"{EXAMPLE_MARKS[language]} {example[0]}".strip()
    table = Sheet(title=str(kind.title), header=header, rows=[example], widths=[16] * len(header))
    return workbook_response([table, _help_sheet(kind, language)], f"{kind.key}.xlsx")


def _help_sheet(kind: Kind, language: str) -> Sheet:
    rows = [
        [
            column.label(language),
            _("Required") if column.required else _("May be empty"),
            str(column.help),
            column.example,
            ", ".join(column.labels),
        ]
        for column in kind.columns
    ]
    return Sheet(
        title=_("How to fill it in"),
        header=[
            _("Column"),
            _("Needed"),
            _("What it means"),
            _("Example"),
            _("Headings that are recognised"),
        ],
        rows=rows,
        widths=[18, 14, 50, 20, 50],
        notes=[
            str(kind.help),
            _("Columns may stand in any order; other columns are left aside."),
            _("The line that is marked as an example is not read."),
            _("Resident registration numbers may not be entered anywhere."),
        ],
    )


def errors_workbook(imported: Import) -> FileResponse:
    """Only the rows to correct, as they were typed, with what is wrong in the last column."""
    texts = [h["text"] or h["letter"] for h in imported.headings]
    return workbook_response(
        [
            Sheet(
                title=_("Rows to correct"),
                header=[*texts, _("Row in the file"), _("What to correct")],
                rows=_error_rows(imported),
                widths=[*[16] * len(texts), 12, 80],
            )
        ],
        f"{imported.file_name.rpartition('.')[0] or imported.file_name} - {_('to correct')}.xlsx",
    )


def _error_rows(imported: Import) -> Iterator[Sequence[Any]]:
    places = {h["key"]: place for place, h in enumerate(imported.headings) if h["key"]}
    texts = {h["key"]: h["text"] for h in imported.headings if h["key"]}
    width = len(imported.headings)
    bad = imported.staged_rows.filter(state__in=BAD).order_by("line", "id")
    for line, raw, errors in bad.values_list("line", "raw", "errors").iterator(chunk_size=1000):
        cells: list[Any] = (raw + [""] * width)[:width]
        for error in errors:
            place = places.get(error["column"])
            if place is not None and not isinstance(cells[place], Marked):
                cells[place] = Marked(cells[place])
        said = []
        for error in errors:
            heading = texts.get(error["column"], "")
            said.append(f"{heading}: {phrase(error)}" if heading else phrase(error))
        yield [*cells, line, "\n".join(said)]
