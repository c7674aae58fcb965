"""Submitted code that tries to get out, without noise: each function returns what it got.

`test_escapes` runs this text inside the walls.  An attack that raises was stopped; one that
returns something true has got somewhere.
"""

import ctypes
import glob
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys

with open("canary.json") as file:
    CANARY = json.load(file)


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


AT_THE_START = [number for number in range(4, 1024) if _is_open(number)]
libc = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"


def call(x86, arm, *args):
    """A system call by number, past every wrapper."""
    answer = libc.syscall(x86 if X86 else arm, *args)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer + 1


# -- files ------------------------------------------------------------------------------------------


def reads_the_secret():
    return open(CANARY["secret"]).read()


def reads_it_by_a_symbolic_link():
    os.symlink(CANARY["secret"], "link")
    return open("link").read()


def reads_it_by_a_hard_link():
    os.link(CANARY["secret"], "hard")
    return open("hard").read()


def reads_it_by_dots():
    return open("../" * 20 + CANARY["secret"].lstrip("/")).read()


def reads_it_through_the_root_of_another_process():
    for root in glob.glob("/proc/[0-9]*/root"):
        try:
            return open(root + CANARY["secret"]).read()
        except OSError:
            continue


def reads_it_through_an_inherited_descriptor():
    for number in range(3, 1024):
        for name in (CANARY["secret"], CANARY["secret"].rpartition("/")[2]):
            try:
                return os.open(name.lstrip("/"), os.O_RDONLY, dir_fd=number)
            except OSError:
                continue


def reads_accounts():
    return open("/etc/passwd").read() + open("/etc/shadow").read()


def lists_homes():
    return os.listdir("/root") if "ssh" in str(os.listdir("/root")) else None


def writes_where_the_secret_is():
    with open(CANARY["folder"] + "/written", "w") as out:
        return out.write("x")


def writes_the_system():
    for folder in ("/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/opt", "/var", "/dev"):
        try:
            with open(folder + "/x", "w") as out:
                return out.write("x")
        except OSError:
            continue


def writes_the_installed_packages():
    for folder in [sys.prefix, sys.base_prefix, *sys.path]:
        try:
            if folder and folder != os.getcwd():
                with open(folder + "/x.py", "w") as out:
                    return out.write("x")
        except OSError:
            continue


def writes_our_own_code():
    for name, module in list(sys.modules.items()):
        if name.startswith("inside"):
            with open(module.__file__, "a") as out:
                return out.write("#")


def makes_a_device():
    os.mknod("disk", 0o600 | 0o060000, os.makedev(8, 0))
    return open("disk", "rb").read(1)


def opens_raw_devices():
    for name in ("/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/sda", "/dev/vda", "/dev/fuse"):
        try:
            return os.open(name, os.O_RDWR)
        except OSError:
            continue


def opens_a_file_by_its_handle():
    return call(304, 265, -100, b"\0" * 64, 0)


def writes_kernel_settings():
    for name in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/sys/kernel/uevent_helper",
    ):
        try:
            with open(name, "w") as out:
                return out.write("x")
        except OSError:
            continue


def writes_control_groups():
    for name in glob.glob("/sys/fs/cgroup/*/release_agent") + ["/sys/fs/cgroup/cgroup.procs"]:
        try:
            with open(name, "w") as out:
                return out.write("0")
        except OSError:
            continue


def leaves_by_chroot():
    os.mkdir("jail")
    os.chroot("jail")
    return 1


# -- network ----------------------------------------------------------------------------------------


def calls_out_by_tcp():
    return socket.create_connection(("127.0.0.1", CANARY["port"]), 0.3)


def calls_out_by_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        return out.sendto(b"x", ("127.0.0.1", CANARY["port"]))


def calls_out_by_ipv6():
    return socket.socket(socket.AF_INET6)


def listens():
    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))
        return door.getsockname()


def sniffs():
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW)


def asks_the_kernel_s_network():
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)


def makes_a_virtual_machine_socket():
    return socket.socket(40, socket.SOCK_STREAM)


def calls_an_abstract_socket():
    with socket.socket(socket.AF_UNIX) as out:
        out.connect("\0" + CANARY["abstract"])
        return 1


def calls_by_one_of_a_pair_of_datagrams():
    one, _other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return one.sendto(b"out", CANARY["datagrams"])


def calls_by_one_of_a_pair_of_streams():
    one, _other = socket.socketpair()
    one.connect(CANARY["datagrams"])
    return 1


def calls_the_parent_s_door():
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(CANARY["door"])
        return 1


# -- processes --------------------------------------------------------------------------------------


def signals_a_process_outside():
    os.kill(CANARY["pid"], 0)
    with open("/proc/%d/cmdline" % CANARY["pid"]) as file:
        return "sleep" in file.read()


def kills_its_parent():
    parent = os.getppid()
    if parent:
        os.kill(parent, signal.SIGKILL)
        return 1


def stops_everybody():
    # Its own process is spared: -1 is everybody it may signal, itself excepted.
    os.kill(-1, signal.SIGCONT)
    return len(os.listdir("/proc")) and [p for p in os.listdir("/proc") if p.isdigit()] != ["1"]


