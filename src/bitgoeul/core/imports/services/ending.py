"""Undo a confirmed import, discard an unconfirmed one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction

from bitgoeul.core.imports import storage
from bitgoeul.core.imports.enums import UNWRITTEN, ImportState
from bitgoeul.core.imports.errors import UndoRefused
from bitgoeul.core.imports.kinds import get_kind
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.values import from_json

from .steps import lock, record_step, refusals_said, require, target_of


def undo_import(*, imported: Import, by: Any, at: dt.datetime) -> Import:
    """Take back what a confirmed import wrote, if nothing builds on it.

    Raises
    ------
    UndoRefused
        When the kind has no way back, or something depends on the rows.
    """
    kind = get_kind(imported.kind)
    with transaction.atomic():
        imported.refresh_from_db(from_queryset=Import.objects.select_for_update())
        target = target_of(imported, kind)
        require(kind, by, target)
        if imported.state == ImportState.UNDONE:
            return imported
        if imported.state != ImportState.CONFIRMED:
            raise UndoRefused("not_confirmed")
        if kind.undo is None:
            raise UndoRefused("cannot_undo")
        created, changed = _written(imported)
        if changed and imported.erased_at:
            raise UndoRefused("cannot_undo")
        with refusals_said():
            kind.undo(target=target, created=created, changed=changed, by=by, at=at)
        imported.state = ImportState.UNDONE
        imported.undone_at = at
        imported.save()
        record_step("import.undone", imported, by=by, at=at)
    return imported


def _written(imported: Import) -> tuple[list[UUID], list[tuple[UUID, dict[str, Any]]]]:
    created: list[UUID] = []
    changed: list[tuple[UUID, dict[str, Any]]] = []
    rows = imported.written_rows.order_by("line").values_list("object_uuid", "created", "before")
    for uuid, new, before in rows:
        if new:
            created.append(uuid)
        else:
            old = {key: from_json(value) for key, value in (before or {}).items()}
            changed.append((uuid, old))
    return created, changed


def cancel_import(*, imported: Import, by: Any, at: dt.datetime) -> Import:
    """Discard an import that nobody confirmed: its rows and its file go at once."""
    kind = get_kind(imported.kind)
    require(kind, by, target_of(imported, kind))
    with transaction.atomic():
        lock(imported, *UNWRITTEN)
        imported.staged_rows.all().delete()
        imported.state = ImportState.CANCELLED
        imported.erased_at = at
        imported.save()
        record_step("import.cancelled", imported, by=by, at=at)
    storage.forget(imported.uuid)
    return imported
