"""Run a piece of parsing in a forked child with little memory and time.

The child sends its results back as JSON lines: whatever a hostile file does to the parser, the
parent reads plain data or learns that the child died. Nothing is pickled.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import logging
import os
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from .errors import FileRefused
from .limits import MEBIBYTE

logger = logging.getLogger("bitgoeul.imports")

_END = b'{"end":true}\n'
_CHUNK = 1 << 16


def run(
    work: Callable[[], Iterable[Any]], *, memory_mb: int, seconds: int, output_bytes: int
) -> list[Any]:
    """Return what `work` yields, computed in a child process.

    Raises
    ------
    FileRefused
        As raised by `work`; or `too_demanding` when a limit was reached, `damaged` when the
        parser broke.
    """
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        # From Python 3.12 on, forking beside threads warns. The child below takes no lock that
        # a thread could hold: it parses, writes to its pipe and leaves by _exit.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(work, write_end, memory_mb, seconds)
    os.close(write_end)
    try:
        output = _collect(read_end, time.monotonic() + seconds + 1, output_bytes)
    finally:
        os.close(read_end)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return _decode(output)


def _collect(read_end: int, deadline: float, most: int) -> bytearray:
    output = bytearray()
    while True:
        ready, _, _ = select.select([read_end], [], [], max(0.0, deadline - time.monotonic()))
        if not ready or len(output) > most:
            raise FileRefused("too_demanding")
        chunk = os.read(read_end, _CHUNK)
        if not chunk:
            return output
        output += chunk


def _decode(output: bytearray) -> list[Any]:
    if not output.endswith(_END):
        # Killed by a limit (the kernel or an aborted allocation): no last line was written.
        raise FileRefused("too_demanding")
    results: list[Any] = []
    for line in bytes(output).splitlines()[:-1]:
        item = json.loads(line)
        if "broken" in item:
            logger.error("a parser failed: %s", item["broken"])
            raise FileRefused("damaged")
        if "refused" in item:
            refusal = item["refused"]
            raise FileRefused(refusal["code"], refusal["message"], **refusal["params"])
        results.append(item["item"])
    return results


def _child(
    work: Callable[[], Iterable[Any]], write_end: int, memory_mb: int, seconds: int
) -> NoReturn:
    # No finaliser of the parent's objects may run here: one of them could say goodbye on a
    # database connection that the parent still uses.
    gc.disable()
    try:
        _confine(memory_mb, seconds)
        with os.fdopen(write_end, "wb", buffering=_CHUNK, closefd=False) as out:
            try:
                for item in work():
                    out.write(json.dumps({"item": item}).encode() + b"\n")
            except FileRefused as refusal:
                out.write(_line(refusal))
            except MemoryError:
                out.write(_line(FileRefused("too_demanding")))
            except BaseException as broken:  # noqa: BLE001 -- a parser's panic is no Exception
                out.write(json.dumps({"broken": _where(broken)}).encode() + b"\n")
            out.write(_END)
    finally:
        os._exit(0)


def _where(broken: BaseException) -> str:
    """The kind of failure and where it happened; never its message, which may quote the file."""
    trace = broken.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(broken).__name__} in {place}"


def _line(refusal: FileRefused) -> bytes:
    return json.dumps({"refused": refusal.stored()}).encode() + b"\n"


def _confine(memory_mb: int, seconds: int) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    faulthandler.disable()
    # A parser in another language reports its panics on standard error; ours are in the result.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_CPU, seconds + 1)
    _lower(resource.RLIMIT_AS, _address_space() + memory_mb * MEBIBYTE)


def _lower(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))


def _address_space() -> int:
    """Bytes already mapped: inherited from the parent, so they are not the parser's."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
        return int(pages) * resource.getpagesize()
    except OSError:
        # Without /proc (macOS) the inherited part is unknown; allow for a large parent.
        return 1024 * MEBIBYTE