def sees_other_processes():
    return len([p for p in os.listdir("/proc") if p.isdigit()]) > 1


def reads_another_s_environment():
    own = os.getpid()
    for name in glob.glob("/proc/[0-9]*/environ"):
        if name != "/proc/%d/environ" % own:
            return open(name, "rb").read()


def knows_secrets_of_the_environment():
    return [name for name in os.environ if "SECRET" in name or "DATABASE" in name]


def traces_its_parent():
    return call(101, 117, 16, os.getppid() or 1, 0, 0)


def reads_another_s_memory():
    own = ctypes.create_string_buffer(8)
    here = struct.pack("QQ", ctypes.addressof(own), 8)
    return call(310, 270, os.getppid() or 1, here, 1, here, 1, 0)


def becomes_root():
    os.setuid(0)
    return os.getuid() == 0


def becomes_another():
    os.setresuid(1000, 1000, 1000)
    return 1


def runs_a_setuid_program():
    for program in ("/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd", "/usr/bin/newgrp"):
        if os.path.exists(program):
            told = subprocess.run([program, "--version"], capture_output=True, timeout=5)
            with open("/proc/self/status") as file:
                assert "NoNewPrivs:\t1" in file.read(), told
    return False


def holds_capabilities():
    with open("/proc/self/status") as file:
        held = [line for line in file if line.startswith(("CapEff", "CapPrm", "CapAmb"))]
    return [line for line in held if int(line.split()[1], 16)]


def takes_capabilities():
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    return call(126, 91, head, sets)


# -- namespaces and mounts --------------------------------------------------------------------------


def makes_a_namespace():
    return call(272, 97, 0x10000000)


def makes_one_by_clone():
    return call(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)


def makes_one_by_clone3():
    words = struct.pack("8Q", 0x10000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    return call(435, 435, words, len(words))


def enters_another_s():
    return call(308, 268, os.open("/proc/1/ns/mnt", os.O_RDONLY), 0)


def mounts():
    return call(165, 40, b"none", b"/tmp", b"tmpfs", 0, 0)


def mounts_by_the_new_calls():
    return call(430, 430, b"tmpfs", 0)


def unmounts():
    return call(166, 39, b"/proc", 2)


def changes_the_root():
    return call(155, 41, b"/tmp", b"/tmp")


# -- the kernel -------------------------------------------------------------------------------------


def loads_bpf():
    return call(321, 280, 0, 0, 0)


def opens_performance_counters():
    return call(298, 241, 0, 0, -1, -1, 0)


def sets_up_io_uring():
    return call(425, 425, 1, b"\0" * 120)


def asks_for_keys():
    return call(250, 219, 0, -3, 0)


def adds_a_key():
    return call(248, 217, b"user", b"x", b"y", 1, -3)


def handles_page_faults():
    return call(323, 282, 0)


def loads_a_module():
    return call(175, 105, b"", 0, b"")


def loads_a_kernel():
    return call(246, 104, 0, 0, 0, 0)


def restarts_the_machine():
    return call(169, 142, 0xFEE1DEAD, 672274793, 0)


def sets_the_clock():
    return call(227, 112, 0, struct.pack("qq", 0, 0))


def renames_the_machine():
    return call(170, 161, b"mine", 4)


def changes_its_personality():
    return call(135, 92, 0x0040000)


def types_into_a_terminal():
    import fcntl

    return fcntl.ioctl(0, 0x5412, b"x")


def drops_the_filter():
    return call(317, 277, 1, 0, b"\0" * 16)


def uses_the_old_call_gate():
    """The calls of another processor's table: the filter must not let them by."""
    pid = os.fork()
    if pid == 0:
        libc.syscall(0x40000000 + 39)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 if X86 else None


# -- limits -----------------------------------------------------------------------------------------


def raises_its_limits():
    for name in ("RLIMIT_NPROC", "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
        try:
            resource.setrlimit(getattr(resource, name), (10**12, 10**12))
            return name
        except (ValueError, OSError):
            continue


def opens_files_without_end():
    kept = []
    try:
        while len(kept) < 2000:
            kept.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        for door in kept:
            os.close(door)
        return None
    return len(kept)


def makes_a_huge_sparse_file():
    with open("huge", "wb") as out:
        out.truncate(1 << 40)
        return 1


def keeps_memory_in_a_file_of_no_folder():
    return os.memfd_create("x")


def leaves_shared_memory_behind():
    return call(29, 194, 0, 1 << 20, 0o1600)


def leaves_messages_behind():
    return call(68, 186, 0, 0o1600)


def holds_more_descriptors_than_its_own():
    return AT_THE_START


ATTACKS = [
    function
    for name, function in list(globals().items())
    if callable(function)
    and getattr(function, "__module__", "") == __name__
    and not name.startswith("_")
    and name != "call"
]


def attempt(function):
    try:
        got = function()
    except BaseException as error:
        return "stopped: %r" % (error,)
    return "got: %r" % (got,) if got else "nothing"


if __name__ == "__main__":
    x = {function.__name__: attempt(function) for function in ATTACKS}
