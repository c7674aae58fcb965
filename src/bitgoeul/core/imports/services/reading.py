"""Upload a file, read it, stage its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from bitgoeul.core import jobs, uploads
from bitgoeul.core.db.inserting import insert_rows
from bitgoeul.core.imports import readers, storage
from bitgoeul.core.imports.enums import BAD, UNWRITTEN, ImportState, RowState
from bitgoeul.core.imports.errors import FileRefused, ImportRefused
from bitgoeul.core.imports.kinds import Kind, get_kind
from bitgoeul.core.imports.models import Import, StagedRow
from bitgoeul.core.imports.staging import Staged, Staging, understand
from bitgoeul.core.imports.tables import Table
from bitgoeul.core.imports.values import as_text, to_json

from .steps import (
    BATCH,
    dedupe_key,
    job_is_live,
    lock,
    no_collecting,
    record_step,
    require,
    target_of,
    uuid_text,
)

#: Longer files are read by a job that shows its progress.
INLINE_BYTES = 150_000


def upload_file(
    *, kind: Kind, target: Any, name: str, content: Iterable[bytes], by: Any, at: dt.datetime
) -> Import:
    """Keep an uploaded file and open its import.

    Raises
    ------
    PermissionDenied
        When the person may not import this here.
    FileRefused
        When its name promises something else than a table, or it is too long.
    """
    require(kind, by, target)
    uploads.check_name(name, storage.DOOR)
    imported = Import(
        kind=kind.key,
        target_uuid=getattr(target, "uuid", None),
        target_title=str(target)[:200] if target is not None else "",
        file_name=uploads.safe_name(name),
        uploaded_by=by,
        uploaded_at=at,
    )
    imported.file_size, imported.file_digest = storage.keep(imported.uuid, content)
    try:
        with transaction.atomic():
            imported.save()
            record_step("import.uploaded", imported, by=by, at=at)
    except BaseException:
        storage.forget(imported.uuid)
        raise
    return imported


@dataclass(frozen=True)
class Examined:
    """What reading a kept file gave: a table with its rows understood, or why not."""

    table: Table | None = None
    staging: Staging | None = None
    refusal: FileRefused | None = None


def examine_file(*, imported: Import, by: Any, progress: jobs.Progress | None = None) -> Examined:
    """Read and understand the kept file; writes nothing.

    Raises
    ------
    ImportRefused
        `file_gone` when the file is no longer kept.
    """
    kind = get_kind(imported.kind)
    target = target_of(imported, kind)
    require(kind, by, target)
    if not storage.path_of(imported.uuid).exists():
        raise ImportRefused("file_gone")
    try:
        table = readers.read_table(storage.path_of(imported.uuid), kind, name=imported.file_name)
    except FileRefused as refusal:
        return Examined(refusal=refusal)
    with no_collecting(len(table.rows)):
        staging = understand(kind, table, target=target, by=by, progress=progress)
    return Examined(table=table, staging=staging)


def keep_staging(*, imported: Import, examined: Examined, by: Any, at: dt.datetime) -> Import:
    """Stage what was read; a file that cannot be read leaves the import `refused`."""
    with transaction.atomic():
        lock(imported, *UNWRITTEN)
        imported.staged_rows.all().delete()
        imported.refusal = None
        if examined.table is None or examined.staging is None:
            refusal = examined.refusal or FileRefused("damaged")
            imported.state = ImportState.REFUSED
            imported.refusal = refusal.stored()
            event = "import.refused"
        else:
            imported.state = ImportState.STAGED
            _describe(imported, examined.table, examined.staging)
            _save_rows(imported, get_kind(imported.kind), examined.staging)
            event = "import.staged"
        imported.save()
        record_step(event, imported, by=by, at=at)
    if examined.refusal or (examined.staging and examined.staging.resident_found):
        # The rows are masked; the file is not, so it goes at once.
        storage.forget(imported.uuid)
    return imported


def stage_import(*, imported: Import, by: Any, at: dt.datetime) -> Import:
    """Read the kept file and stage its rows.

    May be called again while nothing is written: it then starts afresh, against today's data.
    """
    examined = examine_file(imported=imported, by=by)
    return keep_staging(imported=imported, examined=examined, by=by, at=at)


def request_staging(*, imported: Import, by: Any, at: dt.datetime) -> Import:
    """Read a short file at once and leave a long one to a job."""
    from bitgoeul.core.imports import tasks

    if job_is_live(imported):
        return imported
    if imported.file_size <= INLINE_BYTES:
        return stage_import(imported=imported, by=by, at=at)
    with transaction.atomic():
        lock(imported, *UNWRITTEN)
        imported.state = ImportState.STAGING
        job = jobs.enqueue(
            tasks.stage_file,
            by=by,
            at=at,
            dedupe=dedupe_key(imported),
            import_uuid=str(imported.uuid),
            by_uuid=uuid_text(by),
        )
        imported.job_uuid = job.uuid
        imported.save()
        record_step("import.reading_requested", imported, by=by, at=at)
    return imported


def _describe(imported: Import, table: Table, staging: Staging) -> None:
    imported.encoding = table.encoding
    imported.sheet = table.sheet[:100] if table.sheets > 1 else ""
    imported.heading_line = table.line
    imported.headings = [
        {"letter": h.letter, "text": h.text[:200], "key": h.key} for h in table.headings
    ]
    imported.ignored = [{"line": line, "text": text} for line, text in table.ignored]
    imported.rows = len(staging.rows)
    imported.new = staging.count(RowState.NEW)
    imported.changed = staging.count(RowState.CHANGED)
    imported.same = staging.count(RowState.SAME)
    imported.errors = staging.count(RowState.ERROR)
    imported.duplicates = staging.count(RowState.DUPLICATE)
    imported.absent = staging.absent_count


def _save_rows(imported: Import, kind: Kind, staging: Staging) -> None:
    # What the file does not give is the kind's default, now and when the rows are written.
    given = {heading["key"] for heading in imported.headings if heading["key"]}
    keys = tuple(column.key for column in kind.columns if column.key in given)
    names = ("of", "line", "state", "raw", "cleaned", "errors")
    for start in range(0, len(staging.rows), BATCH):
        insert_rows(
            StagedRow,
            names,
            [
                (
                    imported.pk,
                    staged.line,
                    staged.state.value,
                    as_text(staged.raw),
                    as_text(_cleaned(staged, keys)),
                    as_text(staged.errors) if staged.errors else "[]",
                )
                for staged in staging.rows[start : start + BATCH]
            ],
        )
    absent = (
        StagedRow(of=imported, line=0, state=RowState.ABSENT, raw=[text]) for text in staging.absent
    )
    StagedRow.objects.bulk_create(absent, batch_size=BATCH)


def _cleaned(staged: Staged, keys: Sequence[str]) -> dict[str, Any]:
    if staged.state in BAD:
        return {}
    values = staged.row.values_by_key
    return {key: to_json(values[key]) for key in keys}
