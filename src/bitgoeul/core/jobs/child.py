"""One job in a forked child: limits, a pipe for news, and a parent that can kill it.

The child does the slow part and commits its own end and effects under the fence. Whatever else
can happen to it (an exception, a crash, the kernel's killer) its parent sees and writes down.
"""

import contextlib
import json
import os
import resource
import select
import signal
import sys
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn

from django.db import connections
from django.utils.functional import Promise

from . import queue, running
from .definitions import LeaseTask
from .processes import die_with_parent

_CHUNK = 65_536


@dataclass(slots=True)
class Child:
    """The parent's side: a process, the news from it, and how it ended."""

    pid: int
    pipe: int
    progress: tuple[int, int, str] | None = None
    ending: running.Ending | None = None
    status: int | None = None
    _buffer: bytes = field(default=b"", repr=False)

    def fileno(self) -> int:
        """The pipe, so that a Child can be waited for."""
        return self.pipe

    def collect(self) -> bool:
        """Read the news without waiting; True once the process is gone and everything is read."""
        open_end = True
        while open_end and select.select([self.pipe], [], [], 0)[0]:
            news = os.read(self.pipe, _CHUNK)
            open_end = bool(news)
            self._buffer += news
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._take(json.loads(line))
        if self.status is None:
            # At the end of the pipe the process is ending too, so waiting for it is short; a
            # grandchild that inherited the pipe keeps it open, hence the look without waiting.
            pid, status = os.waitpid(self.pid, 0 if not open_end else os.WNOHANG)
            self.status = status if pid else None
        return self.status is not None

    def kill(self) -> None:
        """Kill the process and whatever it started in its group, and wait for it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.status is None:
            # The child makes its group itself; before it has, only its own number reaches it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        if self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]
        self.collect()

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self.pipe)

    def _take(self, news: dict[str, object]) -> None:
        if "kind" in news:
            self.ending = running.Ending(**news)  # type: ignore[arg-type]  # our own asdict
        else:
            self.progress = (int(str(news["done"])), int(str(news["total"])), str(news["note"]))


def start(claimed: queue.Claim, task: LeaseTask[..., object] | None) -> Child:
    """Fork a child that runs the job."""
    # SQLite's locks and PostgreSQL's sockets must not be shared through a fork: close, not copy.
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _live(claimed, task, writing=writing, parent=parent)
    os.close(writing)
    return Child(pid=pid, pipe=reading)


def _live(
    claimed: queue.Claim, task: LeaseTask[..., object] | None, *, writing: int, parent: int
) -> NoReturn:
    code = 1
    try:
        _settle(parent)
        if task is not None:
            _limit(task)
        ending = running.run(claimed, PipeProgress(writing))
        _send(writing, asdict(ending))
        code = 0
    except BaseException:  # noqa: BLE001 -- the parent writes down what the exit code says
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _settle(parent: int) -> None:
    # A group of its own, so that the parent reaches grandchildren and a terminal's Ctrl-C
    # reaches only the parent, which then decides.
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent(parent)


def _limit(task: LeaseTask[..., object]) -> None:
    cpus = os.cpu_count() or 1
    _lower(resource.RLIMIT_CORE, 0)
    # Wall time is the parent's; this one holds even if the parent cannot look.
    _lower(resource.RLIMIT_CPU, task.timeout * cpus + 5)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + task.memory_mb * 1024 * 1024)


def _lower(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value))


def _send(pipe: int, news: dict[str, object]) -> None:
    rest = json.dumps(news).encode() + b"\n"
    os.set_blocking(pipe, True)
    while rest:
        rest = rest[os.write(pipe, rest) :]


class PipeProgress:
    """Progress by way of the parent: no database write inside the task's own transaction."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def step(self, done: int, total: int = 0, note: "str | Promise" = "") -> None:
        """Tell the parent; when it is too busy to listen, this news is dropped."""
        news = {"done": int(done), "total": int(total), "note": str(note)[:200]}
        line = json.dumps(news).encode() + b"\n"
        os.set_blocking(self._pipe, False)
        try:
            # Shorter than PIPE_BUF, so it goes through whole or not at all.
            os.write(self._pipe, line)
        except BlockingIOError:
            return
