"""A contest's program: one command over the folders of `/app`, and what it leaves in one of them.

The command runs in a process of its own below this one, which only waits, gathers the folder of
results, and (for an ingestion program beside its scorer) passes on files of shared folders. What
comes back is believed no further than its form: all of it is the command's own doing.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import os
import re
import runpy
import select
import stat
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from . import programs, vintage, wire
from .programs import Conversation

EXIT_MEMORY, EXIT_NOT_FOUND = 77, 127
MOST_FILES = 2_000
LOOK_SECONDS = 0.05
INGESTED = "ingested_program"
PYTHON = re.compile(r"python(3(\.\d+)?)?$")
TEXTS = {".py", ".sh", ".r", ".jl", ".json", ".yaml", ".yml", ".toml", ".cfg", ".ini"}
PLACES = re.compile(rb"/app(?=/(?:program|input|input_data|output|ingested_program|shared|data)\b)")
KEPT = {"sys", "os", "builtins", "io", "codecs", "abc", "site", "encodings", "importlib", "inside"}


def run(facts: dict[str, Any], talk: Conversation) -> None:
    """Run ``facts['words']`` and say how it ended and what lies in ``facts['results']``."""
    root = Path(facts["app"])
    for name in facts["folders"]:
        (root / name).mkdir(parents=True, exist_ok=True)
    words = facts["words"]
    if root != Path("/app"):
        words = [re.sub(r"/app(?=/|$)", lambda _: str(root), word) for word in words]
        _move_places(root)
    sharing = Sharing(root, facts, talk)  # before the command writes its first file
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    pid = os.fork()
    if pid == 0:
        os.close(talk.fileno())
        _be(words, root)
    status = sharing.wait(pid)
    answer: dict[str, Any] = {"exit": os.waitstatus_to_exitcode(status)}
    answer |= _gathered(root / facts["results"], at_most=talk.value_bytes)
    talk.send(answer)


def _move_places(root: Path) -> None:
    """Where nothing can be mounted, programs that know their places by heart are told others."""
    for path in [*_files(root / "program"), *_files(root / INGESTED)]:
        if path.suffix.lower() in TEXTS and (content := path.read_bytes()).find(b"/app/") >= 0:
            path.write_bytes(PLACES.sub(os.fsencode(root), content))


def _be(words: list[str], root: Path) -> NoReturn:
    """Be the command: a Python script in this warmed process, else another program."""
    code: object = 1
    try:
        os.chdir(root / "program")
        os.environ["PATH"] = f"{sys.prefix}/bin:{os.environ.get('PATH', '')}"
        os.environ["PYTHONUNBUFFERED"] = "1"
        vintage.prepare()
        _start(words)
        code = 0
    except SystemExit as leaving:
        code = leaving.code
        if code is not None and not isinstance(code, int):
            sys.stderr.write(f"{code}\n")
    except MemoryError:
        programs.tell_traceback()
        code = EXIT_MEMORY
    except BaseException:  # noqa: BLE001 -- it may raise anything
        with contextlib.suppress(BaseException):
            programs.tell_traceback()
    finally:
        _leave(0 if code is None else code if isinstance(code, int) else 1)


def _leave(code: int) -> NoReturn:
    """As an interpreter ends: wait for threads, run what was left for the end, flush."""
    with contextlib.suppress(BaseException):
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    os._exit(code & 255)


def _start(words: list[str]) -> None:
    rest = words[1:]
    if PYTHON.match(Path(words[0]).name):
        while rest and rest[0] in {"-u", "-B", "-E", "-s"}:
            rest = rest[1:]
        if rest and rest[0] == "-m" and len(rest) > 1:
            sys.argv = rest[1:]
            _make_way(Path.cwd())
            runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
            return
        if rest and not rest[0].startswith("-"):
            sys.argv = rest
            _make_way(Path(rest[0]).resolve().parent)
            runpy.run_path(rest[0], run_name="__main__")
            return
    try:
        os.execvp(words[0], words)  # noqa: S606 -- behind the walls
    except FileNotFoundError:
        sys.stderr.write(f"{words[0]}: command not found\n")
        sys.exit(EXIT_NOT_FOUND)


def _make_way(folder: Path) -> None:
    """A script's neighbours come before what the warmed parent has imported under their names."""
    sys.path.insert(0, str(folder))
    ours = {path.name.removesuffix(".py") for path in folder.glob("*")}
    # What was handed in is looked for last: it hides nothing of Python's own.
    handed_in = {path.name.removesuffix(".py") for path in (folder.parent / INGESTED).glob("*")}
    hidden = (ours | (handed_in - sys.stdlib_module_names)) - KEPT
    for name in list(sys.modules):
        if name.partition(".")[0] in hidden:
            del sys.modules[name]


class Sharing:
    """Waits for the command; meanwhile files of some folders go out, and others come in."""

    def __init__(self, root: Path, facts: dict[str, Any], talk: Conversation) -> None:
        self.root = root
        self.outgoing: list[str] = facts.get("outgoing", [])
        self.talk = talk
        self.seen: dict[str, tuple[int, int]] = dict(self._marks())

    def wait(self, pid: int) -> int:
        """The command's wait status."""
        if not self.outgoing:
            return os.waitpid(pid, 0)[1]
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            self._send()
            if ended:
                return status
            self._take()

    def _take(self) -> None:
        """What the other side has written, as whole files."""
        until = time.monotonic() + LOOK_SECONDS
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.talk.fileno()], [], [], left)[0]:
                return
            try:
                message = self.talk.receive()
            except wire.Closed:
                time.sleep(LOOK_SECONDS)
                return
            for name, content in message["files"].items():
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                fresh = path.with_name(f".{path.name}.coming")
                fresh.write_bytes(base64.b64decode(content))
                # A rename keeps the mark; the command may take the file away at once.
                self.seen[name] = _mark(fresh)
                fresh.replace(path)

    def _send(self) -> None:
        changed = {}
        for name, mark in self._marks():
            if self.seen.get(name) != mark:
                self.seen[name] = mark
                content = _read(self.root / name, at_most=self.talk.value_bytes)
                if content is not None:
                    changed[name] = base64.b64encode(content).decode()
        if changed:
            self.talk.send({"files": changed})

    def _marks(self) -> list[tuple[str, tuple[int, int]]]:
        found = []
        for folder in self.outgoing:
            for path in _files(self.root / folder):
                with contextlib.suppress(OSError):
                    found.append((path.relative_to(self.root).as_posix(), _mark(path)))
        return found


def _mark(path: Path) -> tuple[int, int]:
    about = path.lstat()
    return about.st_mtime_ns, about.st_size


def _files(folder: Path) -> list[Path]:
    """Files below a folder, no links and no more than may be."""
    found: list[Path] = []
    for where, _folders, names in os.walk(folder):
        for name in sorted(names):
            if not name.isprintable() or name.endswith(".coming"):
                continue
            found.append(Path(where) / name)
            if len(found) > MOST_FILES:
                return found[:MOST_FILES]
    return found


def _read(path: Path, *, at_most: int) -> bytes | None:
    """A plain file's content; nothing for links, devices, pipes and what is too large."""
    try:
        door = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(door, "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > at_most:
            return None
        return stream.read(at_most)


def _gathered(folder: Path, *, at_most: int) -> dict[str, Any]:
    files: dict[str, str] = {}
    left_out: list[str] = []
    room = at_most
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        content = _read(path, at_most=room)
        if content is None:
            left_out.append(name)
            continue
        room -= len(content)
        files[name] = base64.b64encode(content).decode()
    return {"files": files, "left_out": left_out[:20]}
