"""Background work of imports: read a long file, write it, erase what is no longer needed."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bitgoeul.core import clock, jobs

from . import erasure, news, services
from .enums import ImportState
from .errors import ImportRefused
from .models import Import


def _person(uuid: str | None) -> Any:
    return get_user_model()._default_manager.get(uuid=UUID(uuid)) if uuid else None


@jobs.task(title=_("Reading the file"), timeout=300, memory_mb=2048)
def stage_file(
    import_uuid: str, by_uuid: str | None, progress: jobs.Progress | None = None
) -> jobs.Commit:
    """Read a long file; its rows are staged together with the end of the job."""
    imported = Import.objects.get(uuid=UUID(import_uuid))
    by = _person(by_uuid)
    try:
        examined = services.examine_file(imported=imported, by=by, progress=progress)
    except ImportRefused as refusal:
        raise jobs.Refused(str(refusal)) from None

    def effect() -> dict[str, Any]:
        kept = services.keep_staging(imported=imported, examined=examined, by=by, at=clock.now())
        news.tell("imports.read", kept, person=by, at=clock.now())
        return {"state": str(kept.state), "rows": kept.rows}

    return jobs.Commit(effect)


@jobs.task(title=_("Writing the rows"), timeout=600, memory_mb=2048)
def confirm_rows(import_uuid: str, by_uuid: str | None, leave_out_errors: bool) -> jobs.Commit:
    """Write the staged rows of a long file, exactly once."""
    imported = Import.objects.get(uuid=UUID(import_uuid))
    by = _person(by_uuid)

    def effect() -> dict[str, Any]:
        try:
            with transaction.atomic():
                receipt = services.confirm_import(
                    imported=imported, by=by, at=clock.now(), leave_out_errors=leave_out_errors
                )
        except ImportRefused as refusal:
            services.return_to_preview(imported=imported, refusal=refusal, by=by, at=clock.now())
            news.tell("imports.not_written", imported, person=by, at=clock.now())
            return {"state": str(ImportState.STAGED), "refused": refusal.code}
        news.tell("imports.written", imported, person=by, at=clock.now())
        return {"state": receipt.state, "rows": len(receipt.written)}

    return jobs.Commit(effect)


@jobs.task(title=_("Erasing old import files"), timeout=300)
def erase_old_imports() -> jobs.Commit:
    """Erase the personal data of imports that ended some time ago."""
    return jobs.Commit(lambda: {"erased": erasure.erase_imports(at=clock.now())})


@jobs.task(title=_("Settling imports that nobody works on"), timeout=120)
def settle_imports() -> jobs.Commit:
    """Give every import whose reading or writing has died an end and a reason."""
    return jobs.Commit(lambda: {"settled": services.settle_imports(at=clock.now())})


jobs.schedule("imports.settle", settle_imports, every=dt.timedelta(minutes=1))
jobs.schedule("imports.erase", erase_old_imports, every=dt.timedelta(days=1))
