"""Confirm an import: write its staged rows, all of them or none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from bitgoeul.core import jobs
from bitgoeul.core.db.inserting import insert_rows
from bitgoeul.core.imports.enums import BAD, WRITTEN, ImportState, RowState
from bitgoeul.core.imports.errors import ImportRefused
from bitgoeul.core.imports.kinds import Kind, Row, get_kind
from bitgoeul.core.imports.models import Import, WrittenRow
from bitgoeul.core.imports.receipts import Receipt
from bitgoeul.core.imports.staging import prepare, settle
from bitgoeul.core.imports.values import as_text, from_json, to_json

from .steps import (
    BATCH,
    dedupe_key,
    no_collecting,
    receipt_of,
    record_step,
    refusals_said,
    require,
    target_of,
    uuid_text,
)

#: More rows are written by a job.
INLINE_ROWS = 2_000


class RowsRefused(ImportRefused):
    """The file has rows with errors and nobody said to leave them out; nothing was written."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("rows_refused", errors=len({error.row for error in receipt.errors}))
        self.receipt = receipt


def confirm_import(
    *, imported: Import, by: Any, at: dt.datetime, leave_out_errors: bool = False
) -> Receipt:
    """Write the staged rows, all in one transaction; a second call returns the same receipt.

    Raises
    ------
    ImportRefused
        `rows_refused`, `stale` or `not_ready`; nothing is written then.
    """
    kind = get_kind(imported.kind)
    with transaction.atomic():
        imported.refresh_from_db(from_queryset=Import.objects.select_for_update())
        target = target_of(imported, kind)
        require(kind, by, target)
        if imported.state in {ImportState.CONFIRMED, ImportState.UNDONE}:
            return receipt_of(imported)
        if imported.state not in {ImportState.STAGED, ImportState.CONFIRMING}:
            raise ImportRefused("not_ready")
        if imported.bad and not leave_out_errors:
            raise RowsRefused(receipt_of(imported))
        with no_collecting(imported.to_write):
            _write(imported, kind, target, by=by, at=at)
        imported.state = ImportState.CONFIRMED
        imported.left_out = imported.bad
        imported.confirmed_by = by
        imported.confirmed_at = at
        imported.save()
        record_step("import.confirmed", imported, by=by, at=at)
    return receipt_of(imported)


def request_confirmation(
    *, imported: Import, by: Any, at: dt.datetime, leave_out_errors: bool = False
) -> Import:
    """Write a short file at once and leave a long one to a job.

    Raises
    ------
    ImportRefused
        As `confirm_import`; of a long file what the job finds is shown on the preview instead.
    """
    from bitgoeul.core.imports import tasks

    if imported.to_write <= INLINE_ROWS:
        confirm_import(imported=imported, by=by, at=at, leave_out_errors=leave_out_errors)
        return imported
    kind = get_kind(imported.kind)
    require(kind, by, target_of(imported, kind))
    with transaction.atomic():
        imported.refresh_from_db(from_queryset=Import.objects.select_for_update())
        if imported.state != ImportState.STAGED:
            return imported
        if imported.bad and not leave_out_errors:
            raise RowsRefused(receipt_of(imported))
        imported.state = ImportState.CONFIRMING
        imported.refusal = None
        job = jobs.enqueue(
            tasks.confirm_rows,
            by=by,
            at=at,
            dedupe=dedupe_key(imported),
            import_uuid=str(imported.uuid),
            by_uuid=uuid_text(by),
            leave_out_errors=leave_out_errors,
        )
        imported.job_uuid = job.uuid
        imported.save()
        record_step("import.writing_requested", imported, by=by, at=at)
    return imported


def return_to_preview(
    *, imported: Import, refusal: ImportRefused, by: Any, at: dt.datetime
) -> Import:
    """The job could not write the rows: show the preview again, and why."""
    with transaction.atomic():
        imported.refresh_from_db(from_queryset=Import.objects.select_for_update())
        if imported.state != ImportState.CONFIRMING:
            return imported
        imported.state = ImportState.STAGED
        imported.refusal = refusal.stored()
        imported.save()
        record_step("import.not_written", imported, by=by, at=at)
    return imported


def _write(imported: Import, kind: Kind, target: Any, *, by: Any, at: dt.datetime) -> None:
    if not imported.to_write:
        return
    rows, staged_as = _load_rows(imported, kind)
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
    with refusals_said():
        uuids = kind.apply(target=target, rows=rows, by=by, at=at, context=context)
    if len(uuids) != len(rows):
        raise RuntimeError(f"import {kind.key}: {len(rows)} rows, but {len(uuids)} were written")
    written = [
        (imported.pk, row.line, uuid, not row.changed, None if old is None else as_text(old))
        for row, uuid, old in zip(rows, uuids, before, strict=True)
    ]
    names = ("of", "line", "object_uuid", "created", "before")
    for start in range(0, len(written), BATCH):
        insert_rows(WrittenRow, names, written[start : start + BATCH])


def _snapshot(kind: Kind, row: Row) -> Any:
    if not row.changed or kind.snapshot is None:
        return None
    return {key: to_json(value) for key, value in kind.snapshot(row.existing).items()}


def _load_rows(imported: Import, kind: Kind) -> tuple[list[Row], dict[int, str]]:
    """The good staged rows and the state each had in the preview."""
    given = frozenset(heading["key"] for heading in imported.headings if heading["key"])
    defaults = {column.key: column.default for column in kind.columns}
    good = imported.staged_rows.exclude(state__in=(*BAD, RowState.ABSENT)).order_by("line")
    rows = []
    staged_as = {}
    for line, state, cleaned in good.values_list("line", "state", "cleaned").iterator(BATCH):
        values = defaults | {key: from_json(value) for key, value in cleaned.items()}
        rows.append(Row(line=line, values=values, given=given))
        staged_as[line] = state
    return rows, staged_as
