"""Write the seccomp filters that the runner ships: `src/bitgoeul/runner/filters/*.bpf`.

    python -m venv /tmp/seccomp && /tmp/seccomp/bin/pip install pyseccomp
    /tmp/seccomp/bin/python tools/seccomp_filters.py

They are made once, by libseccomp, for each processor, and kept as bytes: an installation needs
neither library.  Three kinds: inside fresh namespaces; without namespaces, where a socket in the
file system would be reached (Landlock does not stop that); and the same on a kernel whose Landlock
does not keep signals in.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import platform
import struct
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "src" / "bitgoeul" / "runner" / "filters"
ARCHITECTURES = ("x86_64", "aarch64")
KINDS = ("namespaces", "landlock", "landlock-signals")

DENIED = (
    "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "fsconfig",
    "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr", "swapon", "swapoff",
    "quotactl", "quotactl_fd", "acct", "ptrace", "process_vm_readv", "process_vm_writev",
    "process_madvise", "kcmp", "pidfd_getfd", "kexec_load", "kexec_file_load", "reboot",
    "init_module", "finit_module", "delete_module", "bpf", "perf_event_open", "io_uring_setup",
    "io_uring_enter", "io_uring_register", "userfaultfd", "keyctl", "add_key", "request_key",
    "open_by_handle_at", "name_to_handle_at", "fanotify_init", "mknod", "mknodat", "settimeofday",
    "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl",
    "ioperm", "modify_ldt", "syslog", "personality", "lookup_dcookie", "vhangup", "nfsservctl",
    "uselib", "ustat", "sysfs", "mbind", "set_mempolicy", "migrate_pages", "move_pages",
    "setpriority", "sched_setscheduler", "sched_setattr", "ioprio_set", "seccomp",
    # Memory that no process holds, and that outlives them: nobody could count it.
    "memfd_create", "memfd_secret", "shmget", "shmat", "semget", "msgget", "mq_open",
)  # fmt: skip
SIGNALS = (
    "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal",
)  # fmt: skip
# Without namespaces the code may be the same account as the service, and Landlock asks for rights
# over content and names only: modes, owners, times, attributes, and what needs no file at all.
# Before its third version it does not ask when a file is cut, either.
SHARED_ACCOUNT = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown", "fchownat",
    "utime", "utimes", "futimesat", "utimensat", "truncate",
    "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl",
    "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend",
    "mq_timedreceive", "mq_notify", "mq_getsetattr",
)  # fmt: skip
FOR_ITSELF = ("prlimit64", "sched_setaffinity", "sched_setparam")
"""Allowed for the calling thread, which they know as 0."""
# F_SETOWN, F_SETSIG, F_SETOWN_EX send signals, F_SETLEASE makes others wait for a file.
FCNTL = (8, 10, 15, 1024)
# FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_ENABLE_VERITY, FS_IOC_SET_ENCRYPTION_POLICY
FILE_IOCTL = (0x40086602, 0x401C5820, 0x40806685, 0x800C6613)
O_ACCMODE, O_TRUNC = 0o3, 0o1000
CLONE_NEW = (
    0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x04000000, 0x08000000, 0x02000000,
)  # fmt: skip
NO_STREAMS = (2, 3, 4, 5)
OTHER_TABLE = 0x40000000
"""Where x86-64 keeps the calls of another table; who comes by that gate is killed."""
UNKNOWN = -1
FIRST_UNKNOWN = 463
"""Where the calls begin that libseccomp has no names for: setxattrat is the first of them."""
AF_UNIX, TIOCSTI, TIOCLINUX = 1, 0x5412, 0x541C


def build(architecture: str, kind: str) -> Any:
    """The filter of one kind for one processor."""
    import pyseccomp as sc

    made = sc.SyscallFilter(sc.ALLOW)
    if architecture != platform.machine():
        made.add_arch(getattr(sc.Arch, architecture.upper()))
        made.remove_arch(sc.Arch.NATIVE)
    for name in DENIED + (SIGNALS if kind == "landlock-signals" else ()):
        try:
            made.add_rule(sc.ERRNO(errno.EPERM), name)
        except (OSError, ValueError):
            continue  # a call that this processor or this libseccomp does not know
    for flag in CLONE_NEW:
        made.add_rule(sc.ERRNO(errno.EPERM), "clone", sc.Arg(0, sc.MASKED_EQ, flag, flag))
    # Its flags are behind a pointer, which no filter can look at; the C library falls back to
    # clone when it is told that there is no such call.
    made.add_rule(sc.ERRNO(errno.ENOSYS), "clone3")
    if kind == "namespaces":
        made.add_rule(sc.ERRNO(errno.EAFNOSUPPORT), "socket", sc.Arg(0, sc.NE, AF_UNIX))
    else:
        made.add_rule(sc.ERRNO(errno.EAFNOSUPPORT), "socket")
        # One of a pair of datagram sockets can still be sent to a name in the file system.
        for other in NO_STREAMS:
            made.add_rule(sc.ERRNO(errno.EPERM), "socketpair", sc.Arg(1, sc.MASKED_EQ, 0xF, other))
        _keep_the_account_safe(made)
    for request in (TIOCSTI, TIOCLINUX):
        made.add_rule(sc.ERRNO(errno.EPERM), "ioctl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, request))
    return made


def without_the_newest(content: bytes) -> bytes:
    """The filter behind four words of its own: a call that nobody looked at is not there."""
    load, jump_if_from, answer = 0x20, 0x35, 0x06
    words = (
        (load, 0, 0, 0),
        (jump_if_from, 0, 2, FIRST_UNKNOWN),
        (jump_if_from, 1, 0, OTHER_TABLE),
        (answer, 0, 0, 0x00050000 | errno.ENOSYS),
    )
    return b"".join(struct.pack("<HBBI", *word) for word in words) + content


def _keep_the_account_safe(made: Any) -> None:
    import pyseccomp as sc

    refused = sc.ERRNO(errno.EPERM)
    for name in SHARED_ACCOUNT:
        if sc.resolve_syscall(sc.Arch.NATIVE, name) == UNKNOWN:
            raise SystemExit(f"this libseccomp is too old: it does not know {name}")
        try:
            made.add_rule(refused, name)
        except (OSError, ValueError):
            continue  # the other processor never had it
    for name in FOR_ITSELF:
        made.add_rule(refused, name, sc.Arg(0, sc.NE, 0))
    for command in FCNTL:
        made.add_rule(refused, "fcntl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, command))
    for request in FILE_IOCTL:
        made.add_rule(refused, "ioctl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, request))
    # Cutting a file that is opened to be read needs no right to write before Landlock's third
    # version.
    for name, place in (("open", 1), ("openat", 2)):
        cut = sc.Arg(place, sc.MASKED_EQ, O_ACCMODE | O_TRUNC, O_TRUNC)
        with contextlib.suppress(OSError, ValueError):  # aarch64 has no open
            made.add_rule(refused, name, cut)
    # Its flags are behind a pointer; the C library does without it.
    made.add_rule(sc.ERRNO(errno.ENOSYS), "openat2")


def main() -> None:
    """Write every filter and say what it is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for architecture in ARCHITECTURES:
        for kind in KINDS:
            path = FOLDER / f"{kind}.{architecture}.bpf"
            with path.open("wb") as file:
                build(architecture, kind).export_bpf(file)
            content = without_the_newest(path.read_bytes())
            path.write_bytes(content)
            print(path.name, len(content) // 8, hashlib.sha256(content).hexdigest()[:16])


if __name__ == "__main__":
    main()
