"""Running texts, calling functions, scoring: every run ends in a state with a reason."""

from __future__ import annotations

import pytest

from bitgoeul.runner import (
    Input,
    Limits,
    LocalRunner,
    State,
    Task,
    call_function,
    run_code,
    run_scorer,
)

QUICK = Limits(wall_seconds=5, cpu_seconds=5)


def test_a_text_runs_and_its_answer_comes_back(here: LocalRunner) -> None:
    source = "print('안녕'); import sys; print('oh', file=sys.stderr); x = {'a': (1, 2.5)}"
    ended = run_code(source, runner=here, answer="x", limits=QUICK)
    assert (ended.state, ended.value, ended.stdout, ended.stderr) == (
        State.DONE,
        {"a": (1, 2.5)},
        "안녕\n",
        "oh\n",
    )
    assert ended.usage.cpu_seconds > 0
    assert ended.tier in here.complaints or ended.tier is here.tier


@pytest.mark.parametrize(
    ("source", "state", "detail"),
    [
        ("1 / 0", State.ERROR, "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", State.ERROR, "exit 3"),
        ("def broken(:", State.ERROR, "SyntaxError: invalid syntax"),
        ("import ctypes; ctypes.string_at(0)", State.CRASHED, "signal 11"),
        ("x = bytearray(4 << 30)", State.MEMORY, "exit 77"),
        ("while True: print('x' * 60000)", State.OUTPUT, "output"),
    ],
)
def test_what_goes_wrong_has_a_name(
    here: LocalRunner, source: str, state: State, detail: str
) -> None:
    limits = Limits(wall_seconds=5, memory_mb=1024, output_bytes=2000)
    ended = run_code(source, runner=here, limits=limits)
    assert (ended.state, ended.detail) == (state, detail)
    assert ended.counts


def test_an_endless_loop_ends_with_its_time(here: LocalRunner) -> None:
    ended = run_code("while True: pass", runner=here, limits=Limits(wall_seconds=0.2))
    assert (ended.state, ended.reason) == (State.TIME, "time")


def test_long_output_is_cut_and_says_so(here: LocalRunner) -> None:
    limits = Limits(wall_seconds=5, output_bytes=100)
    ended = run_code("print('a' * 500)", runner=here, limits=limits)
    assert (ended.state, len(ended.stdout), ended.truncated) == (State.DONE, 100, True)


def test_files_lie_in_its_folder_and_nothing_is_left_for_the_next(here: LocalRunner) -> None:
    source = "import os; x = [open('data/a.txt').read(), os.listdir('.')]; open('left', 'w')"
    for _ in range(2):
        ended = run_code(source, runner=here, answer="x", files={"data/a.txt": b"hello"})
        assert ended.value[0] == "hello"
        assert "left" not in ended.value[1]


def test_a_file_name_cannot_lead_out() -> None:
    for name in ("../x", "/etc/x", "", "a\0b"):
        with pytest.raises(ValueError, match="relative"):
            Task("code", files={name: b""})


FUNCTION = """
import time
def f(a, b=1):
    if a == 'sleep': time.sleep(60)
    if a == 'raise': raise ValueError('four')
    if a == 'object': return object()
    if a == 'leave':
        import os; os._exit(3)
    return [a, b]
"""


def test_each_input_has_its_answer_whatever_the_others_did(here: LocalRunner) -> None:
    inputs = ["sleep", 1, "raise", "object", "leave", 2]
    called = call_function(
        FUNCTION, "f", [Input((a,), {"b": 7}) for a in inputs], runner=here, seconds_each=0.3
    )
    assert [(a.state, a.value, a.reason) for a in called.answers] == [
        (State.TIME, None, "time"),
        (State.DONE, [1, 7], ""),
        (State.ERROR, None, "ValueError"),
        (State.ERROR, None, "NotPlain"),
        (State.ERROR, None, "error"),
        (State.DONE, [2, 7], ""),
    ]


def test_a_text_that_does_not_run_answers_nothing(here: LocalRunner) -> None:
    called = call_function("1 / 0", "f", [Input((1,)), Input((2,))], runner=here)
    assert {(a.state, a.detail) for a in called.answers} == {
        (State.ERROR, "ZeroDivisionError: division by zero")
    }


def test_a_missing_function_is_named(here: LocalRunner) -> None:
    called = call_function("x = 1", "f", [Input((1,))], runner=here)
    assert (called.answers[0].reason, called.answers[0].detail) == ("NameError", "no function f")


def test_a_scorer_reads_its_files(here: LocalRunner) -> None:
    source = "def score():\n    return {'n': len(open('reference/x').read())}"
    ended = run_scorer(source, runner=here, files={"reference/x": b"abc"})
    assert ended.value == {"n": 3}
    broken = run_scorer("def score():\n    return 1 / 0", runner=here, files={})
    assert (broken.state, broken.reason) == (State.ERROR, "ZeroDivisionError")


def test_random_numbers_are_each_run_s_own(here: LocalRunner) -> None:
    drawn = {
        run_code("import random; x = random.random()", runner=here, answer="x").value
        for _ in range(3)
    }
    assert len(drawn) == 3


def test_nothing_runs_without_walls() -> None:
    none = LocalRunner(tiers=())
    ended = run_code("print(1)", runner=none)
    assert (none.tier, ended.state, ended.reason) == (None, State.REFUSED, "no_sandbox")
    assert not ended.counts
    called = call_function("x = 1", "f", [Input()], runner=none)
    assert called.answers[0].state is State.REFUSED


def test_a_parent_that_was_killed_is_started_again(here: LocalRunner) -> None:
    fresh = LocalRunner(tiers=(here.tier,) if here.tier else (), warmth=here._warmth)
    assert fresh.tier is here.tier
    assert fresh._parent is not None
    fresh._parent.close()
    assert run_code("x = 1", runner=fresh, answer="x").value == 1
    fresh.close()


def test_two_processes_share_one_parent(here: LocalRunner, tmp_path) -> None:
    assert here.tier
    options = {"tiers": (here.tier,), "warmth": here._warmth, "folder": tmp_path / ("deep" * 30)}
    first, second = LocalRunner(**options), LocalRunner(**options)
    assert run_code("x = 1", runner=first, answer="x").value == 1
    assert run_code("x = 2", runner=second, answer="x").value == 2
    assert first._parent
    assert second._parent
    assert (first._parent.pid > 0, second._parent.pid) == (True, 0)
    first._parent.close()
    assert run_code("x = 3", runner=second, answer="x").value == 3
    assert second._parent.pid > 0
    second._parent.close()
