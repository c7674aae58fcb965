"""Give every import an end that a person can see, also when what worked on it has died."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.errors import ImportRefused
from bitgoeul.core.imports.models import Import
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job

from .steps import record_step
from .writing import return_to_preview

#: A short file is read by the page itself, which takes seconds; later nobody is reading any more.
PATIENCE = dt.timedelta(minutes=1)
AT_ONCE = 1_000
_ON_ITS_WAY = (ImportState.STAGING, ImportState.CONFIRMING)
_NOT_READ = gettext_lazy("Reading the file was interrupted. %(why)s")
_NOT_WRITTEN = gettext_lazy("Nothing was written. %(why)s")


def settle_imports(*, at: dt.datetime) -> int:
    """End what is being read or written by nobody; returns how many imports.

    A job that was interrupted too often or failed, or a web process that was killed between
    taking a file and reading it, leaves an import on its way for ever. Reading ends as refused
    (it can be read again), writing goes back to the preview; both say why.
    """
    waiting = Import.objects.filter(state__in=_ON_ITS_WAY).filter(
        Q(job_uuid__isnull=False) | Q(uploaded_at__lt=at - PATIENCE)
    )
    rows = list(waiting[:AT_ONCE])
    jobs = {job.uuid: job for job in Job.objects.filter(uuid__in=[row.job_uuid for row in rows])}
    settled = 0
    for row in rows:
        job = jobs.get(row.job_uuid) if row.job_uuid else None
        if job is None or job.state not in LIVE:
            settled += _settle(row, job, at=at)
    return settled


def _settle(row: Import, job: Job | None, *, at: dt.datetime) -> int:
    why = job.reason if job and job.reason else _("The machine stopped in the middle of it.")
    with transaction.atomic():
        fresh = Import.objects.select_for_update().get(pk=row.pk)
        # Read or written meanwhile, or asked for anew: then this is none of our business.
        if (fresh.state, fresh.job_uuid) != (row.state, row.job_uuid):
            return 0
        if fresh.state == ImportState.CONFIRMING:
            refusal = ImportRefused("interrupted", _NOT_WRITTEN, why=why)
            return_to_preview(imported=fresh, refusal=refusal, by=None, at=at)
            return 1
        fresh.state = ImportState.REFUSED
        fresh.refusal = ImportRefused("interrupted", _NOT_READ, why=why).stored()
        fresh.save()
        record_step("import.interrupted", fresh, by=None, at=at)
    return 1
