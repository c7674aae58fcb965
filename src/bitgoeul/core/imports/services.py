"""Every step of an import: upload, stage, confirm, undo, discard, erase.

The page, the command and the demo go through these same steps, so they show the same errors and
write the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language

from bitgoeul.core import journal

from . import readers, storage
from .enums import BAD, WRITTEN, ImportState, RowState
from .errors import FileRefused, ImportRefused, UndoRefused
from .kinds import Kind, Row, get_kind
from .models import Import, StagedRow, WrittenRow
from .receipts import Receipt, make_receipt
from .staging import Staging, prepare, settle, understand
from .tables import Table
from .values import from_json, to_json

#: Files with more lines than this are read and written by a job.
INLINE_ROWS = 2_000
_BATCH = 1_000


class RowsRefused(ImportRefused):
    """The file has rows with errors and nobody said to leave them out; nothing was written."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("rows_refused", errors=len({error.row for error in receipt.errors}))
        self.receipt = receipt


def _require(kind: Kind, by: Any, target: Any) -> None:
    # Without a person, the machine's own administrator acts from the command line.
    if by is not None and not kind.can(by, target):
        raise PermissionDenied


def upload_file(
    *, kind: Kind, target: Any, name: str, content: Iterable[bytes], by: Any, at: dt.datetime
) -> Import:
    """Keep an uploaded file and open its import.

    Raises
    ------
    PermissionDenied
        When the person may not import this here.
    FileRefused
        When the file is too long.
    """
    _require(kind, by, target)
    imported = Import(
        kind=kind.key,
        target_uuid=getattr(target, "uuid", None),
        target_title=str(target)[:200] if target is not None else "",
        file_name=storage.safe_name(name),
        uploaded_by=by,
        uploaded_at=at,
    )
    imported.file_size, imported.file_digest = storage.keep(imported.uuid, content)
    try:
        with transaction.atomic():
            imported.save()
            _record("import.uploaded", imported, by=by, at=at)
    except BaseException:
        storage.forget(imported.uuid)
        raise
    return imported


def stage_import(*, imported: Import, by: Any, at: dt.datetime) -> Import:
    """Read the kept file and stage its rows; a file that cannot be read is `refused`.

    May be called again while nothing is written: it then starts afresh, against today's data.
    """
    kind = get_kind(imported.kind)
    target = target_of(imported, kind)
    _require(kind, by, target)
    if not storage.path_of(imported.uuid).exists():
        raise ImportRefused("file_gone")
    try:
        table = readers.read_table(storage.path_of(imported.uuid), kind)
    except FileRefused as refusal:
        storage.forget(imported.uuid)
        return _refuse(imported, refusal, by=by, at=at)
    staging = understand(kind, table, target=target, by=by)
    if staging.resident_found:
        # The rows are masked; the file is not, so it goes at once.
        storage.forget(imported.uuid)
    with transaction.atomic():
        _lock(imported, ImportState.STAGING, ImportState.STAGED)
        imported.staged_rows.all().delete()
        _describe(imported, table, staging)
        imported.state = ImportState.STAGED
        imported.save()
        _save_rows(imported, staging)
        _record("import.staged", imported, by=by, at=at)
    return imported


def _describe(imported: Import, table: Table, staging: Staging) -> None:
    imported.encoding = table.encoding
    imported.sheet = table.sheet[:100] if table.sheets > 1 else ""
    imported.heading_line = table.line
    imported.headings = [
        {"letter": h.letter, "text": h.text[:200], "key": h.key} for h in table.headings
    ]
    imported.ignored = [{"line": line, "text": text} for line, text in table.ignored]
    imported.refusal = None
    imported.rows = len(staging.rows)
    imported.new = staging.count(RowState.NEW)
    imported.changed = staging.count(RowState.CHANGED)
    imported.same = staging.count(RowState.SAME)
    imported.errors = staging.count(RowState.ERROR)
    imported.duplicates = staging.count(RowState.DUPLICATE)
    imported.absent = staging.absent_count


