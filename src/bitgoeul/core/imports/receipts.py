"""What an import found and did, for pages, commands and callers in the code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .enums import BAD
from .errors import phrase

if TYPE_CHECKING:
    from .kinds import Kind
    from .models import Import


@dataclass(frozen=True)
class RowError:
    """An error in words, in the language that was active when the receipt was made."""

    row: int
    column: str
    value: str
    message: str
    code: str = ""


@dataclass(frozen=True)
class Receipt:
    """Counts, errors, and the uuids of what was written (empty before confirmation)."""

    uuid: UUID
    kind: str
    state: str
    rows: int
    new: int
    changed: int
    same: int
    absent: int
    left_out: int
    errors: list[RowError]
    written: list[UUID] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The shape that `bitgoeul import` prints."""
        return {
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "errors": [
                {"row": e.row, "column": e.column, "value": e.value, "message": e.message}
                for e in self.errors
            ],
            "absent": self.absent,
            "left_out": self.left_out,
            "state": self.state,
            "import": str(self.uuid),
        }


def column_names(
    headings: list[dict[str, Any]], kind: Kind | None, language: str
) -> dict[str, str]:
    """How errors name columns: by the heading in the file, else by the kind's own label."""
    names = {c.key: c.label(language) for c in kind.columns} if kind else {}
    names |= {h["key"]: h["text"] for h in headings if h["key"] and h["text"]}
    return names


def make_receipt(imported: Import, kind: Kind, *, language: str, written: list[UUID]) -> Receipt:
    """The receipt of an import as it stands in the database."""
    names = column_names(imported.headings, kind, language)
    bad = imported.staged_rows.filter(state__in=BAD).order_by("line")
    errors = [
        RowError(
            row=line,
            column=names.get(error["column"], ""),
            value=error["value"],
            message=phrase(error),
            code=error["code"],
        )
        for line, found in bad.values_list("line", "errors")
        for error in found
    ]
    return Receipt(
        uuid=imported.uuid,
        kind=imported.kind,
        state=str(imported.state),
        rows=imported.rows,
        new=imported.new,
        changed=imported.changed,
        same=imported.same,
        absent=imported.absent,
        left_out=imported.left_out,
        errors=errors,
        written=written,
    )
