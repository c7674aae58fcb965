"""The lease queue itself: claim, heartbeat, sweep, and the fenced ends of a job.

Every change after the claim names the fence it was claimed with. A worker that lost its lease
therefore changes nothing, however late it wakes up (Lamport's fencing token).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from .definitions import Commit
from .enums import State
from .models import Job
from .registry import Wanted

DEFAULT_LEASE_SECONDS = 30.0
RETRY_DELAYS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))

# The database's own clock, in the shape in which each backend stores and compares moments.
_NOW = {
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')",
    "postgresql": "STATEMENT_TIMESTAMP()",
}
_LATER = {
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', %s || ' seconds')",
    "postgresql": "STATEMENT_TIMESTAMP() + MAKE_INTERVAL(secs => %s)",
}
_SKIP = {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}

_CLAIM = """
UPDATE jobs_job
SET state = 'running', fence = fence + 1, attempts = attempts + 1, worker = %s,
    lease_until = {later}, retry_at = NULL, started_at = COALESCE(started_at, %s), reason = '',
    error = '', error_class = '', finished_at = NULL
WHERE id = (
    SELECT id FROM jobs_job
    WHERE state = 'ready' AND (run_after IS NULL OR run_after <= %s) {backoff} {tasks}
    ORDER BY priority DESC, id LIMIT 1 {skip}
)
RETURNING id
"""


class LeaseLostError(Exception):
    """The job is no longer held under this fence: swept, cancelled or finished by another."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One job, held under one fence."""

    id: int
    uuid: UUID
    task: str
    args: dict[str, Any]
    fence: int
    language: str
    request_number: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a heartbeat learned."""

    held: bool
    cancel_requested: bool


def lease_seconds() -> float:
    """How long a claim lasts without a heartbeat."""
    return float(getattr(settings, "BITGOEUL_JOBS_LEASE_SECONDS", DEFAULT_LEASE_SECONDS))


def due(
    *, at: datetime, ignore_backoff: bool = False, wanted: Wanted | None = None
) -> QuerySet[Job]:
    """Jobs that could be claimed at `at`, by a worker that wants these tasks."""
    ready = Job.objects.filter(Q(run_after=None) | Q(run_after__lte=at), state=State.READY)
    if wanted is not None:
        named = Q(task__in=wanted.tasks)
        ready = ready.filter(~named if wanted.others else named)
    if ignore_backoff:
        return ready
    return ready.filter(Q(retry_at=None) | Q(retry_at__lte=Now()))


def claim(
    *, worker: str, at: datetime, ignore_backoff: bool = False, wanted: Wanted | None = None
) -> Claim | None:
    """Take the most urgent due job, or None; no two workers ever take the same one."""
    # Looking first keeps an idle worker from taking the write lock several times a second.
    if not due(at=at, ignore_backoff=ignore_backoff, wanted=wanted).exists():
        return None
    vendor = connection.vendor
    now_sql = _NOW[vendor]
    sql = _CLAIM.format(
        later=_LATER[vendor],
        skip=_SKIP[vendor],
        backoff="" if ignore_backoff else f"AND (retry_at IS NULL OR retry_at <= {now_sql})",
        tasks=_tasks_sql(wanted),
    )
    named = wanted.tasks if wanted is not None else ()
    moment = connection.ops.adapt_datetimefield_value(at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, [worker[:100], lease_seconds(), moment, moment, *named])
            row = cursor.fetchone()
        if row is None:
            return None
        job = Job.objects.get(pk=row[0])
    return Claim(job.pk, job.uuid, job.task, job.args, job.fence, job.language, job.request_number)


def _tasks_sql(wanted: Wanted | None) -> str:
    if wanted is None:
        return ""
    if not wanted.tasks:
        return "" if wanted.others else "AND 1 = 0"
    places = ", ".join(["%s"] * len(wanted.tasks))
    return f"AND task {'NOT IN' if wanted.others else 'IN'} ({places})"


def held(claimed: Claim) -> QuerySet[Job]:
    """The job, if it is still held under this fence: the filter of every later change."""
    return Job.objects.filter(pk=claimed.id, fence=claimed.fence, state=State.RUNNING)


def beat(claimed: Claim, *, progress: tuple[int, int, str] | None = None) -> Beat:
    """Renew the lease, store how far the job is, and see whether somebody wants it stopped."""
    changes: dict[str, Any] = {"lease_until": Now() + timedelta(seconds=lease_seconds())}
    if progress is not None:
        done, total, note = progress
        changes |= {"progress_done": done, "progress_total": total, "progress_note": note[:200]}
    if not held(claimed).update(**changes):
        return Beat(held=False, cancel_requested=False)
    asked = Job.objects.filter(pk=claimed.id).values_list("cancel_requested", flat=True).get()
    return Beat(held=True, cancel_requested=asked)


def finish(claimed: Claim, outcome: Any, *, at: datetime) -> None:
    """End the job as done and apply its effects, both or neither.

    Raises
    ------
    LeaseLostError
        When the job is not held any more or somebody asked to stop it; nothing was changed.
    """
    with transaction.atomic():
        # The fenced row is taken first: a sweep or a cancellation waits or has already won.
        if (
            not held(claimed)
            .filter(cancel_requested=False)
            .update(
                state=State.DONE,
                lease_until=None,
                finished_at=at,
                reason="",
                error="",
                error_class="",
            )
        ):
            raise LeaseLostError(f"job {claimed.uuid} is not held under fence {claimed.fence}")
        result = outcome.apply() if isinstance(outcome, Commit) else outcome
        if result is not None:
            Job.objects.filter(pk=claimed.id).update(result=result)
        Job.objects.filter(pk=claimed.id, progress_total__gt=0).update(
            progress_done=F("progress_total")
        )


def refuse(claimed: Claim, reason: str, *, at: datetime, error: str = "", kind: str = "") -> bool:
    """End the job as failed, for good; False when it is not held any more."""
    return bool(
        held(claimed).update(
            state=State.FAILED,
            lease_until=None,
            finished_at=at,
            reason=_clean(reason),
            error=_clean(error),
            error_class=kind[:200],
        )
    )


def retry(
    claimed: Claim, reason: str, *, retries: int, at: datetime, error: str = "", kind: str = ""
) -> bool:
    """Give the job another chance later, or end it as failed after `retries` of them."""
    with transaction.atomic():
        job = held(claimed).select_for_update().first()
        if job is None:
            return False
        if job.failures >= retries:
            return refuse(claimed, reason, at=at, error=error, kind=kind)
        delay = RETRY_DELAYS[min(job.failures, len(RETRY_DELAYS) - 1)]
        return bool(
            held(claimed).update(
                state=State.READY,
                lease_until=None,
                retry_at=Now() + delay,
                failures=F("failures") + 1,
                reason=_clean(reason),
                error=_clean(error),
                error_class=kind[:200],
            )
        )


def note_database_error(claimed: Claim, *, error: str, kind: str) -> None:
    """Keep what a job met when its database failed it; the job stays with its lease."""
    held(claimed).update(error=_clean(error), error_class=kind[:200])


def release(claimed: Claim) -> bool:
    """Hand the job back unharmed: the worker is asked to stop. Not an interruption."""
    return bool(held(claimed).update(state=State.READY, lease_until=None))


def end_cancelled(claimed: Claim, *, at: datetime) -> bool:
    """End a job that somebody asked to stop."""
    return _cancel(held(claimed), language=claimed.language, at=at)


def interrupt(claimed: Claim, reason: str, *, at: datetime) -> bool:
    """Note that the job's process died; ready again, or dead after too many times."""
    return _interrupt(held(claimed), reason, at=at)


