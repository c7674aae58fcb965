"""Behind Landlock the code may be the very account of the service: it can do it no harm.

The victim here is what the sandbox's account owns: a file, and a process that stands outside.
"""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bitgoeul.runner import Limits, LocalRunner, run_code
from bitgoeul.runner.inside import walls
from bitgoeul.runner.tiers import ACCOUNT, HERE

LIMITS = Limits(wall_seconds=5)


@dataclass
class Victim:
    """A database of the account, and a process of it."""

    path: Path
    pid: int


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    path = tmp_path / "db.sqlite3"
    path.write_text("everything")
    path.chmod(0o644)
    for above in (tmp_path, *tmp_path.parents):
        if above.owner() != "root" or above.stat().st_mode & 0o5 == 0:
            above.chmod(above.stat().st_mode | 0o5)
        if above.name.startswith("pytest-of"):
            break
    account = {"user": ACCOUNT} if os.geteuid() == 0 else {}
    if account:
        os.chown(path, ACCOUNT, ACCOUNT)
    process = subprocess.Popen([shutil.which("sleep") or "sleep", "60"], **account)
    yield Victim(path, process.pid)
    process.kill()
    process.wait()


ATTACKS = """
import ctypes, os, resource, fcntl
libc = ctypes.CDLL(None, use_errno=True)
path, pid = {path!r}, {pid}
done = []
def attack(name, act):
    try:
        if act() != -1: done.append(name)
    except OSError: pass
attack("chmod", lambda: os.chmod(path, 0))
attack("chmod by name in a folder", lambda: libc.syscall(452, -100, path.encode(), 0, 0))
attack("chown", lambda: os.chown(path, -1, -1))
attack("utime", lambda: os.utime(path, (0, 0)))
attack("truncate", lambda: os.truncate(path, 0))
attack("setxattr", lambda: os.setxattr(path, "user.x", b"1"))
attack("setxattrat", lambda: libc.syscall(463, -100, path.encode(), 0, b"user.y", 0, 0))
attack("removexattr", lambda: os.removexattr(path, "user.kept"))
attack("cut at opening", lambda: os.open(os.__file__, os.O_RDONLY | os.O_TRUNC))
attack("limits", lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0)))
attack("processors", lambda: os.sched_setaffinity(pid, {{0}}))
attack("scheduling", lambda: os.sched_setparam(pid, os.sched_param(0)))
for name, words in {{"shmget": (0x5a5a, 4096, 0o1666), "semget": (0x5a5a, 1, 0o1666),
                    "msgget": (0x5a5a, 0o1666)}}.items():
    attack(name, lambda: getattr(libc, name)(*words))
rt = ctypes.CDLL("librt.so.1")
attack("mq_open", lambda: rt.mq_open(b"/left", os.O_CREAT | os.O_RDWR, 0o600, None))
own = open("own", "w+")
attack("fchmod", lambda: os.chmod(own.fileno(), 0o777))
attack("fchown", lambda: os.chown(own.fileno(), -1, -1))
attack("futimes", lambda: os.utime(own.fileno(), (0, 0)))
reading, writing = os.pipe()
attack("signals to others", lambda: fcntl.fcntl(reading, 8, pid))
attack("openat2", lambda: libc.syscall(437, -100, b"own", ctypes.create_string_buffer(24), 24))
"""


@pytest.fixture
def landlock(here: LocalRunner) -> LocalRunner:
    if here.tier != "landlock":
        pytest.skip("namespaces keep the account apart")
    return here


def test_what_the_account_owns_stays_as_it_is(landlock: LocalRunner, victim: Victim) -> None:
    source = ATTACKS.format(path=str(victim.path), pid=victim.pid)
    before = Path(f"/proc/{victim.pid}/limits").read_text()
    ended = run_code(source, runner=landlock, answer="done", limits=LIMITS)
    assert (ended.value, ended.stderr) == ([], "")
    found = victim.path.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_size) == (0o644, 10)
    assert found.st_mtime > 0
    assert Path(f"/proc/{victim.pid}/limits").read_text() == before


def test_ordinary_programs_still_work(landlock: LocalRunner) -> None:
    source = """
import os, pathlib, resource, shutil, tempfile
pathlib.Path("a").write_text("one")
shutil.copy("a", "b"); shutil.copy2("a", "c"); shutil.copytree(".", "d", ignore=lambda *_: ["d"])
pathlib.Path("a").touch()
with open("a", "r+") as file: file.truncate(1)
with tempfile.TemporaryDirectory() as name: pathlib.Path(name, "x").write_text("y")
os.sched_setaffinity(0, os.sched_getaffinity(0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
x = [open(name).read() for name in ("a", "b", "c", "d/b")]
"""
    ended = run_code(source, runner=landlock, answer="x", limits=LIMITS)
    assert (ended.value, ended.stderr) == (["o", "one", "one", "one"], "")


def names(variable: str) -> tuple[str, ...]:
    """A table of the program that writes the filters; its library is not installed here."""
    tool = HERE.parents[2] / "tools" / "seccomp_filters.py"
    for node in ast.parse(tool.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == variable:
            return ast.literal_eval(node.value)
    raise KeyError(variable)


def test_every_filter_is_there_for_both_processors() -> None:
    found = sorted(path.name for path in walls.FILTERS.glob("*.bpf"))
    assert found == sorted(
        f"{kind}.{machine}.bpf" for kind in names("KINDS") for machine in names("ARCHITECTURES")
    )
    for name in found:
        words = (walls.FILTERS / name).read_bytes()
        assert len(words) % 8 == 0
        # A call that is newer than what was looked at (463 and on) is not there.
        assert words[8:16] == bytes.fromhex("35000002cf010000")
