"""The walls themselves: namespaces, Landlock, seccomp, limits, by the system's own calls.

Every function raises ``OSError`` when the system refuses: a run whose walls do not all stand
never starts.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FILTERS = Path(__file__).resolve().parent.parent / "filters"

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x08000000, 0x10000000, 0x20000000
CLONE_NEWNET = 0x40000000
EVERY_NAMESPACE = (
    CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP = 1, 4, 8, 22
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 24, 36, 38
SECCOMP_MODE_FILTER = 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
CAPSET = {"x86_64": 126, "aarch64": 91}
MADV_HUGEPAGE, MADV_COLLAPSE, LARGE_PAGE = 14, 25, 2 << 20
NOBODY = 65534
MOST_FILES = 4096

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_VERSION_FLAG, LANDLOCK_RULE_PATH = 1, 1
FS_EXECUTE, FS_WRITE_FILE, FS_READ_FILE, FS_READ_DIR = 1, 2, 4, 8
FS_READ = FS_EXECUTE | FS_READ_FILE | FS_READ_DIR
# How many rights over files each version of Landlock knows.
FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
FS_MAKE_DEVICES = (1 << 6) | (1 << 11)  # character and block devices

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _checked(answer: int, what: str) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return answer


def _prctl(what: int, *words: Any, name: str) -> None:
    given = [*words, 0, 0, 0, 0][:4]
    _checked(_libc.prctl(what, *(w if w else ctypes.c_ulong(0) for w in given)), name)


def become(uid: int, *, keep_reading: bool = False) -> None:
    """Go from root to an account that owns nothing; ``keep_reading`` leaves it closed folders.

    The installation may lie in a folder that is closed to other accounts (``/root``).  Where no
    mount can move it, the one right to pass there is kept, and Landlock says what is in reach.
    """
    if keep_reading:
        _prctl(PR_SET_KEEPCAPS, 1, name="keepcaps")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    set_capabilities(1 << CAP_DAC_READ_SEARCH if keep_reading else 0)
    # After a change of account a process's own files in /proc belong to root until it says so.
    _prctl(PR_SET_DUMPABLE, 1, name="dumpable")


def set_capabilities(kept: int) -> None:
    """Keep these capabilities and no others."""
    head = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    _checked(_libc.syscall(CAPSET[platform.machine()], head, sets), "capset")


def bare_proc() -> None:
    """Take away what covers parts of /proc, or no namespace below may have a /proc of its own."""
    for part in ("sys", "sysrq-trigger", "irq", "bus", "acpi", "fs", "timer_list"):
        _libc.umount2(f"/proc/{part}".encode(), MNT_DETACH)


def enter_namespaces() -> None:
    """New namespaces of every kind; the next fork is process 1 of the new ones."""
    uid, gid = os.getuid(), os.getgid()
    _checked(_libc.unshare(EVERY_NAMESPACE), "unshare")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
    _write("/proc/self/gid_map", f"{NOBODY} {gid} 1")


def _write(path: str, text: str) -> None:
    door = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(door, text.encode())
    finally:
        os.close(door)


def own_places(folders: Iterable[str], *, megabytes: int) -> None:
    """Fresh folders of a set size, and a /proc that shows nobody else."""
    options = f"size={megabytes}m,nr_inodes={MOST_FILES},mode=700".encode()
    for folder in folders:
        flags = MS_NOSUID | MS_NODEV
        _checked(_libc.mount(b"tmpfs", folder.encode(), b"tmpfs", flags, options), folder)
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _checked(_libc.mount(b"proc", b"/proc", b"proc", flags, None), "/proc")


def limit(limits: dict[str, Any], *, processes: int) -> None:
    """Resource limits, hard ones: the code may only lower them."""
    megabyte = 2**20
    cpu = int(limits["cpu_seconds"])
    # What the parent has imported is there already and is not the code's own.
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages * resource.getpagesize() + int(limits["memory_mb"]) * megabyte
    for what, value in (
        (resource.RLIMIT_CPU, cpu + 1),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, int(limits["disk_mb"]) * megabyte),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def give_up_privileges(*, keep_reading: bool = False) -> None:
    """No capability, none to come, and no program that could bring one."""
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    for number in range(41):
        if not kept >> number & 1:
            with contextlib.suppress(OSError):  # a kernel that knows fewer
                _prctl(PR_CAPBSET_DROP, number, name="bounding set")
    set_capabilities(kept)
    _prctl(PR_SET_NO_NEW_PRIVS, 1, name="no_new_privs")


def gather_memory() -> None:
    """Ask for large pages for what is there now: a fork then copies fewer entries of its tables.

    Only speed depends on it; a kernel that does not know the request refuses it.
    """
    _libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for line in Path("/proc/self/maps").read_text().splitlines():
        words = line.split()
        first, last = (int(word, 16) for word in words[0].split("-"))
        begin = (first + LARGE_PAGE - 1) // LARGE_PAGE * LARGE_PAGE
        size = last // LARGE_PAGE * LARGE_PAGE - begin
        anonymous = len(words) < 6 or words[5] == "[heap]"
        if words[1].startswith("rw") and anonymous and size > 0:
            for advice in (MADV_HUGEPAGE, MADV_COLLAPSE):
                _libc.madvise(begin, size, advice)


def read_filter(kind: str) -> bytes:
    """The bytes of a seccomp filter for this processor."""
    return (FILTERS / f"{kind}.{platform.machine()}.bpf").read_bytes()


def filter_calls(content: bytes) -> None:
    """Load a seccomp filter; there is no way back."""
    buffer = ctypes.create_string_buffer(content, len(content))
    program = _Program(len(content) // 8, ctypes.addressof(buffer))
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), name="seccomp")


def die_with_parent() -> None:
    """The kernel kills this process when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, 9, name="pdeathsig")


def reap_orphans() -> None:
    """Become the parent of every descendant that loses its own."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1, name="subreaper")


def landlock_version() -> int:
    """The kernel's Landlock version, 0 when it has none."""
    answer = _libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION_FLAG)
    return max(0, int(answer))


def restrict(*, readable: Iterable[str], writable: Iterable[str], devices: Iterable[str]) -> None:
    """Landlock: these folders and no others; no TCP; no signal to anybody outside."""
    version = landlock_version()
    rights = (1 << FS_RIGHTS[min(version, 5)]) - 1
    network = 3 if version >= 4 else 0  # bind and connect
    scope = 3 if version >= 6 else 0  # abstract sockets and signals
    words = struct.pack("QQQ", rights, network, scope)
    size = 8 if version < 4 else 16 if version < 6 else 24
    given = ctypes.create_string_buffer(words, len(words))
    rules = _checked(
        _libc.syscall(LANDLOCK_CREATE, given, ctypes.c_size_t(size), 0), "landlock_create_ruleset"
    )
    try:
        for path in readable:
            _allow(rules, path, FS_READ)
        for path in writable:
            _allow(rules, path, rights & ~FS_MAKE_DEVICES)
        for path in devices:
            _allow(rules, path, FS_READ_FILE | FS_WRITE_FILE)
        _checked(_libc.syscall(LANDLOCK_RESTRICT, rules, 0), "landlock_restrict_self")
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        door = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not Path(path).is_dir():
            rights &= FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE
        words = struct.pack("=Qi", rights, door)
        given = ctypes.create_string_buffer(words, len(words))
        answer = _libc.syscall(LANDLOCK_ADD, rules, LANDLOCK_RULE_PATH, given, 0)
        _checked(answer, f"landlock rule for {path}")
    finally:
        os.close(door)
