"""Reads over imports."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from .enums import ImportState
from .models import Import, WrittenRow


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
