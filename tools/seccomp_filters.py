"""Write the seccomp filters that the runner ships: `src/bitgoeul/runner/filters/*.bpf`.

    python -m venv /tmp/seccomp && /tmp/seccomp/bin/pip install pyseccomp
    /tmp/seccomp/bin/python tools/seccomp_filters.py

They are made once, by libseccomp, for each processor, and kept as bytes: an installation needs
neither library.  Three kinds: inside fresh namespaces; without namespaces, where a socket in the
file system would be reached (Landlock does not stop that); and the same on a kernel whose Landlock
does not keep signals in.
"""

from __future__ import annotations

import errno
import hashlib
import platform
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
CLONE_NEW = (
    0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x04000000, 0x08000000, 0x02000000,
)  # fmt: skip
NO_STREAMS = (2, 3, 4, 5)
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
    for request in (TIOCSTI, TIOCLINUX):
        made.add_rule(sc.ERRNO(errno.EPERM), "ioctl", sc.Arg(1, sc.MASKED_EQ, 0xFFFFFFFF, request))
    return made


def main() -> None:
    """Write every filter and say what it is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for architecture in ARCHITECTURES:
        for kind in KINDS:
            path = FOLDER / f"{kind}.{architecture}.bpf"
            with path.open("wb") as file:
                build(architecture, kind).export_bpf(file)
            content = path.read_bytes()
            print(path.name, len(content) // 8, hashlib.sha256(content).hexdigest()[:16])


if __name__ == "__main__":
    main()
