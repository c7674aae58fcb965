"""Attacks from inside, on each tier that stands here; the warmed parent outlives each of them."""

from __future__ import annotations

import ast
import json
import os
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.runner import (
    Input,
    Limits,
    LocalRunner,
    State,
    Task,
    Tier,
    call_function,
    run_code,
)
from bitgoeul.runner.inside import wire

QUIET = (Path(__file__).parent / "quiet_attacks.py").read_text("utf-8")
NOT_ATTACKS = {"call", "attempt"}
NAMES = [
    node.name
    for node in ast.parse(QUIET).body
    if isinstance(node, ast.FunctionDef)
    and not node.name.startswith("_")
    and node.name not in NOT_ATTACKS
]
LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_mb=1024, processes=32, disk_mb=16)


@pytest.fixture(scope="session")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What lies outside, readable by everybody who can get there."""
    folder = tmp_path_factory.mktemp("outside")
    for above in (folder, *list(folder.parents)[:-2]):
        above.chmod(0o755)
    (folder / "secret").write_text("the secret")
    os.environ["BITGOEUL_TEST_SECRET"] = "the secret"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        name = f"bitgoeul-canary-{os.getpid()}"
        local.bind("\0" + name)
        local.listen()
        letters = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        letters.bind(str(folder / "letters"))
        (folder / "letters").chmod(0o777)
        sleeper = subprocess.Popen(["sleep", "300"])
        yield {
            "secret": str(folder / "secret"),
            "folder": str(folder),
            "port": tcp.getsockname()[1],
            "abstract": name,
            "datagrams": str(folder / "letters"),
            "pid": sleeper.pid,
        }
        letters.close()
        sleeper.kill()
        sleeper.wait()
    del os.environ["BITGOEUL_TEST_SECRET"]


@pytest.fixture(scope="session")
def quiet(here: LocalRunner, canaries: dict[str, Any]) -> dict[str, str]:
    """What each quiet attack got, all in one run."""
    assert here._parent
    told = canaries | {"door": str(here._parent.folder / "door")}
    files = {"canary.json": json.dumps(told).encode()}
    ended = run_code(QUIET, runner=here, answer="x", files=files, limits=LIMITS)
    assert ended.done, ended
    return ended.value


@pytest.fixture(autouse=True)
def _the_parent_lives(request: pytest.FixtureRequest, here: LocalRunner) -> Iterator[None]:
    """After each attack the same parent serves the next run."""
    assert here._parent
    before = here._parent.pid
    yield
    if "quiet" not in request.fixturenames:
        assert run_code("x = 41 + 1", runner=here, answer="x").value == 42
    assert here._parent.pid == before


def test_there_are_enough_attacks() -> None:
    assert len(NAMES) + len(LOUD) + 12 >= 80


@pytest.mark.parametrize("name", NAMES)
def test_a_quiet_attack_gets_nowhere(quiet: dict[str, str], name: str) -> None:
    assert not quiet[name].startswith("got"), quiet[name]


def test_the_outside_is_untouched(quiet: dict[str, str], canaries: dict[str, Any]) -> None:
    assert sorted(path.name for path in Path(canaries["folder"]).iterdir()) == ["letters", "secret"]
    assert Path(f"/proc/{canaries['pid']}").exists()


LOUD = {
    "fork_bomb": (
        "import os, time\nn = 0\ntry:\n    while True:\n        if os.fork() == 0: time.sleep(60)\n"
        "        n += 1\nexcept OSError: print(n)\n",
        State.DONE,
    ),
    "fork_bomb_of_forks": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", State.TIME,
    ),
    "threads": (
        "import threading, time, os\nn = 0\ntry:\n    while True:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); n += 1\n"
        "except RuntimeError: os._exit(0 if n < 64 else 5)",
        State.DONE,
    ),
    "memory": ("x = [bytearray(1 << 26) for _ in range(1000)]", State.MEMORY),
    "memory_without_python": (
        "import mmap\nkept = []\nwhile True:\n    m = mmap.mmap(-1, 1 << 26); m[::4096] = b'1' * "
        "(1 << 14); kept.append(m)",
        State.ERROR,
    ),
    "deep_nesting": (
        "import sys, threading\nsys.setrecursionlimit(10**9)\nx = []\n"
        "for _ in range(5000): x = [x]\nthreading.stack_size(65536)\n"
        "t = threading.Thread(target=repr, args=(x,)); t.start(); t.join(); sys.exit(3)",
        State.CRASHED,
    ),
    "standard_output": ("while True: print('A' * 65536)", State.OUTPUT),
    "standard_error": ("import os\nwhile True: os.write(2, b'A' * 65536)", State.OUTPUT),
    "processor": ("while True: pass", State.TIME),
    "sleep": ("import time; time.sleep(60)", State.TIME),
    "deaf": (
        "import signal, time\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True:\n    try: time.sleep(60)\n"
        "    except BaseException: pass",
        State.TIME,
    ),
    "segmentation_fault": ("import ctypes; ctypes.string_at(0)", State.CRASHED),
    "abort": ("import os; os.abort()", State.CRASHED),
    "closes_everything": ("import os; os.closerange(0, 1024)", State.DONE),
    "stops_itself": (
        "import os, signal\nif os.fork() == 0: os.kill(os.getppid(), signal.SIGSTOP)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\nimport time; time.sleep(60)",
        State.TIME,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOUD)
def test_a_loud_attack_ends_with_its_name(here: LocalRunner, name: str) -> None:
    source, state = LOUD[name]
    limits = Limits(
        wall_seconds=0.3 if state is State.TIME else 20,
        cpu_seconds=10,
        memory_mb=256,
        processes=24,
        disk_mb=16,
        output_bytes=4096,
    )
    ended = run_code(source, runner=here, limits=limits)
    # A newer Python raises where an older one runs out of stack.
    allowed = {state, State.ERROR} if state is State.CRASHED else {state}
    assert ended.state in allowed, ended
    assert ended.counts


def _living(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in path.read_bytes().decode("utf-8", "replace"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_a_daemon_does_not_outlive_its_run(here: LocalRunner) -> None:
    source = (
        "import os, subprocess\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execv('/bin/sleep', ['sleep', '98.7654'])\n    os._exit(0)\n"
        "import time; time.sleep(0.05)"
    )
    assert run_code(source, runner=here, limits=LIMITS).done
    assert _living("98.7654") == []


def test_processor_time_of_daemons_is_counted(here: LocalRunner) -> None:
    source = (
        "import os\nif os.fork() == 0:\n    os.setsid()\n    sum(range(4_000_000))\n"
        "    os._exit(0)\nos.wait()"
    )
    assert run_code(source, runner=here, limits=LIMITS).usage.cpu_seconds > 0.01


def test_a_family_s_memory_is_bounded_together(here: LocalRunner) -> None:
    """Twenty children of 100 MB each: the control group kills, or the attendant ends the run."""
    source = (
        "import os, time\nfor i in range(20):\n    if os.fork() == 0:\n"
        "        x = bytearray(100 << 20); x[::4096] = b'1' * len(x[::4096]); time.sleep(60)\n"
        "time.sleep(60)"
    )
    limits = Limits(wall_seconds=15, memory_mb=300, processes=32)
    begun = time.monotonic()
    ended = run_code(source, runner=here, limits=limits)
    assert (ended.state, ended.reason) == (State.MEMORY, "memory")
    assert time.monotonic() - begun < 14


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_a_disk_cannot_be_filled(here: LocalRunner, folder: str) -> None:
    source = (
        f"n = 0\ntry:\n    for i in range(100):\n"
        f"        with open('{folder}/f%d' % i, 'wb') as f:\n"
        "            f.write(b'x' * (4 << 20))\n        n += 1\nexcept OSError: pass\nx = n\n"
        "import time; time.sleep(0.2)"
    )
    ended = run_code(source, runner=here, answer="x", limits=LIMITS)
    assert ended.reason == "disk" or ended.value <= 4, ended
    assert not list(Path("/tmp").glob("f[0-9]")) or folder != "/tmp"


def test_files_without_number_end_the_run_or_are_refused(here: LocalRunner) -> None:
    source = (
        "n = 0\ntry:\n    for i in range(4_600):\n        open('e%d' % i, 'w').close(); n += 1\n"
        "except OSError: pass\nx = n\nimport time; time.sleep(0.3)"
    )
    ended = run_code(source, runner=here, answer="x", limits=LIMITS)
    assert ended.reason == "disk" or ended.value < 4_200, ended


def test_one_run_leaves_nothing_for_the_next(here: LocalRunner) -> None:
    first = (
        "import json, os, sys\njson.loads = lambda *a: 'poisoned'\nsys.modules['math'] = None\n"
        "for f in ('.', '/tmp', '/dev/shm'):\n    try: open(f + '/left', 'w').write('x')\n"
        "    except OSError: pass\nos.environ['LEFT'] = '1'"
    )
    assert run_code(first, runner=here, limits=LIMITS).done
    second = (
        "import json, math, os\nx = [json.loads('[1]'), os.environ.get('LEFT'), "
        "[f for f in ('left', '/tmp/left', '/dev/shm/left') if os.path.exists(f)]]"
    )
    assert run_code(second, runner=here, answer="x").value == [[1], None, []]


FORGED = {
    "nothing_like_it": b"\xff" * 64,
    "a_giant": struct.pack("!I", 0xFFFFFFFF) + b"x",
    "too_deep": struct.pack("!I", 200_000) + b"[" * 200_000,
    "not_an_answer": wire.pack(["ready", True]),
    "a_pickle": wire.pack({"value": {"~": "pickle", "v": "gASVEAAAAAAAAACMAm9zlA=="}}),
    "a_false_array": wire.pack({"value": {"~": "npy", "v": "gASVKAAAAAAAAACM"}}),
    "a_false_start": wire.pack({"ready": True}) + wire.pack({"value": 42}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_is_an_error_of_the_submission(here: LocalRunner, name: str) -> None:
    source = f"import os\nos.write(3, {FORGED[name]!r})\nos._exit(0)"
    ended = run_code(source, runner=here, answer="x", limits=Limits(wall_seconds=5))
    assert ended.value is None
    called = call_function(source, "f", [Input((1,))], runner=here, seconds_each=1)
    answer = called.answers[0]
    # It may say what it likes about its own value, and nothing else.
    assert answer.value in (None, 42)


def test_hidden_inputs_are_not_there_before_their_turn(here: LocalRunner) -> None:
    """Every string of its whole memory is looked at before the second input is asked."""
    source = (
        "import gc\ndef f(word):\n    seen = [o for o in gc.get_objects() if isinstance(o, dict)]\n"
        "    text = repr([list(map(str, d.values())) for d in seen if len(d) < 50])\n"
        "    return 'HIDDEN-' + 'TWO' in text"
    )
    inputs = [Input(("one",)), Input(("HIDDEN-TWO",))]
    called = call_function(source, "f", inputs, runner=here, seconds_each=5)
    assert called.answers[0].value is False


def test_a_run_that_nobody_waits_for_is_ended(here: LocalRunner) -> None:
    run = here.begin(Task("code", {"source": "import time; time.sleep(97.531)"}, limits=LIMITS))
    time.sleep(0.05)
    assert run.kill().detail == "abandoned"


def test_walls_that_do_not_stand_start_nothing(here: LocalRunner, tmp_path: Path) -> None:
    """A filter that the kernel refuses: the code must not run without it."""
    if here.tier is not Tier.LANDLOCK:
        pytest.skip("the code's own folder can only be looked at behind Landlock")
    from bitgoeul.runner import tiers
    from bitgoeul.runner.warm import WarmParent, Warmth

    copy = tmp_path / "runner"
    subprocess.run(["cp", "-r", str(tiers.HERE), str(copy)], check=True)
    for above in (copy, *list(copy.parents)[:-2]):
        above.chmod(0o755)
    for path in (copy / "filters").iterdir():
        path.write_bytes(b"\xff" * 16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiers, "HERE", copy)
        with WarmParent.start(Tier.LANDLOCK, warmth=Warmth(modules=())) as parent:
            ended = parent.begin(Task("code", {"source": "print('ran')"})).end()
    assert (ended.state, ended.stdout) == (State.PLATFORM, "")