def _save_rows(imported: Import, staging: Staging) -> None:
    def build() -> Iterable[StagedRow]:
        for staged in staging.rows:
            good = staged.state not in BAD
            yield StagedRow(
                of=imported,
                line=staged.line,
                state=staged.state,
                raw=staged.raw,
                cleaned={k: to_json(v) for k, v in staged.row.items()} if good else {},
                errors=staged.errors,
            )
        for text in staging.absent:
            yield StagedRow(of=imported, line=0, state=RowState.ABSENT, raw=[text])

    StagedRow.objects.bulk_create(build(), batch_size=_BATCH)


def _refuse(imported: Import, refusal: FileRefused, *, by: Any, at: dt.datetime) -> Import:
    with transaction.atomic():
        _lock(imported, ImportState.STAGING, ImportState.STAGED)
        imported.staged_rows.all().delete()
        imported.state = ImportState.REFUSED
        imported.refusal = refusal.stored()
        imported.save()
        _record("import.refused", imported, by=by, at=at)
    return imported


def confirm_import(
    *, imported: Import, by: Any, at: dt.datetime, leave_out_errors: bool = False
) -> Receipt:
    """Write the staged rows, all in one transaction; a second call returns the same receipt.

    Raises
    ------
    ImportRefused
        `rows_refused`, `stale`, `nothing_to_write` or `not_ready`; nothing is written then.
    """
    kind = get_kind(imported.kind)
    with transaction.atomic():
        imported.refresh_from_db(from_queryset=Import.objects.select_for_update())
        target = target_of(imported, kind)
        _require(kind, by, target)
        if imported.state in {ImportState.CONFIRMED, ImportState.UNDONE}:
            return receipt_of(imported)
        if imported.state not in {ImportState.STAGED, ImportState.CONFIRMING}:
            raise ImportRefused("not_ready")
        if imported.bad and not leave_out_errors:
            raise RowsRefused(receipt_of(imported))
        _write(imported, kind, target, by=by, at=at)
        imported.state = ImportState.CONFIRMED
        imported.left_out = imported.bad
        imported.confirmed_by = by
        imported.confirmed_at = at
        imported.save()
        _record("import.confirmed", imported, by=by, at=at)
    return receipt_of(imported)


def _write(imported: Import, kind: Kind, target: Any, *, by: Any, at: dt.datetime) -> None:
    if not imported.to_write:
        return
    rows, staged_as = _load_rows(imported)
    context = prepare(kind, target, rows, by)
    moved = 0
    for row in rows:
        state, errors = settle(kind, row, context)
        row.changed = state == RowState.CHANGED
        moved += bool(errors) or state != staged_as[row.line]
    if moved:
        raise ImportRefused("stale", rows=moved)
    rows = [row for row in rows if staged_as[row.line] in WRITTEN]
    before = [_snapshot(kind, row) for row in rows]
    uuids = kind.apply(target=target, rows=rows, by=by, at=at, context=context)
    if len(uuids) != len(rows):
        raise RuntimeError(f"import {kind.key}: {len(rows)} rows, but {len(uuids)} were written")
    WrittenRow.objects.bulk_create(
        (
            WrittenRow(
                of=imported, line=row.line, object_uuid=uuid, created=not row.changed, before=old
            )
            for row, uuid, old in zip(rows, uuids, before, strict=True)
        ),
        batch_size=_BATCH,
    )


def _snapshot(kind: Kind, row: Row) -> Any:
    if not row.changed or kind.snapshot is None:
        return None
    return {key: to_json(value) for key, value in kind.snapshot(row.existing).items()}


