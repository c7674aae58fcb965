"""What every step of an import shares: permission, target, lock, journal, receipt."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language

from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.errors import ImportRefused
from bitgoeul.core.imports.kinds import Kind, get_kind
from bitgoeul.core.imports.models import Import
from bitgoeul.core.imports.receipts import Receipt, make_receipt
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job

#: Rows written to the database in one statement.
BATCH = 1_000
_COLLECT_UP_TO = 2_000


def require(kind: Kind, by: Any, target: Any) -> None:
    """Refuse a person who may not import this here."""
    # Without a person, the machine's own administrator acts from the command line.
    if by is not None and not kind.can(by, target):
        raise PermissionDenied


@contextmanager
def refusals_said() -> Iterator[None]:
    """What a room's service refuses is a refusal of the import, with the service's reason."""
    try:
        yield
    except Refused as refusal:
        raise ImportRefused("room", "%(why)s", why=str(refusal)) from refusal


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


def lock(imported: Import, *allowed: ImportState) -> None:
    """Hold the import's row and make sure that it is still in one of the states."""
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=imported.pk)
    if state not in allowed:
        raise ImportRefused("not_ready")


def record_step(event: str, imported: Import, *, by: Any, at: dt.datetime) -> None:
    """Write a step of an import into the journal: counts and digests, nothing personal."""
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


def receipt_of(imported: Import) -> Receipt:
    """What an import found and wrote, in the active language."""
    written = imported.written_rows.order_by("line").values_list("object_uuid", flat=True)
    return make_receipt(
        imported,
        get_kind(imported.kind),
        language=get_language() or "en",
        written=list(written),
    )


def uuid_text(by: Any) -> str | None:
    """A person as an argument of a job."""
    return str(by.uuid) if by is not None else None


def dedupe_key(imported: Import) -> str:
    """One job at a time reads or writes an import."""
    return f"import:{imported.uuid}"


def job_is_live(imported: Import) -> bool:
    """Whether a job is reading or writing this import right now."""
    if imported.job_uuid is None:
        return False
    return Job.objects.filter(uuid=imported.job_uuid, state__in=LIVE).exists()


@contextmanager
def no_collecting(rows: int) -> Iterator[None]:
    """Keep the collector of cycles away while a long file is in memory.

    Its rows hold no cycles, and looking through all of them again and again was a third of the
    time; every object is freed by its count as always.
    """
    if rows <= _COLLECT_UP_TO or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
