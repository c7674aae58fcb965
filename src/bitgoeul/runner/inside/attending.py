"""One run: raise the inner walls, fork the code, watch it, end it, and say how it ended.

The attendant is our own code.  It knows only what the code may know, too: hidden inputs and
expected answers go to the product's side of the conversation and are never in this memory.
"""

from __future__ import annotations

import base64
import contextlib
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from . import programs, walls, wire

# Mounted for one run.
HOME, SCRATCH, SHARED_MEMORY, APP = "/home/u", "/tmp", "/dev/shm", "/app"  # noqa: S108
TALK = 3
EXIT_ERROR, EXIT_MEMORY, EXIT_WALLS = 1, 77, 78
FLOOD = 32
"""How many times more than is kept may be written before a run is ended for it."""
FEW = 4
LOOK_MS = 50


@dataclass
class Prepared:
    """Walls that stand already, with a process behind them that waits for its orders."""

    pid: int
    orders: socket.socket
    pipes: tuple[int, int]
    faults: int
    folder: str


def attend(listener: socket.socket, settings: dict[str, Any], taken: int) -> NoReturn:
    """Put up walls, wait for a run, live for that one run.

    All that costs time is done before anybody asks: the forks and the namespaces.
    """
    code = 1
    connection: socket.socket | None = None
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        problem, prepared = "", None
        try:
            prepared = _prepare(settings)
        except OSError as error:
            problem = repr(error)  # told to whoever asks for a run
        walls.die_with_parent()
        connection, _address = listener.accept()
        listener.close()
        os.write(taken, struct.pack("!I", os.getpid()))
        request, talk = wire.receive_with_door(connection, at_most=wire.REQUEST_BYTES)
        wire.send(connection, {"begun": True})
        if prepared is None:
            raise OSError(problem)
        wire.send(connection, _run(request, talk, connection, prepared, settings))
        code = 0
    except (OSError, ValueError, KeyError) as error:
        if connection is not None:
            with contextlib.suppress(OSError):
                wire.send(connection, {"state": "platform", "detail": str(error)[:500]})
    finally:
        os._exit(code)


def _prepare(settings: dict[str, Any]) -> Prepared:
    namespaces = settings["tier"] == "bubblewrap"
    folder = HOME if namespaces else tempfile.mkdtemp(prefix="run-", dir=settings["folder"])
    out, err, faults = os.pipe(), os.pipe(), os.pipe()
    ours, theirs = socket.socketpair()
    walls.reap_orphans()
    # The code mounts a /proc of its own over this one, in the namespace that we share with it;
    # whoever stands in the old one still sees everybody.
    os.chdir("/proc")
    if namespaces:
        walls.enter_namespaces()
    pid = os.fork()
    if pid == 0:
        ours.close()
        for number, source in ((1, out[1]), (2, err[1])):
            os.dup2(source, number)
        os.close(faults[0])
        _inhabit(theirs, folder, faults[1], settings)
    theirs.close()
    for end in (out[1], err[1], faults[1]):
        os.close(end)
    return Prepared(pid, ours, (out[0], err[0]), faults[0], folder)


def _run(
    request: dict[str, Any],
    talk: int | None,
    connection: socket.socket,
    prepared: Prepared,
    settings: dict[str, Any],
) -> dict[str, Any]:
    namespaces = settings["tier"] == "bubblewrap"
    processes = int(request["limits"]["processes"]) + (1 if namespaces else _own_tasks())
    try:
        wire.send(prepared.orders, {**request, "processes": processes}, door=talk)
        prepared.orders.close()
        if talk is not None:
            os.close(talk)
        folder = None if namespaces else prepared.folder
        watch = Watch(prepared.pid, prepared.pipes, connection, request["limits"], folder)
        report = watch.until_the_end()
        fault = os.read(prepared.faults, 500)
        if fault:
            return {"state": "platform", "detail": fault.decode("utf-8", "replace")}
        return report
    finally:
        if not namespaces:
            shutil.rmtree(prepared.folder, ignore_errors=True)


def _own_tasks() -> int:
    """Tasks of this account: without namespaces the limit on processes counts all of them."""
    own, count = os.getuid(), 0
    for entry in Path().iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == own:
                    count += sum(1 for _ in (entry / "task").iterdir())
    return count


