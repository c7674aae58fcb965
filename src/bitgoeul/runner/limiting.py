"""A control group for one warmed parent and everything below it, where the host allows one."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
NAME = "bitgoeul-runner-"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Group:
    """The folders of one control group (version 1 has one a controller, version 2 has one)."""

    folders: tuple[Path, ...]
    version: int

    def take(self, pid: int) -> None:
        """Put a process into it, and so everything that it starts."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def remove(self) -> None:
        """Take it away; what is still in it is killed first."""
        for folder in self.folders:
            for _ in range(50):
                with contextlib.suppress(OSError):
                    folder.rmdir()
                if not folder.exists():
                    break
                time.sleep(0.01)


def make(*, memory_mb: int, processes: int) -> Group | None:
    """A group with these limits, or None where this account may not make one."""
    name = f"{NAME}{os.getpid()}-{next(_numbers)}"
    return _version_2(name, memory_mb, processes) or _version_1(name, memory_mb, processes)


def _own(controller: str) -> Path | None:
    """Where this process stands: in version 2 for an empty controller, else in version 1."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        number, names, path = line.split(":", 2)
        if (number == "0" and not names) if not controller else controller in names.split(","):
            top = ROOT / (controller or "")
            unified = ROOT / "unified"
            if not controller and unified.is_dir():
                top = unified
            # In a container the path is the host's; what is mounted is the container's own.
            inner = top / path.lstrip("/")
            return inner if inner.is_dir() else top
    return None


def _sweep(own: Path) -> None:
    """Take away the groups of parents that ended by themselves: an empty folder can be removed."""
    for left in own.glob(f"{NAME}*"):
        with contextlib.suppress(OSError):
            left.rmdir()


def _version_2(name: str, memory_mb: int, processes: int) -> Group | None:
    own = _own("")
    if own is None:
        return None
    folder = own / name
    _sweep(own)
    try:
        folder.mkdir()
    except OSError:
        return None
    group = Group((folder,), 2)
    try:
        (folder / "memory.max").write_text(str(memory_mb * 2**20))
        (folder / "pids.max").write_text(str(processes))
    except OSError:
        # The controllers are not passed on to this place: its limits would bind nothing.
        group.remove()
        return None
    with contextlib.suppress(OSError):
        (folder / "memory.swap.max").write_text("0")
    return group


def _version_1(name: str, memory_mb: int, processes: int) -> Group | None:
    made: list[Path] = []
    wanted = (
        ("memory", "memory.limit_in_bytes", memory_mb * 2**20),
        ("pids", "pids.max", processes),
    )
    for controller, file, value in wanted:
        own = _own(controller)
        try:
            if own is None or not (own / "cgroup.procs").exists():
                raise FileNotFoundError(controller)
            folder = own / name
            _sweep(own)
            folder.mkdir()
            made.append(folder)
            (folder / file).write_text(str(value))
        except OSError:
            Group(tuple(made), 1).remove()
            return None
    return Group(tuple(made), 1)
