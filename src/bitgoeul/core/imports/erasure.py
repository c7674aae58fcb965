"""What was typed into a file is needed while the import is open and some days longer."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from . import services, storage
from .enums import BAD, ImportState
from .models import Import

_ORPHAN_AFTER = dt.timedelta(days=1)


def keep_days() -> int:
    """Days after which file and staged rows of an ended or forgotten import are erased."""
    return int(getattr(settings, "BITGOEUL_IMPORT_KEEP_DAYS", 14))


def erase_imports(*, at: dt.datetime) -> int:
    """Erase what is due; returns how many imports were touched."""
    limit = at - dt.timedelta(days=keep_days())
    due = Import.objects.filter(erased_at__isnull=True).filter(
        Q(confirmed_at__lt=limit) | Q(confirmed_at__isnull=True, uploaded_at__lt=limit)
    )
    count = 0
    for imported in due.order_by("pk"):
        _erase(imported, at=at)
        count += 1
    _remove_orphans(at=at)
    return count


def _erase(imported: Import, *, at: dt.datetime) -> None:
    """Forget what was typed; counts, lines, error codes and written uuids stay."""
    with transaction.atomic():
        if imported.state in {ImportState.STAGING, ImportState.STAGED, ImportState.CONFIRMING}:
            imported.state = ImportState.CANCELLED
        imported.erased_at = at
        imported.ignored = []
        imported.save()
        imported.staged_rows.exclude(state__in=BAD).delete()
        for row in imported.staged_rows.all().iterator():
            row.raw, row.cleaned = [], {}
            row.errors = [{**e, "value": "", "params": _without_quotes(e)} for e in row.errors]
            row.save(update_fields=["raw", "cleaned", "errors"])
        imported.written_rows.exclude(before=None).update(before=None)
        services.record_step("import.erased", imported, by=None, at=at)
    storage.forget(imported.uuid)


def _without_quotes(error: dict[str, dict[str, object]]) -> dict[str, object]:
    return {key: "…" if isinstance(value, str) else value for key, value in error["params"].items()}


def _remove_orphans(*, at: dt.datetime) -> None:
    """Files whose import was never saved: the machine stopped between file and row."""
    folder = storage.folder()
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        with suppress(ValueError, FileNotFoundError):
            old = at.timestamp() - path.stat().st_mtime > _ORPHAN_AFTER.total_seconds()
            if old and not Import.objects.filter(uuid=UUID(path.name)).exists():
                path.unlink()
