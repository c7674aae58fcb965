"""The warmed parent: it imports once what submitted code wants, and forks for every run.

It runs inside the outer walls, in one thread, and executes nothing that was submitted: for each
run it forks an attendant (`attending`), which raises the inner walls and forks the code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import time
from typing import Any

from . import attending, programs, shell, walls

READY = 2
"""How many attendants wait: the next two runs find their walls standing."""
NUMBER = struct.Struct("!I")


def main() -> None:
    """Prepare and serve until nobody wants anything, the listener is closed, or we are killed."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    listener = socket.socket(fileno=int(settings["listener"]))
    if os.geteuid() == 0:
        _leave_root(settings)
    if not settings["shared"]:
        walls.die_with_parent()
    if settings["tier"] == "landlock":
        tempfile.tempdir = settings["folder"]
    _warm(settings["modules"])
    # What is alive now stays alive: the collector need not touch (and so copy) its pages.
    gc.collect()
    gc.freeze()
    if settings["modules"]:
        walls.gather_memory()
    os.write(int(settings["ready"]), b"ready")
    os.close(int(settings["ready"]))
    serve(listener, settings)


def _leave_root(settings: dict[str, Any]) -> None:
    namespaces = settings["tier"] == "bubblewrap"
    if namespaces:
        walls.bare_proc()
    walls.become(int(settings["uid"]), keep_reading=bool(settings["keep_reading"]))


def _warm(modules: list[str]) -> None:
    # matplotlib looks through all fonts at its first import and keeps what it found there.
    os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="matplotlib-")
    for name in modules:
        # What is not installed is not there for the code, either; it will be told so.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    programs.load_all()
    if "IPython" in sys.modules:
        shell.prepare()
    programs.reseed()  # numpy loads its generators at their first use


def serve(listener: socket.socket, settings: dict[str, Any]) -> None:
    """Keep some attendants ready; each takes one run.  After enough of them, see the last off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    told, taken = os.pipe()
    waiting: set[int] = set()
    alive: set[int] = set()
    last = time.monotonic()
    left = int(settings["most_runs"])
    while alive - waiting or (
        (waiting or left) and time.monotonic() - last < settings["idle_seconds"]
    ):
        while left and len(waiting) < READY:
            pid = _fork(listener, settings, told, taken)
            waiting.add(pid)
            alive.add(pid)
            left -= 1
            if not left:
                # When the last attendant has its run, who comes finds nobody: another parent's.
                listener.close()
        if select.select([told], [], [], 0.2 if alive - waiting else 5.0)[0]:
            last = time.monotonic()
            news = os.read(told, 64 * NUMBER.size)
            waiting -= {number for (number,) in NUMBER.iter_unpack(news)}
        gone = _reap(alive)
        if gone & waiting:
            time.sleep(0.2)  # one that died before its run: not again and again at full speed
        waiting -= gone


def _fork(listener: socket.socket, settings: dict[str, Any], told: int, taken: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        os.close(told)
        attending.attend(listener, settings, taken)
    return pid


def _reap(alive: set[int]) -> set[int]:
    gone: set[int] = set()
    while alive:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        alive.discard(pid)
        gone.add(pid)
    return gone