def _inhabit(orders: socket.socket, folder: str, faults: int, settings: dict[str, Any]) -> NoReturn:
    """Inside: wait for orders, put up the remaining walls, then be the program."""
    try:
        os.setsid()
        walls.die_with_parent()
        request, talk = wire.receive_with_door(orders, at_most=wire.REQUEST_BYTES)
        _settle(talk, faults)
        _furnish(request, folder, settings)
        walls.limit(request["limits"], processes=int(request["processes"]))
        _close_off(folder, settings)
    except wire.Closed:
        os._exit(0)  # nobody asked for a run
    except BaseException as error:  # noqa: BLE001 -- whatever it was, the code does not start
        with contextlib.suppress(OSError):
            os.write(TALK + 1, repr(error)[:400].encode())
        os._exit(EXIT_WALLS)
    os.close(TALK + 1)
    _be(request)


def _settle(talk: int | None, faults: int) -> None:
    """Standard input is empty, 3 is the conversation, 4 the way to report a wall that fell."""
    high = [os.dup(faults), os.dup(talk) if talk is not None else os.open("/dev/null", os.O_RDWR)]
    for number, source in ((TALK + 1, high[0]), (TALK, high[1])):
        # Out of the way first: one of them may itself be number 3 or 4.
        safe = 200 + number
        os.dup2(source, safe)
        os.dup2(safe, number)
    empty = os.open("/dev/null", os.O_RDONLY)
    os.dup2(empty, 0)
    os.closerange(TALK + 2, 1024)


def _furnish(request: dict[str, Any], folder: str, settings: dict[str, Any]) -> None:
    app = Path(folder) / "app"
    if settings["tier"] == "bubblewrap":
        places = [HOME, SCRATCH, SHARED_MEMORY]
        if request["app"] is not None:
            places.append(APP)
            app = Path(APP)
        walls.own_places(places, megabytes=int(request["limits"]["disk_mb"]))
    else:
        scratch = Path(folder) / ".tmp"
        scratch.mkdir()
        os.environ["TMPDIR"] = str(scratch)
        tempfile.tempdir = None
    os.environ["HOME"] = folder
    os.chdir(folder)
    _lay_out(request["files"], Path(folder))
    if request["app"] is not None:
        _lay_out(request["app"], app)
        request["facts"]["app"] = str(app)


def _lay_out(files: dict[str, str], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))


def _close_off(folder: str, settings: dict[str, Any]) -> None:
    keep_reading = bool(settings["keep_reading"])
    if settings["tier"] == "bubblewrap":
        walls.give_up_privileges()
        walls.filter_calls(walls.read_filter("namespaces"))
        return
    kind = "landlock" if walls.landlock_version() >= 6 else "landlock-signals"
    content = walls.read_filter(kind)
    walls.give_up_privileges(keep_reading=keep_reading)
    walls.restrict(
        readable=settings["readable"],
        writable=[folder],
        devices=["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"],
    )
    walls.filter_calls(content)
    for name in ("copymode", "copystat"):
        # The filter knows no modes, and a copy is one without them, too.
        setattr(shutil, name, _copy_nothing)


def _copy_nothing(*_args: Any, **_named: Any) -> None:
    """In place of what `shutil.copy` does after it has copied the content."""


def _be(request: dict[str, Any]) -> NoReturn:
    code = EXIT_ERROR
    try:
        programs.run(request["program"], request["facts"], talk=TALK, limits=request["limits"])
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else EXIT_ERROR * bool(leaving.code)
    except MemoryError:
        code = EXIT_MEMORY
    except BaseException:  # noqa: BLE001 -- submitted code may raise anything
        with contextlib.suppress(BaseException):
            programs.tell_traceback()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
        os._exit(code & 255)


