"""The worker: claims jobs, runs each in a child, renews leases, sweeps, starts what is due.

One thread and `select`: a process with threads cannot be forked safely.
"""

import gc
import logging
import os
import select
import signal
import socket
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.utils import InterfaceError, OperationalError
from django.urls import get_resolver, set_urlconf
from django.utils import translation
from django.utils.translation import gettext as _

from bitgoeul.core import clock

from . import queue, registry, running, schedules
from .child import Child, start
from .definitions import DEFAULT_TIMEOUT_SECONDS, LeaseTask

logger = logging.getLogger("bitgoeul.jobs")

DATABASE_ERRORS = (OperationalError, InterfaceError)
LONGEST_BACKOFF_SECONDS = 5.0


@dataclass(slots=True, eq=False)
class Run:
    """One job under way."""

    claimed: queue.Claim
    child: Child
    timeout: float
    memory_mb: int
    deadline: float
    next_beat: float
    stored: tuple[int, int, str] | None = None
    next_progress: float = 0.0
    losing: bool = False


@dataclass(kw_only=True)
class Worker:
    """Works until it is told to stop, or with `burst` until nothing is left to do."""

    capacity: int = 1
    poll_seconds: float = 0.5
    grace_seconds: float = 20.0
    burst: bool = False
    queues: tuple[str, ...] = ()
    """Whose work it takes; without a name all of it."""
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
    )
    _runs: list[Run] = field(default_factory=list)
    _stop_by: float | None = None
    _next_look: float = 0.0
    _next_sweep: float = 0.0
    _backoff: float = 0.1
    _slots: dict[str, datetime] = field(default_factory=dict)
    _wake: tuple[int, int] | None = None
    _wanted: registry.Wanted | None = None

    def stop(self) -> None:
        """Take nothing new; what runs may finish within the grace time, then it is handed back."""
        if self._stop_by is None:
            self._stop_by = time.monotonic() + self.grace_seconds

    def run(self) -> int:
        """Work; returns the exit code."""
        self._prepare()
        try:
            while not self._is_over():
                self._guarded_turn()
        finally:
            for run in list(self._runs):
                self._hand_back(run)
            connections.close_all()
        return 0

    def _prepare(self) -> None:
        for config in connections.settings.values():
            # A pool keeps threads, and threads do not survive the fork of a child.
            config["OPTIONS"].pop("pool", None)
        registry.discover()
        self._wanted = registry.wanted(self.queues) if self.queues else None
        # A letter names addresses: without this every child would load all pages for one link.
        if pages := getattr(settings, "BITGOEUL_WORKER_URLCONF", None):
            set_urlconf(pages)
            get_resolver(pages).url_patterns  # noqa: B018 -- reading it loads them
        # What is loaded now stays shared with the children instead of being copied by the
        # collector's marks.
        gc.collect()
        gc.freeze()
        self._wake = os.pipe()
        for end in self._wake:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: self.stop())

    def _is_over(self) -> bool:
        if self._stop_by is None:
            return False
        return not self._runs or time.monotonic() > self._stop_by

    def _guarded_turn(self) -> None:
        try:
            self._turn()
            self._backoff = 0.1
        except DATABASE_ERRORS as error:
            # The database is away or restarting: the worker outlives it, leases cover the jobs.
            logger.warning("database not available, trying again: %s", type(error).__name__)
            _drop_connections()
            self._pause(self._backoff)
            self._backoff = min(self._backoff * 2, LONGEST_BACKOFF_SECONDS)

    def _turn(self) -> None:
        now = time.monotonic()
        if now >= self._next_sweep:
            self._next_sweep = now + queue.lease_seconds() / 3
            close_old_connections()
            queue.sweep(at=clock.now())
        if self._stop_by is None and now >= self._next_look:
            schedules.enqueue_due(seen=self._slots)
            while len(self._runs) < self.capacity and self._take_one():
                pass
            if len(self._runs) < self.capacity:
                self._next_look = time.monotonic() + self.poll_seconds
                if self.burst and not self._runs:
                    self.stop()
        self._pause(self._patience())
        for run in list(self._runs):
            self._attend(run)

    def _take_one(self) -> bool:
        claimed = queue.claim(worker=self.name, at=clock.now(), wanted=self._wanted)
        if claimed is None:
            return False
        task = _known(claimed)
        now = time.monotonic()
        timeout = float(task.timeout if task else DEFAULT_TIMEOUT_SECONDS)
        self._runs.append(
            Run(
                claimed=claimed,
                child=start(claimed, task),
                timeout=timeout,
                memory_mb=task.memory_mb if task else 0,
                deadline=now + timeout,
                next_beat=now + queue.lease_seconds() / 3,
                next_progress=now + 0.5,
            )
        )
        return True

    def _patience(self) -> float:
        now = time.monotonic()
        moments = [run.next_beat for run in self._runs] + [run.deadline for run in self._runs]
        if self._stop_by is None and len(self._runs) < self.capacity:
            moments.append(self._next_look)
        moments.append(now + self.poll_seconds)
        return max(0.0, min(moments) - now)

    def _pause(self, seconds: float) -> None:
        waiting: list[Any] = [run.child for run in self._runs]
        if self._wake is not None:
            waiting.append(self._wake[0])
        ready, _writable, _errors = select.select(waiting, [], [], seconds)
        if self._wake is not None and self._wake[0] in ready:
            os.read(self._wake[0], 512)

    def _attend(self, run: Run) -> None:
        now = time.monotonic()
        if run.child.collect():
            self._end(run)
        elif now > run.deadline:
            self._kill(run)
            queue.refuse(run.claimed, _too_long(run), at=clock.now())
        else:
            self._beat(run, now)

    def _beat(self, run: Run, now: float) -> None:
        news = run.child.progress if run.child.progress != run.stored else None
        if now < run.next_beat and (news is None or now < run.next_progress):
            return
        # Set first: a database that does not answer is asked again soon, not at once.
        run.next_beat, run.next_progress = now + 1.0, now + 1.0
        beat = queue.beat(run.claimed, progress=news)
        run.next_beat = now + queue.lease_seconds() / 3
        run.stored = news or run.stored
        if not beat.held and not run.losing:
            # Perhaps it has just committed its end and is about to exit: one more look.
            run.losing, run.next_beat = True, now + 1.0
        elif not beat.held:
            self._kill(run)
            logger.warning("job %s: the lease was lost", run.claimed.uuid)
        elif beat.cancel_requested:
            self._kill(run)
            queue.end_cancelled(run.claimed, at=clock.now())

    def _end(self, run: Run) -> None:
        self._forget(run)
        ending = run.child.ending
        if ending is not None:
            self._log(run, ending)
            running.record(run.claimed, ending)
            return
        status = run.child.status or 0
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            queue.refuse(run.claimed, _too_long(run), at=clock.now())
            return
        queue.interrupt(run.claimed, _crashed(run, status), at=clock.now())

    def _kill(self, run: Run) -> None:
        run.child.kill()
        self._forget(run)

    def _hand_back(self, run: Run) -> None:
        self._kill(run)
        try:
            queue.release(run.claimed)
        except DATABASE_ERRORS:
            logger.warning("job %s: not handed back, its lease will end", run.claimed.uuid)

    def _forget(self, run: Run) -> None:
        self._runs.remove(run)
        run.child.close()
        self._next_look = 0.0

    def _log(self, run: Run, ending: running.Ending) -> None:
        more = {
            "number": run.claimed.request_number,
            "job": str(run.claimed.uuid),
            "task": run.claimed.task,
            "outcome": ending.kind,
        }
        level = logging.ERROR if ending.kind in {"error", "database"} else logging.INFO
        logger.log(
            level,
            "job %s %s: %s %s",
            run.claimed.uuid,
            run.claimed.task,
            ending.kind,
            ending.error_class,
            extra=more,
        )


def _known(claimed: queue.Claim) -> LeaseTask[..., object] | None:
    try:
        return registry.resolve(claimed.task)
    except registry.UnknownTaskError:
        return None


def _drop_connections() -> None:
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except DATABASE_ERRORS:
            connection.connection = None


def _too_long(run: Run) -> str:
    with translation.override(run.claimed.language or None):
        return _("The task took longer than its limit of %(seconds)s seconds.") % {
            "seconds": int(run.timeout)
        }


def _crashed(run: Run, status: int) -> str:
    with translation.override(run.claimed.language or None):
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return _("The process was killed from outside; the machine may lack memory.")
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            return _("The process crashed (%(signal)s).") % {"signal": name}
        return _("The process ended without saying why.")
