"""Ask for background work, and ask to stop it."""

import inspect
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation

from bitgoeul.core import clock
from bitgoeul.core.watch import numbers

from . import queue
from .definitions import LeaseTask
from .enums import FINAL, LIVE, State
from .models import Job

DAY = timedelta(days=1)
KEPT = timedelta(days=90)


class Person(Protocol):
    """Whoever asks: anything with a uuid."""

    uuid: UUID


def enqueue(
    task: LeaseTask[..., Any],
    *,
    by: Person | None = None,
    dedupe: str | None = None,
    at: datetime | None = None,
    run_after: datetime | None = None,
    priority: int | None = None,
    **kwargs: Any,
) -> Job:
    """Insert a job; inside a transaction it exists only if that commits.

    While a job with the same `dedupe` waits or runs, that one is returned instead.

    Raises
    ------
    TypeError
        When the arguments do not fit the task or are not plain JSON values.
    """
    return insert(
        task,
        args=kwargs,
        owner=getattr(by, "uuid", None),
        dedupe=dedupe,
        at=at,
        run_after=run_after,
        priority=priority,
    )


def insert(
    task: LeaseTask[..., Any],
    *,
    args: dict[str, Any],
    owner: UUID | None = None,
    dedupe: str | None = None,
    at: datetime | None = None,
    run_after: datetime | None = None,
    priority: int | None = None,
) -> Job:
    """Insert a job whose arguments come as one mapping; see `enqueue`."""
    if not isinstance(task, LeaseTask):
        raise TypeError(f"{task!r} is not declared by @jobs.task()")
    job = Job(
        task=task.module_path,
        args=checked_args(task, args),
        owner_uuid=owner,
        language=(translation.get_language() or "")[:10],
        request_number=numbers.current(),
        dedupe=dedupe,
        run_after=run_after or task.run_after,
        priority=task.priority if priority is None else priority,
        created_at=at or clock.now(),
    )
    if dedupe is None:
        job.save(force_insert=True)
        return job
    return _insert_unless_live(job)


def enqueue_many(
    task: LeaseTask[..., Any], asked: Mapping[str, dict[str, Any]], *, at: datetime
) -> int:
    """Insert one job per key and arguments, in one statement; every key must be new."""
    language = (translation.get_language() or "")[:10]
    rows = [
        Job(
            task=task.module_path,
            args=checked_args(task, args),
            language=language,
            request_number=numbers.current(),
            dedupe=dedupe,
            priority=task.priority,
            created_at=at,
        )
        for dedupe, args in asked.items()
    ]
    return len(Job.objects.bulk_create(rows, batch_size=300))


def cancel(job: Job, *, at: datetime) -> bool:
    """Stop a waiting job at once and ask a running one to stop; False when it has ended.

    A running job is either done before this is seen, with all its effects, or cancelled with
    none of its `Commit`.
    """
    rows = Job.objects.filter(pk=job.pk)
    with transaction.atomic():
        stopped = queue.cancel_ready(rows, language=job.language, at=at) or bool(
            rows.filter(state=State.RUNNING).update(cancel_requested=True)
        )
    job.refresh_from_db()
    return stopped


def checked_args(task: LeaseTask[..., Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments if the task takes them and JSON keeps them exactly."""
    parameters = [
        parameter
        for parameter in inspect.signature(task.func).parameters.values()
        if parameter.name != "progress"
    ]
    if task.takes_context:
        parameters = parameters[1:]
    inspect.Signature(parameters).bind(**kwargs)
    text = json.dumps(kwargs, allow_nan=False)
    if json.loads(text) != kwargs or "\\u0000" in text:
        raise TypeError(f"{task.module_path}: arguments must be plain JSON values, not {kwargs!r}")
    return kwargs


def _insert_unless_live(job: Job) -> Job:
    live = Job.objects.filter(dedupe=job.dedupe, state__in=LIVE)
    while True:
        if found := live.first():
            return found
        try:
            with transaction.atomic():
                job.save(force_insert=True)
                return job
        except IntegrityError:
            # Somebody inserted it between the look and the insert; it may even have ended.
            if not Job.objects.filter(dedupe=job.dedupe).exists():
                raise
            job.pk = None


def forget_finished(*, at: datetime) -> int:
    """Delete jobs that ended long ago: what people asked for stays longer than what was due."""
    ended = Job.objects.filter(state__in=FINAL)
    due = ended.filter(dedupe__startswith="schedule:", state=State.DONE, finished_at__lt=at - DAY)
    asked = ended.filter(finished_at__lt=at - KEPT)
    return due.delete()[0] + asked.delete()[0]
