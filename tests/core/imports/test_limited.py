"""The confined child: results come back, and whatever it does wrong becomes a refusal."""

import os
import signal
import time
from pathlib import Path

import pytest

from bitgoeul.core.imports import limited
from bitgoeul.core.imports.errors import FileRefused


def run(work, *, memory_mb=256, seconds=5, output_bytes=1 << 20):
    return limited.run(work, memory_mb=memory_mb, seconds=seconds, output_bytes=output_bytes)


def refusal(work, **limits):
    with pytest.raises(FileRefused) as caught:
        run(work, **limits)
    return caught.value


def test_results_come_back_in_order():
    assert run(lambda: iter([1, "가\n나", [None, 1.5], {"a": True}])) == [
        1, "가\n나", [None, 1.5], {"a": True},
    ]  # fmt: skip
    assert run(lambda: []) == []


def test_a_refusal_comes_back_as_it_was_raised():
    def work():
        yield 1
        raise FileRefused("too_many_rows", max=5)

    refused = refusal(work)
    assert (refused.code, refused.params) == ("too_many_rows", {"max": 5})


def test_memory_is_bounded():
    assert refusal(lambda: [len(bytearray(400 << 20))], memory_mb=128).code == "too_demanding"


def test_what_the_parent_holds_does_not_count():
    held = bytearray(300 << 20)
    assert run(lambda: [len(bytearray(10 << 20))], memory_mb=64) == [10 << 20]
    assert len(held) == 300 << 20


@pytest.mark.parametrize("busy", [True, False])
def test_time_is_bounded(busy):
    def work():
        while True:
            if not busy:
                time.sleep(1)
        yield 1

    started = time.monotonic()
    assert refusal(work, seconds=1).code == "too_demanding"
    assert time.monotonic() - started < 15


def test_output_is_bounded():
    def work():
        while True:
            yield "x" * 1000

    assert refusal(work).code == "too_demanding"


def test_a_child_that_dies():
    assert refusal(lambda: os.kill(os.getpid(), signal.SIGKILL)).code == "too_demanding"
    assert refusal(os.abort).code == "too_demanding"


def test_an_unexpected_failure_is_logged_without_its_message(caplog):
    def work():
        raise RuntimeError("900101-1234567")

    assert refusal(work).code == "damaged"
    assert "RuntimeError in work" in caplog.text
    assert "900101" not in caplog.text


def test_no_child_and_no_descriptor_is_left():
    run(lambda: [1])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        run(lambda: [1])
        refusal(os.abort)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
