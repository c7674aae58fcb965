"""A run's bounds hold when it is noisy, when it is large, and when its parent is renewed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bitgoeul.runner import (
    Input,
    Limits,
    LocalRunner,
    State,
    Task,
    Unavailable,
    Warmth,
    call_function,
    run_code,
)
from bitgoeul.runner.inside import attending, wire

QUICK = Limits(wall_seconds=5, cpu_seconds=5)


def test_who_writes_without_end_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(watch: attending.Watch, _baseline: int) -> None:
        watch.verdict = "memory"

    monkeypatch.setattr(attending.Watch, "_look_around", too_much)
    monkeypatch.setattr(attending.Watch, "_drain", lambda _watch: None)
    monkeypatch.setattr(attending, "_end_descendants", lambda: None)
    monkeypatch.setattr(attending, "FLOOD", 1 << 60)
    limits = {"wall_seconds": 1, "cpu_seconds": 1, "output_bytes": 1}
    child = subprocess.Popen([shutil.which("sleep") or "sleep", "60"])
    here, there = socket.socketpair()
    # There is always something to be read from it: no pause is ever one in which nothing happens.
    with Path("/dev/zero").open("rb") as out, Path("/dev/null").open("rb") as err, here, there:
        watch = attending.Watch(child.pid, (out.fileno(), err.fileno()), here, limits, None)
        assert watch.until_the_end()["state"] == "memory"
    child.wait()


SAYS = {
    "nothing": b"{}",
    "no JSON": b"nonsense",
    "a list": b"[1]",
    "another field": b'{"gone": 1}',
}


@pytest.mark.parametrize("said", SAYS)
def test_a_malformed_answer_is_an_error(here: LocalRunner, said: str) -> None:
    forged = (
        f"import os\nbody = {SAYS[said]!r}\n"
        "def say():\n    os.write(3, len(body).to_bytes(4, 'big') + body)\n"
    )
    ended = run_code(forged + "say()\nx = None", runner=here, answer="x", limits=QUICK)
    assert (ended.state, ended.reason, ended.value) == (State.ERROR, "no_answer", None)
    source = forged + "def f():\n    say()"
    called = call_function(source, "f", [Input()], runner=here, limits=QUICK)
    assert (called.answers[0].state, called.answers[0].reason) == (State.ERROR, "no_answer")


def test_an_answer_that_is_too_large_or_missing_is_an_error(here: LocalRunner) -> None:
    large = "import os\nos.write(3, (1 << 30).to_bytes(4, 'big') + b'x')\nx = None"
    ended = run_code(large, runner=here, answer="x", limits=QUICK)
    assert (ended.state, ended.reason) == (State.ERROR, "no_answer")
    left = run_code("import os\nos._exit(0)", runner=here, answer="x", limits=QUICK)
    assert (left.state, left.reason) == (State.ERROR, "no_answer")
    called = call_function("import os\nos._exit(0)", "f", [Input()], runner=here, limits=QUICK)
    assert (called.answers[0].state, called.answers[0].reason) == (State.ERROR, "no_answer")


@pytest.fixture
def own(here: LocalRunner) -> Iterator[LocalRunner]:
    """A runner whose parent ends after three runs."""
    assert here.tier
    warmth = Warmth(modules=(), memory_mb=1024, processes=200, most_runs=3)
    runner = LocalRunner(tiers=(here.tier,), warmth=warmth)
    yield runner
    runner.close()


def test_what_is_too_large_has_its_own_reason_and_ends_nobody(
    own: LocalRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = own.begin(Task("code", {"source": "import time; time.sleep(0.2)"}))
    monkeypatch.setattr(wire, "REQUEST_BYTES", 5000)
    parent = own._parent
    for files in ({"x": b"0" * 5001}, {"x": b"0" * 4500}):
        ended = run_code("x = 1", runner=own, files=files, limits=QUICK)
        assert (ended.state, ended.reason) == (State.REFUSED, "request_too_large")
        with pytest.raises(Unavailable, match="at most 5000"):
            own.begin(Task("code", {"source": ""}, files))
    assert own._parent is parent
    assert running.end().state is State.DONE


def test_a_parent_is_renewed_and_its_runs_end_first(own: LocalRunner) -> None:
    first = own.begin(Task("code", {"source": "import time; time.sleep(0.3)"}))
    old = own._parent
    for _ in range(3):
        assert run_code("x = 1", runner=own, answer="x", limits=QUICK).value == 1
    assert own._parent is not old
    assert own._retired == [old]
    assert first.end().state is State.DONE
    assert own.run(Task("code", {"source": ""})).done
    assert own._retired == []


def test_a_shared_parent_is_renewed_too_and_keeps_the_folders_of_its_runs(
    own: LocalRunner, tmp_path
) -> None:
    shared = LocalRunner(tiers=own._tiers, warmth=own._warmth, folder=tmp_path)
    source = (
        "import time; open('kept', 'w').write('here'); time.sleep(0.3); x = open('kept').read()"
    )
    said: list[object] = []
    slow = threading.Thread(
        target=lambda: said.append(run_code(source, runner=shared, answer="x", limits=QUICK).value)
    )
    slow.start()
    pids = set()
    for _ in range(3):
        assert run_code("x = 1", runner=shared, answer="x", limits=QUICK).value == 1
        assert shared._parent
        pids.add(shared._parent.pid)
    slow.join()
    assert len(pids) > 1
    assert said == ["here"]
    shared._parent.close()
