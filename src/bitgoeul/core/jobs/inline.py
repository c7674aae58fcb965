"""Run ready jobs in this process: for tests, and for bulk work that watches them anyway."""

import contextlib
import time
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.utils.functional import Promise

from bitgoeul.core import clock

from . import queue, running
from .definitions import Cancelled


class DirectProgress:
    """Writes progress straight into the job, at most twice a second, and notices a cancellation."""

    def __init__(self, claimed: queue.Claim) -> None:
        self._claimed = claimed
        self._next = 0.0

    def step(self, done: int, total: int = 0, note: "str | Promise" = "") -> None:
        """Store how far the job is.

        Raises
        ------
        Cancelled
            When somebody asked to stop the job.
        """
        if done < total and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.5
        if queue.beat(self._claimed, progress=(done, total, str(note))).cancel_requested:
            raise Cancelled


def run_pending(*, at: datetime | None = None, limit: int | None = None) -> int:
    """Run due jobs here until none is left (or `limit` ran); returns how many runs that were.

    With `at`, tasks see that moment as the present. Retries do not wait for their delay.
    """
    ran = 0
    with clock.freeze(at) if at else contextlib.nullcontext():
        while limit is None or ran < limit:
            claimed = queue.claim(worker="inline", at=clock.now(), ignore_backoff=True)
            if claimed is None:
                break
            _run_here(claimed)
            ran += 1
    return ran


def _run_here(claimed: queue.Claim) -> None:
    # Inside somebody's transaction (a test, a bulk import) a failing statement would spoil it
    # all on PostgreSQL; a savepoint confines the damage to this job.
    guard = transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()
    ending = running.Ending("lost")
    with contextlib.suppress(_UndoError), guard:
        ending = running.run(claimed, DirectProgress(claimed))
        if ending.kind != "done":
            raise _UndoError
    if ending.kind == "database":
        raise OperationalError(ending.error)
    running.record(claimed, ending)


class _UndoError(Exception):
    """Rolls the savepoint back."""
