"""The commands that start a warmed parent behind each tier's outer walls."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .request import Tier

ACCOUNT = 64321
"""Nobody's number: what root starts goes on as this account, which owns nothing on the machine."""
HERE = Path(__file__).resolve().parent
CODE, ENVIRONMENT = "/opt/code", "/opt/venv"
SMALL = str(4 * 2**20)

START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from inside import parent; parent.main()"
VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/home/u",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "Agg",
    # A thread pool in the parent would not survive the fork; more threads than one share one
    # machine with everybody else's run.
    **dict.fromkeys(
        (
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
            "POLARS_MAX_THREADS", "RAYON_NUM_THREADS",
        ),
        "1",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doors:
    """File descriptors that the parent inherits, and the folder of its runs."""

    listener: int
    ready: int
    folder: Path
    shared: bool = False
    """Whether it outlives the process that starts it."""


def command(
    tier: Tier, doors: Doors, *, modules: tuple[str, ...], idle_seconds: float, most_runs: int
) -> list[str]:
    """The words that start a warmed parent."""
    settings: dict[str, Any] = {
        "tier": tier.value,
        "listener": doors.listener,
        "ready": doors.ready,
        "uid": ACCOUNT,
        "modules": list(modules),
        "idle_seconds": idle_seconds,
        "most_runs": most_runs,
        "folder": str(doors.folder),
        "shared": doors.shared,
        "keep_reading": tier is Tier.LANDLOCK and os.geteuid() == 0,
        "readable": _readable(),
    }
    words = json.dumps(settings)
    if tier is Tier.LANDLOCK:
        return [sys.executable, "-I", "-X", "utf8", "-c", START, str(HERE), words]
    inner = [_inner_python(), "-I", "-X", "utf8", "-c", START, CODE, words]
    tie = [] if doors.shared else ["--die-with-parent"]
    return [*bubblewrap(), *tie, "--", *inner]


def bubblewrap() -> list[str]:
    """The outer walls: an own machine without a network and with nothing to write on."""
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bubblewrap is not installed")
    kinds = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words = [program, *kinds, "--unshare-cgroup-try", "--new-session", "--hostname", "sandbox"]
    if os.geteuid() == 0:
        # Root needs no namespace of users for this; the parent itself becomes another account,
        # because limits on processes do not bind root.
        words += ["--cap-drop", "ALL"]
        for name in ("SETUID", "SETGID", "SETPCAP", "SYS_ADMIN"):
            words += ["--cap-add", f"CAP_{name}"]
    else:
        words += ["--unshare-user", "--uid", str(ACCOUNT), "--gid", str(ACCOUNT)]
    return [*words, *_folders(), "--chdir", "/"]


def _folders() -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name in ("/lib", "/lib64", "/lib32", "/bin", "/sbin"):
        path = Path(name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            words += ["--ro-bind", name, name]
    for name in ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts"):
        words += ["--ro-bind-try", name, name]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for name in ("/tmp", "/home/u", "/dev/shm"):  # noqa: S108 -- mount points of each run
        # Open to the parent, which is no longer the account that mounts it; runs have their own.
        words += ["--perms", "1777", "--size", SMALL, "--tmpfs", name]
    words += ["--perms", "0755", "--dir", "/app"]  # a contest's run mounts its own here
    binds = {str(HERE / name): f"{CODE}/{name}" for name in ("inside", "filters")}
    if not Path(sys.base_prefix).is_relative_to("/usr"):
        binds[sys.base_prefix] = sys.base_prefix
    if sys.prefix != sys.base_prefix:
        binds[sys.prefix] = ENVIRONMENT
    for above in _folders_above(binds.values()):
        words += ["--perms", "0755", "--dir", above]
    for source, target in binds.items():
        words += ["--ro-bind", source, target]
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/"]


def _folders_above(targets: Iterable[str]) -> list[str]:
    """The folders to be made for these; by themselves they would be closed to other accounts."""
    above = {str(folder) for target in targets for folder in list(Path(target).parents)[:-1]}
    return sorted(above)


def _inner_python() -> str:
    if sys.prefix == sys.base_prefix:
        return sys.executable
    return f"{ENVIRONMENT}/bin/python"


def _readable() -> list[str]:
    """What code behind Landlock may read: the system's libraries and the installed packages."""
    return [
        "/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/localtime",
        "/etc/alternatives", "/etc/fonts", sys.base_prefix, sys.prefix,
        str(HERE / "inside"),
    ]  # fmt: skip
