"""The warmed parent, seen from outside: started, spoken to, ended."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import importlib.util
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import limiting, tiers
from .inside import wire
from .request import Outcome, State, Task, Tier, Usage

MODULES = (
    "numpy", "pandas", "sklearn", "sklearn.linear_model", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.ensemble", "matplotlib.pyplot",
    "pandas.plotting._matplotlib", "IPython",
)  # fmt: skip
START_SECONDS = 120.0
GRACE_SECONDS = 5.0
REPORT_BYTES = 64 * 2**20
RUNS, COMPLAINTS = "runs-", ".complaints"


class Unavailable(RuntimeError):
    """No walls of this tier here; the text says why, in the system's own words."""

    reason = "no_sandbox"


class RequestTooLarge(Unavailable):
    """What is to be run is larger than a run may be; another parent would not help."""

    reason = "request_too_large"


class ParentGone(Unavailable):
    """The walls stood, but what runs behind them ended before it took the task."""

    reason = "parent_gone"


def packed(task: Task) -> bytes:
    """What the parent is told.

    Raises
    ------
    RequestTooLarge
    """
    given = [task.files, *([] if task.app is None else [task.app])]
    least = sum(len(content) for files in given for content in files.values())
    if least <= wire.REQUEST_BYTES:
        files, *app = (
            {name: base64.b64encode(data).decode() for name, data in one.items()} for one in given
        )
        message = {
            "program": task.program,
            "facts": dict(task.facts),
            "files": files,
            "app": app[0] if app else None,
            "limits": task.limits.as_dict(),
        }
        content = wire.pack(message)
        least = len(content) - wire.HEAD.size
        if least <= wire.REQUEST_BYTES:
            return content
    raise RequestTooLarge(f"{least} bytes, at most {wire.REQUEST_BYTES}")


