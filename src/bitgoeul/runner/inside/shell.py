"""Notebook cells, run as IPython runs them, each with a clock and a cup for what it prints."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import time
import traceback
import types
import unittest
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

KEPT = 10_000
"""How much of what one cell prints is kept."""
HUGE = 1 << 20
"""From here on a cell's output is called huge."""

_shell: Any = None


class Overtime(BaseException):
    """A cell or a call took longer than it may; not an Exception, so that few catch it."""


class Cup(io.TextIOBase):
    """Takes what is printed, keeps the beginning, counts the rest."""

    def __init__(self) -> None:
        self.text = ""
        self.size = 0

    def write(self, text: str) -> int:
        """Take some text."""
        text = str(text)
        if len(self.text) < KEPT:
            self.text += text[: KEPT - len(self.text)]
        self.size += len(text)
        return len(text)

    def writable(self) -> bool:
        """It can always be written to."""
        return True


@dataclass
class Ran:
    """How one cell went."""

    error: str = ""
    kind: str = ""
    out: str = ""
    err: str = ""
    shown: str | None = None
    value: Any = None
    overtime: bool = False
    huge: bool = False

    @property
    def text(self) -> str:
        """Everything that it said."""
        return "".join((self.out, self.err, self.shown or ""))

    def as_dict(self) -> dict[str, Any]:
        """As a message."""
        return {
            "error": self.error,
            "kind": self.kind,
            "text": self.text[:KEPT],
            "overtime": self.overtime,
            "huge": self.huge,
        }


@contextmanager
def clock(seconds: float) -> Iterator[None]:
    """Raise `Overtime` in here after so many seconds, again and again if it is caught."""

    def ring(_number: int, _frame: Any) -> None:
        raise Overtime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def prepare() -> None:
    """Make IPython's shell once, in the warmed parent."""
    global _shell  # noqa: PLW0603 -- one shell a process, as IPython has it
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-")
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.separate_in = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _shell = InteractiveShell.instance(config=config)
    # A first cell makes what later ones reuse.  Figures are drawn by nobody: Agg is set already.
    _shell.run_cell("None", store_history=False, silent=True)
    _shell.register_magic_function(lambda _line: None, "line", "matplotlib")
    stand_ins()


def ready() -> bool:
    """Whether IPython is there."""
    return _shell is not None


def names() -> dict[str, Any]:
    """The names of the notebook."""
    found: dict[str, Any] = _shell.user_ns
    return found


def run(source: str, *, seconds: float) -> Ran:
    """Run one cell."""
    out, err = Cup(), Cup()
    ran = Ran()
    stdout, stderr = sys.stdout, sys.stderr
    hook = _shell.displayhook
    shown: list[Any] = []
    sys.stdout, sys.stderr = out, err
    _shell.display_trap.hook = shown.append
    complaints = _shell.showtraceback
    _shell.showtraceback = _silent
    begun = time.monotonic()
    try:
        with clock(seconds):
            result = _shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        _note(ran, error, shown[-1] if shown and not source.rstrip().endswith(";") else None)
    except Overtime as late:
        _note(ran, late, None)
    except BaseException as error:  # noqa: BLE001 -- submitted code may raise anything
        _note(ran, error, None)
    finally:
        sys.stdout, sys.stderr = stdout, stderr
        _shell.display_trap.hook = hook
        _shell.showtraceback = complaints
    ran.overtime = ran.kind == "Overtime" or time.monotonic() - begun > seconds + 1
    ran.out, ran.err = out.text, err.text
    ran.huge = out.size + err.size > HUGE
    return ran


def plain(source: str) -> str:
    """A cell with IPython's own lines, as plain Python."""
    return str(_shell.transform_cell(source))


def _silent(*_args: Any, **_named: Any) -> None:
    """The traceback is in the result already."""


def _note(ran: Ran, error: BaseException | None, value: Any) -> None:
    if error is not None:
        ran.kind = type(error).__name__
        ran.error = described(error)
    elif value is not None:
        ran.value = value
        try:
            ran.shown = repr(value)[:KEPT]
        except BaseException as broken:  # noqa: BLE001 -- a submitted class may raise anything
            ran.shown = f"<{type(broken).__name__}>"


def described(error: BaseException) -> str:
    """An exception in one line, whatever its own text does."""
    try:
        text = " ".join(str(error).split())[:500]
    except BaseException:  # noqa: BLE001 -- a submitted class may raise anything
        text = ""
    text = text or _asserted(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _asserted(error: BaseException) -> str:
    """The line of a bare ``assert`` that failed: without it nobody knows which one it was."""
    if type(error) is not AssertionError:
        return ""
    try:
        lines = traceback.extract_tb(error.__traceback__)
        return next(
            (" ".join(str(one.line).split())[:300] for one in reversed(lines)
             if str(one.line).lstrip().startswith("assert")), "",
        )  # fmt: skip
    except BaseException:  # noqa: BLE001 -- a submission may have changed any module
        return ""


# -- modules that old notebooks expect -----------------------------------------------------------


def stand_ins() -> None:
    """Otter's client, whose checks are ours here; and nose's assertions, gone since Python 3.10."""
    _module("otter", Notebook=_Grader)
    case = unittest.TestCase()
    functions = {}
    for name in dir(case):
        if name.startswith("assert") and callable(getattr(case, name)):
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
            functions[snake] = getattr(case, name)
    functions["assert_equals"] = functions["assert_equal"]
    functions["ok_"], functions["eq_"] = _ok, case.assertEqual
    tools = _module("nose.tools", **functions)
    _module("nose", tools=tools)


def _ok(value: Any, message: str | None = None) -> None:
    if not value:
        raise AssertionError(message)


def _module(name: str, **content: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(content)
    return sys.modules.setdefault(name, made)


class _Grader:
    """Otter's ``Notebook``: in a graded run the checks are made elsewhere."""

    def __init__(self, *_args: Any, **_named: Any) -> None:
        pass

    def check(self, *_args: Any, **_named: Any) -> None:
        """Nothing."""

    check_all = export = to_pdf = add_plugin_files = run_plugin = check