def sweep(*, at: datetime) -> int:
    """Take back the jobs of workers that stopped beating; returns how many."""
    _clamp_moments()
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    swept = 0
    for pk, fence, language, noted in expired.values_list("pk", "fence", "language", "error_class"):
        with translation.override(language or None):
            if noted:
                reason = _("The database was not available while this task ran.")
            else:
                reason = _("The worker that held this task stopped answering.")
        swept += _interrupt(expired.filter(pk=pk, fence=fence), reason, at=at)
    return swept


def _clamp_moments() -> None:
    # A lease further away than any worker may take comes from a clock that was set back since;
    # without this a job whose worker died would wait for hours.
    longest = timedelta(seconds=lease_seconds())
    ahead = Job.objects.filter(state=State.RUNNING, lease_until__gt=Now() + 2 * longest)
    if ahead.exists():
        ahead.update(lease_until=Now() + longest)
    # The same for a second try that was planned by such a clock.
    late = Job.objects.filter(state=State.READY, retry_at__gt=Now() + 2 * RETRY_DELAYS[-1])
    if late.exists():
        late.update(retry_at=Now() + RETRY_DELAYS[-1])


def _interrupt(rows: QuerySet[Job], reason: str, *, at: datetime) -> bool:
    with transaction.atomic():
        job = rows.select_for_update().first()
        if job is None:
            return False
        if job.cancel_requested:
            return _cancel(rows, language=job.language, at=at)
        count = job.interruptions + 1
        if count < job.max_interruptions:
            changes: dict[str, Any] = {"state": State.READY, "reason": _clean(reason)}
        else:
            with translation.override(job.language or None):
                text = _("Interrupted %(count)s times, so it is not tried again. %(reason)s") % {
                    "count": count,
                    "reason": reason,
                }
            changes = {"state": State.DEAD, "reason": _clean(text), "finished_at": at}
        return bool(rows.update(lease_until=None, interruptions=count, **changes))


def _cancel(rows: QuerySet[Job], *, language: str, at: datetime) -> bool:
    with translation.override(language or None):
        reason = _("Stopped on request.")
    return bool(rows.update(state=State.CANCELLED, lease_until=None, finished_at=at, reason=reason))


def _clean(text: str) -> str:
    # PostgreSQL stores no NUL, and an error message may quote one.
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:20_000]


def cancel_ready(rows: QuerySet[Job], *, language: str, at: datetime) -> bool:
    """End waiting jobs at once: nobody holds them."""
    return _cancel(rows.filter(state=State.READY), language=language, at=at)