@dataclass(eq=False)
class Run:
    """A run under way: something to talk to, and an end to wait for."""

    task: Task
    tier: Tier
    connection: socket.socket
    talk: socket.socket
    _outcome: Outcome | None = field(default=None, repr=False)

    def ask(self, message: Any, *, seconds: float) -> Any:
        """Say something and wait for the answer.

        Raises
        ------
        TimeoutError, wire.Closed, wire.TooLarge, wire.Malformed
        """
        self.talk.settimeout(seconds)
        wire.send(self.talk, message)
        return wire.receive(self.talk, at_most=self._at_most())

    def hear(self, *, seconds: float) -> Any:
        """Wait for something that the code says by itself."""
        self.talk.settimeout(seconds)
        return wire.receive(self.talk, at_most=self._at_most())

    def say(self, message: Any, *, seconds: float = GRACE_SECONDS) -> None:
        """Say something and wait for nothing."""
        self.talk.settimeout(seconds)
        wire.send(self.talk, message)

    @property
    def under_way(self) -> bool:
        """Whether nobody has waited for its end yet."""
        return self._outcome is None

    def _at_most(self) -> int:
        return self.task.limits.value_bytes * 2

    def end(self, *, value: Any = None) -> Outcome:
        """No more questions: wait for the code to end by itself, at most its own time."""
        with contextlib.suppress(OSError):
            self.talk.shutdown(socket.SHUT_WR)
        return self._finish(self.task.limits.wall_seconds + GRACE_SECONDS, value)

    def kill(self) -> Outcome:
        """End it now."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
        return self._finish(GRACE_SECONDS, None)

    def _finish(self, seconds: float, value: Any) -> Outcome:
        if self._outcome is None:
            self.connection.settimeout(seconds)
            try:
                report = wire.receive(self.connection, at_most=REPORT_BYTES)
            except (OSError, ValueError) as error:
                report = {"state": "platform", "detail": f"no report: {error!r}"[:500]}
            self.talk.close()
            self.connection.close()
            self._outcome = _outcome(report, self.tier, value)
        return self._outcome


@dataclass(frozen=True, slots=True)
class Warmth:
    """What a warmed parent is started with.

    Parameters
    ----------
    modules : tuple of str
        What it imports once; what is not installed is left out.
    memory_mb, processes : int
        The control group's limits for all its runs together, where there is one.
    idle_seconds : float
        It ends by itself after so long without a run.
    most_runs : int
        It takes no more after so many, and ends when those under way have: a parent forks often,
        and its memory is renewed now and then.
    """

    modules: tuple[str, ...] = MODULES
    memory_mb: int = 4096
    processes: int = 512
    idle_seconds: float = 300.0
    most_runs: int = 5_000


class WarmParent:
    """A process that has imported what submitted code wants, behind the outer walls of a tier.

    `start` makes one; `attach` finds one that another process of this account has started in
    the same folder.  Only the process that started it may close it.
    """

    def __init__(self, tier: Tier, folder: Path) -> None:
        self.tier = tier
        self.folder = folder
        self._owner = 0
        self._temporary = False
        self._group: limiting.Group | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._runs: weakref.WeakSet[Run] = weakref.WeakSet()
        self._lock = threading.Lock()

    @classmethod
    def start(
        cls, tier: Tier, *, warmth: Warmth | None = None, folder: Path | None = None
    ) -> WarmParent:
        """Start one, in a folder of its own or in the given one.

        Raises
        ------
        Unavailable
        """
        warmth = warmth or Warmth()
        made = folder or Path(tempfile.mkdtemp(prefix="bitgoeul-runner-"))
        parent = cls(tier, made)
        parent._owner = os.getpid()
        parent._temporary = folder is None
        try:
            parent._group = limiting.make(memory_mb=warmth.memory_mb, processes=warmth.processes)
            parent._launch(warmth)
        except BaseException:
            parent.close()
            raise
        return parent

    @classmethod
    def attach(cls, folder: Path) -> WarmParent | None:
        """The one that already serves in this folder, if there is one."""
        try:
            parent = cls(Tier((folder / "tier").read_text()), folder)
            parent._connect().close()
        except (OSError, ValueError):
            return None
        return parent

    @property
    def grouped(self) -> bool:
        """Whether a control group holds all its runs together."""
        return self._group is not None

    @property
    def busy(self) -> bool:
        """Whether a run that was begun here is under way; one that nobody holds is none."""
        with self._lock:
            return any(run.under_way for run in self._runs)

    @property
    def pid(self) -> int:
        """The process that was started here; 0 when another process started it."""
        return self._process.pid if self._process else 0

    def _launch(self, warmth: Warmth) -> None:
        _compile_once(warmth.modules)
        runs = self._make_runs()
        reading, writing = os.pipe()
        with (
            socket.socket(socket.AF_UNIX) as listener,
            self._complaints(runs).open("wb") as complaints,
            os.fdopen(reading, "rb", buffering=0) as ready,
        ):
            # Held by the parent and its attendants too, as long as they live.
            fcntl.flock(complaints, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                self._listen(listener)
                doors = tiers.Doors(listener.fileno(), writing, runs, not self._temporary)
                self._process = subprocess.Popen(  # noqa: S603 -- our own words
                    tiers.command(
                        self.tier,
                        doors,
                        modules=warmth.modules,
                        idle_seconds=warmth.idle_seconds,
                        most_runs=warmth.most_runs,
                    ),
                    env=tiers.VARIABLES,
                    stdin=subprocess.DEVNULL,
                    stdout=complaints,
                    stderr=complaints,
                    pass_fds=(listener.fileno(), writing),
                    start_new_session=True,
                )
                if self._group:
                    self._group.take(self._process.pid)
            except OSError as error:
                raise Unavailable(str(error)) from error
            finally:
                os.close(writing)
            self._wait_until_ready(ready.fileno(), runs)
        (self.folder / "tier").write_text(self.tier.value)

    def _make_runs(self) -> Path:
        """A folder for the runs of this parent alone: one before it may still be draining."""
        _sweep(self.folder)
        runs = Path(tempfile.mkdtemp(prefix=RUNS, dir=self.folder))
        if os.geteuid() == 0:
            # The folder above stays closed to everybody else but may be passed through.
            self.folder.chmod(0o711)
            os.chown(runs, tiers.ACCOUNT, tiers.ACCOUNT)
        return runs

    def _listen(self, listener: socket.socket) -> None:
        with self._address() as address:
            Path(address).unlink(missing_ok=True)
            listener.bind(address)
            Path(address).chmod(0o600)
        listener.listen(64)

    @contextlib.contextmanager
    def _address(self) -> Iterator[str]:
        """The socket's path, short however deep the folder lies (a path may have 107 letters)."""
        folder = os.open(self.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{folder}/door"
        finally:
            os.close(folder)

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(GRACE_SECONDS)
        try:
            with self._address() as address:
                connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection

    def _complaints(self, runs: Path) -> Path:
        return self.folder / f"{runs.name}{COMPLAINTS}"

    def _wait_until_ready(self, reading: int, runs: Path) -> None:
        ready, _, _ = select.select([reading], [], [], START_SECONDS)
        if ready and os.read(reading, 5) == b"ready":
            return
        said = self._complaints(runs).read_text("utf-8", "replace")
        raise Unavailable(last_line(said) or "the warmed parent did not start")

    def begin(self, task: Task) -> Run:
        """Start a run.

        Raises
        ------
        Unavailable
            When the parent is gone, or the task too large.
        """
        content = packed(task)
        ours, theirs = socket.socketpair()
        try:
            connection = self._connect()
            wire.send_packed(connection, content, door=theirs.fileno())
            connection.settimeout(START_SECONDS)
            # A parent that is just dying still takes connections; its attendants do not answer.
            wire.receive(connection, at_most=100)
        except (OSError, ValueError) as error:
            ours.close()
            raise ParentGone(f"the warmed parent is gone: {error}") from error
        finally:
            theirs.close()
        run = Run(task, self.tier, connection, ours)
        with self._lock:
            self._runs.add(run)
        return run

    def close(self) -> None:
        """End it and everything below it, if this process started it."""
        if self._owner != os.getpid():
            return
        if self._process is not None and self._process.poll() is None:
            # Behind bubblewrap the first process inside has a session of its own, and the end of
            # bubblewrap itself would not be its end.
            below = _children(self._process.pid)
            for pid in (*below, self._process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            _await_the_end(below)
        if self._group:
            self._group.remove()
        for _ in range(50 if self._temporary else 0):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                break
            time.sleep(0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _sweep(folder: Path) -> None:
    """Take away what parents that are gone have left; one that still drains keeps its runs."""
    for complaints in folder.glob(f"{RUNS}*{COMPLAINTS}"):
        with contextlib.suppress(OSError), complaints.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder / complaints.name.removesuffix(COMPLAINTS), ignore_errors=True)
            complaints.unlink(missing_ok=True)


def _compile_once(modules: tuple[str, ...]) -> None:
    """Let Python keep what it compiled of these packages, where nobody has let it yet.

    The parent lives on a read-only system: what is not compiled before, it would compile at each
    of its starts, for seconds.  An installation that cannot be written to stays as it is.
    """
    names = sorted({name.partition(".")[0] for name in modules})
    for name in names:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        kept = Path(spec.origin).parent / "__pycache__"
        if not kept.is_dir() and os.access(kept.parent, os.W_OK):
            break
    else:
        return
    without = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    env = {key: value for key, value in os.environ.items() if key not in without}
    lines = "\n".join(f"try: import {name}\nexcept ImportError: pass" for name in modules)
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603 -- imports of installed packages
            [sys.executable, "-I", "-c", lines],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=START_SECONDS,
            check=False,
        )


def _await_the_end(pids: list[int]) -> None:
    """Killed is not yet gone: a dying parent still takes connections."""
    for _ in range(200):
        if not any(_lives(pid) for pid in pids):
            return
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    """Whether a process still holds anything: one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"}


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _outcome(report: dict[str, Any], tier: Tier, value: Any) -> Outcome:
    state = State(report["state"])
    detail = str(report.get("detail", ""))
    stderr = str(report.get("stderr", ""))
    if state is State.ERROR:
        detail = last_line(stderr) or detail
    return Outcome(
        state=state,
        reason="" if state is State.DONE else _reason(state, detail),
        detail=detail if state is not State.DONE else "",
        value=value,
        stdout=str(report.get("stdout", "")),
        stderr=stderr,
        truncated=bool(report.get("truncated")),
        usage=Usage(
            wall_seconds=float(report.get("wall_seconds", 0.0)),
            cpu_seconds=float(report.get("cpu_seconds", 0.0)),
            memory_mb=int(report.get("memory_mb", 0)),
        ),
        tier=tier,
    )


def _reason(state: State, detail: str) -> str:
    if state is State.OUTPUT and detail == "disk":
        return "disk"
    return state.value


def last_line(text: str) -> str:
    """The last line that says anything: of a traceback, what was raised."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""