def _load_rows(imported: Import) -> tuple[list[Row], dict[int, str]]:
    """The good staged rows and the state each had in the preview."""
    given = frozenset(heading["key"] for heading in imported.headings if heading["key"])
    good = imported.staged_rows.exclude(state__in=(*BAD, RowState.ABSENT)).order_by("line")
    rows = []
    staged_as = {}
    for line, state, cleaned in good.values_list("line", "state", "cleaned"):
        values = {key: from_json(value) for key, value in cleaned.items()}
        rows.append(Row(line=line, values=values, given=given))
        staged_as[line] = state
    return rows, staged_as


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
        _require(kind, by, target)
        if imported.state == ImportState.UNDONE:
            return imported
        if imported.state != ImportState.CONFIRMED:
            raise UndoRefused("not_confirmed")
        if kind.undo is None:
            raise UndoRefused("cannot_undo")
        created, changed = _written(imported)
        if changed and imported.erased_at:
            raise UndoRefused("cannot_undo")
        kind.undo(target=target, created=created, changed=changed, by=by, at=at)
        imported.state = ImportState.UNDONE
        imported.undone_at = at
        imported.save()
        _record("import.undone", imported, by=by, at=at)
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
    _require(kind, by, target_of(imported, kind))
    with transaction.atomic():
        _lock(imported, ImportState.STAGING, ImportState.STAGED, ImportState.REFUSED)
        imported.staged_rows.all().delete()
        imported.state = ImportState.CANCELLED
        imported.erased_at = at
        imported.save()
        _record("import.cancelled", imported, by=by, at=at)
    storage.forget(imported.uuid)
    return imported


def import_file(
    *,
    kind: str,
    path: Path | str,
    target: Any,
    by: Any,
    at: dt.datetime,
    leave_out_errors: bool = False,
    dry_run: bool = False,
) -> Receipt:
    """Upload, stage and confirm a file on disk in one call, by the steps of the pages.

    With `dry_run` the receipt says what would happen and nothing is kept.

    Raises
    ------
    FileRefused
        When the file cannot be read as such a table.
    RowsRefused
        When rows have errors and are not to be left out; its `receipt` names them.
    """
    path = Path(path)
    with path.open("rb") as file:
        imported = upload_file(
            kind=get_kind(kind),
            target=target,
            name=path.name,
            content=iter(lambda: file.read(1 << 20), b""),
            by=by,
            at=at,
        )
    stage_import(imported=imported, by=by, at=at)
    if imported.refusal:
        refusal = imported.refusal
        raise FileRefused(refusal["code"], refusal["message"], **refusal["params"])
    receipt = receipt_of(imported)
    if dry_run or (imported.bad and not leave_out_errors):
        cancel_import(imported=imported, by=by, at=at)
        if dry_run:
            return receipt
        raise RowsRefused(receipt)
    return confirm_import(imported=imported, by=by, at=at, leave_out_errors=leave_out_errors)


def receipt_of(imported: Import) -> Receipt:
    """What an import found and wrote, in the active language."""
    written = imported.written_rows.order_by("line").values_list("object_uuid", flat=True)
    return make_receipt(
        imported,
        get_kind(imported.kind),
        language=get_language() or "en",
        written=list(written),
    )


def target_of(imported: Import, kind: Kind) -> Any:
    """What an import goes into.

    Raises
    ------
    ImportRefused
        When it no longer exists.
    """
    model = kind.target_model()
    if model is None:
        return None
    found = model._default_manager.filter(uuid=imported.target_uuid).first()
    if found is None:
        raise ImportRefused("unknown_target", target=imported.target_title)
    return found


def _lock(imported: Import, *allowed: ImportState) -> None:
    """Hold the import's row and make sure that it is still in one of the states."""
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=imported.pk)
    if state not in allowed:
        raise ImportRefused("not_ready")


def _record(event: str, imported: Import, *, by: Any, at: dt.datetime) -> None:
    counts: Sequence[str] = ("rows", "new", "changed", "same", "errors", "duplicates", "left_out")
    journal.record(
        event=event,
        by=by,
        at=at,
        on=imported,
        details={
            "kind": imported.kind,
            "target": str(imported.target_uuid or ""),
            "file": imported.file_digest,
            **{name: getattr(imported, name) for name in counts},
        },
    )