@dataclass
class Watch:
    """The attendant's eyes: clock, output, memory, folder, and the product at the other end."""

    pid: int
    pipes: tuple[int, int]
    connection: socket.socket
    limits: dict[str, Any]
    folder: str | None
    kept: dict[int, bytearray] = field(default_factory=dict)
    written: int = 0
    verdict: str = ""
    begun: float = field(default_factory=time.monotonic)
    peak_kb: int = 0

    def until_the_end(self) -> dict[str, Any]:
        """Wait for the end of the code, or make one."""
        end = os.pidfd_open(self.pid)
        deadline = self.begun + float(self.limits["wall_seconds"])
        self.kept = {pipe: bytearray() for pipe in self.pipes}
        poll = select.poll()
        for door in (*self.pipes, self.connection.fileno(), end):
            poll.register(door, select.POLLIN | select.POLLHUP)
        baseline = _anonymous_kb(os.getpid())
        look = time.monotonic() + LOOK_MS / 1000
        while not self.verdict:
            events = [door for door, _ in poll.poll(LOOK_MS)]
            self._take(events, poll)
            if end in events:
                break
            if self.connection.fileno() in events:
                self.verdict = "abandoned"
            elif time.monotonic() > deadline:
                self.verdict = "time"
            elif time.monotonic() >= look:
                # By the clock, not when nothing happens: who writes without end is looked at, too.
                self._look_around(baseline)
                look = time.monotonic() + LOOK_MS / 1000
        if self.verdict:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        _pid, status, used = os.wait4(self.pid, 0)
        wall = time.monotonic() - self.begun
        _end_descendants()
        self._drain()
        return self._report(status, used, wall)

    def _take(self, events: list[int], poll: select.poll) -> None:
        for pipe in self.pipes:
            if pipe in events and not self._read(pipe):
                poll.unregister(pipe)

    def _read(self, pipe: int) -> bool:
        part = os.read(pipe, 1 << 16)
        cap = int(self.limits["output_bytes"])
        self.written += len(part)
        room = cap - len(self.kept[pipe])
        if room > 0:
            self.kept[pipe] += part[:room]
        if self.written > cap * FLOOD:
            self.verdict = "output"
        return bool(part)

    def _drain(self) -> None:
        for pipe in self.pipes:
            os.set_blocking(pipe, False)
            with contextlib.suppress(BlockingIOError):
                while self._read(pipe) and self.verdict != "output":
                    continue

    def _look_around(self, baseline: int) -> None:
        everybody = _descendants(os.getpid())
        if len(everybody) > FEW:
            memory = sum(_proportional_kb(pid) for pid in everybody)
        else:
            memory = sum(max(0, _anonymous_kb(pid) - baseline) for pid in everybody)
        self.peak_kb = max(self.peak_kb, memory)
        if memory > int(self.limits["memory_mb"]) * 1024:
            self.verdict = "memory"
        elif self.folder and _too_much(self.folder, int(self.limits["disk_mb"])):
            self.verdict = "disk"

    def _report(self, status: int, used: resource.struct_rusage, wall: float) -> dict[str, Any]:
        code = os.waitstatus_to_exitcode(status)
        if self.verdict == "abandoned" and code != -signal.SIGKILL:
            self.verdict = ""  # it had ended by itself: its end of the talk closes a little earlier
        cap = int(self.limits["output_bytes"])
        out, err = (bytes(self.kept[pipe]) for pipe in self.pipes)
        cpu = used.ru_utime + used.ru_stime
        return {
            "state": self._state(code, cpu),
            "detail": self.verdict or (f"signal {-code}" if code < 0 else f"exit {code}"),
            "stdout": out.decode("utf-8", "replace"),
            "stderr": err.decode("utf-8", "replace"),
            "truncated": self.written > len(out) + len(err) or cap in (len(out), len(err)),
            "wall_seconds": wall,
            "cpu_seconds": cpu,
            "memory_mb": max(used.ru_maxrss, self.peak_kb) // 1024,
        }

    def _state(self, code: int, cpu: float) -> str:
        if self.verdict:
            return {"disk": "output", "abandoned": "time"}.get(self.verdict, self.verdict)
        if code < 0:
            if -code == signal.SIGXCPU or cpu >= float(self.limits["cpu_seconds"]) - 0.1:
                return "time"
            return "memory" if -code == signal.SIGKILL else "crashed"
        return {0: "done", EXIT_MEMORY: "memory"}.get(code, "error")


def _descendants(root: int) -> list[int]:
    """Everybody below, seen from the /proc that we stand in."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        for listing in Path(f"{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(word) for word in listing.read_text().split()]
                found += children
                waiting += children
    return found


def _end_descendants() -> None:
    """Where no namespace ends them with the first: stop everybody, kill everybody, reap."""
    for _ in range(1000):
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return
        time.sleep(0.002)


def _anonymous_kb(pid: int) -> int:
    """Memory that is no file's: its own, and what it shares with its family."""
    try:
        lines = Path(f"{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration, ValueError):
        return _anonymous_kb(pid)


def _too_much(folder: str, megabytes: int) -> bool:
    total = count = 0
    for where, _folders, names in os.walk(folder):
        count += len(names) + 1
        if count > walls.MOST_FILES:
            return True
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(Path(where) / name).st_blocks * 512
    return total > 2 * megabytes * 2**20
