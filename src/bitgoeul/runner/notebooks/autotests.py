"""nbgrader's AUTOTEST lines, made into tests by running the source once, in the sandbox.

A line ``### AUTOTEST x; f(2)`` (or ``### HASHED AUTOTEST …``) stands for tests of what the
author's own solution gives there: of which type it is, and which value.  What nbgrader does when
an assignment is generated is done here, with its templates and in its words; the result is a
source like any other, whose tests are graded like any other's.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bitgoeul.runner.inside.shell import KEPT
from bitgoeul.runner.local import Runner
from bitgoeul.runner.request import Limits, Task
from bitgoeul.runner.warm import Run

from . import nbgrader, otter
from .reading import NotebookError, read

WORD = "AUTOTEST"
HASHED = "HASHED"
LARGEST = 100_000
MOST_TESTS = 2_000
_HELD = "__autotest__"
_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_CLASS = re.compile(r"<class '([\w.]+)'>")
_KERNELS = ("python3", "python")


@dataclass(frozen=True, slots=True)
class Templates:
    """What a snippet is turned into; the default ones are those that nbgrader ships for Python."""

    tests: Mapping[str, tuple[tuple[str, str], ...]]
    setup: str = "from hashlib import sha1"
    hashing: str = 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: str = "type({{snippet}})"
    normalize: str = "str({{snippet}})"
    check: str = 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: str = "print('Success!')"


def _tests(**kinds: list[tuple[str, str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    return {kind: tuple(rows) for kind, rows in kinds.items()}


_S = "{{snippet}}"
_TYPE = f"type({_S})"
DEFAULT = Templates(
    _tests(
        default=[
            (_TYPE, f"type of {_S} is not correct"),
            (_S, f"value of {_S} is not correct"),
        ],
        int=[
            (
                _TYPE,
                f"type of {_S} is not int. Please make sure it is int and not np.int64, etc. "
                "You can cast your value into an int using int()",
            ),
            (_S, f"value of {_S} is not correct"),
        ],
        float=[
            (
                _TYPE,
                f"type of {_S} is not float. Please make sure it is float and not np.float64, "
                "etc. You can cast your value into a float using float()",
            ),
            (f"round({_S}, 2)", f"value of {_S} is not correct (rounded to 2 decimal places)"),
        ],
        set=[
            (_TYPE, f"type of {_S} is not set. {_S} should be a set"),
            (f"len({_S})", f"length of {_S} is not correct"),
            (_S, f"value of {_S} is not correct"),
        ],
        list=[
            (_TYPE, f"type of {_S} is not list. {_S} should be a list"),
            (f"len({_S})", f"length of {_S} is not correct"),
            (f"sorted(map(str, {_S}))", f"values of {_S} are not correct"),
            (_S, f"order of elements of {_S} is not correct"),
        ],
        tuple=[
            (_TYPE, f"type of {_S} is not tuple. {_S} should be a tuple"),
            (f"len({_S})", f"length of {_S} is not correct"),
            (f"sorted(map(str, {_S}))", f"values of {_S} are not correct"),
            (_S, f"order of elements of {_S} is not correct"),
        ],
        str=[
            (_TYPE, f"type of {_S} is not str. {_S} should be an str"),
            (f"len({_S})", f"length of {_S} is not correct"),
            (f"{_S}.lower()", f"value of {_S} is not correct"),
            (_S, f"correct string value of {_S} but incorrect case of letters"),
        ],
        dict=[
            (_TYPE, f"type of {_S} is not dict. {_S} should be a dict"),
            (f"len(list({_S}.keys()))", f"number of keys of {_S} is not correct"),
            (f"sorted(map(str, {_S}.keys()))", f"keys of {_S} are not correct"),
            (
                f"sorted(map(str, {_S}.values()))",
                f"correct keys, but values of {_S} are not correct",
            ),
            (
                _S,
                f"correct keys and values, but incorrect correspondence in keys and values of {_S}",
            ),
        ],
        bool=[
            (_TYPE, f"type of {_S} is not bool. {_S} should be a bool"),
            (_S, f"boolean value of {_S} is not correct"),
        ],
        type=[(_S, f"type of {_S} is not correct")],
    )
)


def has_autotests(content: bytes) -> bool:
    """Whether a notebook holds such lines in a code cell."""
    notebook = read(content)
    if otter.is_master(notebook):
        return False
    cells = notebook.cells
    return any(cell.kind == "code" and _lines(cell.source) for cell in cells)


def templates_of(text: bytes) -> Templates:
    """The templates of an ``autotests.yml`` for Python.

    Only ``{{ name }}`` is filled in: a file that wants more of its template language is refused.

    Raises
    ------
    NotebookError
        ``bad_autotests``, with what is wrong.
    """
    try:
        if len(text) > LARGEST:
            raise ValueError(f"{len(text)} bytes")
        found = yaml.safe_load(text.decode("utf-8-sig"))
        own = next(found[kernel] for kernel in _KERNELS if kernel in found)
        tests = {
            str(kind): tuple((str(row["test"]), str(row["fail"])) for row in rows)
            for kind, rows in own["templates"].items()
        }
        if "default" not in tests:
            raise ValueError("templates: default")
        names = {"setup": "setup", "hash": "hashing", "dispatch": "dispatch",
                 "normalize": "normalize", "check": "check", "success": "success"}  # fmt: skip
        made = Templates(
            tests, **{ours: str(own.get(theirs) or "") for theirs, ours in names.items()}
        )
        for needed in ("dispatch", "normalize", "check"):
            if not getattr(made, needed):
                raise ValueError(needed)
        _refuse_more(made)
    except StopIteration:
        raise NotebookError("bad_autotests", value="python3") from None
    except (
        yaml.YAMLError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as error:
        raise NotebookError("bad_autotests", value=error) from error
    return made


def _refuse_more(made: Templates) -> None:
    single = (made.setup, made.hashing, made.dispatch, made.normalize, made.check, made.success)
    for text in (*single, *(part for rows in made.tests.values() for row in rows for part in row)):
        left = _SLOT.sub("", text)
        if "{%" in left or "{{" in left or "{#" in left:
            raise ValueError(text[:80])


def with_tests(
    content: bytes,
    *,
    runner: Runner,
    templates: Templates | None = None,
    files: Mapping[str, bytes] | None = None,
    limits: Limits | None = None,
) -> bytes:
    """The source with its AUTOTEST lines made into tests; as it is when it has none.

    Raises
    ------
    NotebookError
        ``autotest_place`` when a line stands outside of a test, ``autotest_failed`` when the
        source does not run or a value cannot be written down.
    Unavailable
        When nothing may run here.
    """
    if not has_autotests(content):
        return content
    found: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
    facts = {"cell_seconds": 30.0, "check_seconds": 10.0, "call_seconds": 10.0}
    bounds = limits or Limits(wall_seconds=60.0, cpu_seconds=60)
    run = runner.begin(Task("answering", facts, dict(files or {}), bounds))
    try:
        writer = _Writer(run, templates or DEFAULT)
        for number, cell in enumerate(found.get("cells", [])):
            if cell.get("cell_type") == "code":
                cell["source"] = writer.cell(cell, number)
    finally:
        run.kill()
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(source: str) -> list[str]:
    return [line for line in source.split("\n") if _is_autotest(line)]


def _is_autotest(line: str) -> bool:
    return WORD in line and line.strip().startswith("#")


def _filled(template: str, **values: str) -> str:
    return _SLOT.sub(lambda slot: values.get(slot[1], ""), template)


class _Writer:
    """Runs the source from cell to cell and writes down what comes of it."""

    def __init__(self, run: Run, templates: Templates) -> None:
        self.run = run
        self.templates = templates
        self.name = ""
        self.tests = 0

    def cell(self, cell: dict[str, Any], number: int) -> str:
        """The text of a cell with its tests."""
        text = cell.get("source", "")
        source = text if isinstance(text, str) else "".join(text)
        marks = nbgrader.normalised(
            cell.get("metadata", {}).get("nbgrader") or {}, f"#{number + 1}"
        )
        self.name = marks.get("grade_id") or f"#{number + 1}"
        if not _lines(source):
            self._execute(source)
            return source
        if not marks.get("grade") or marks.get("solution"):
            raise NotebookError("autotest_place", cell=self.name)
        salt = int(hashlib.sha256(f"{source}{number}".encode()).hexdigest(), 16) % 10**6
        return self._instantiated(source, salt)

    def _instantiated(self, source: str, salt: int) -> str:
        made: list[str] = []
        waiting: list[str] = []
        first = True
        for line in source.split("\n"):
            if not _is_autotest(line):
                made.append(line)
                waiting.append(line)
                continue
            self._execute("\n".join(waiting))
            waiting = []
            if first and self.templates.setup:
                made.append(self.templates.setup)
                self._execute(self.templates.setup)
            first = False
            before, _word, after = line.partition(WORD)
            for snippet in (part.strip() for part in after.strip(";").split(";")):
                if snippet:
                    salt += HASHED in before
                    made += self._checks(snippet, f"{salt:x}" if HASHED in before else "")
                    made.append("")
        if self.templates.success:
            made.append(self.templates.success)
        self._execute("\n".join(waiting))
        return "\n".join(made)

    def _checks(self, snippet: str, salt: str) -> list[str]:
        plan = self.templates
        kind = self._value(_filled(plan.dispatch, snippet=snippet))
        if named := _CLASS.fullmatch(kind):
            kind = named[1]
        lines = []
        for test, fail in plan.tests.get(kind) or plan.tests["default"]:
            asked = _filled(plan.normalize, snippet=test)
            if salt:
                asked = _filled(plan.hashing, snippet=asked, salt=salt)
            asked = _filled(asked, snippet=snippet)
            value = _escaped(self._plain(self._value(asked)))
            told = _escaped(_filled(fail, snippet=snippet))
            lines.append(_filled(plan.check, snippet=asked, value=value, message=told))
        self.tests += len(lines)
        if self.tests > MOST_TESTS:
            raise NotebookError("autotest_failed", cell=self.name, value=f"> {MOST_TESTS}")
        return lines

    def _plain(self, shown: str) -> str:
        """The text that a value shows: the quotation marks around a string are Python's own."""
        try:
            value = ast.literal_eval(shown)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return shown
        return value if isinstance(value, str) else shown

    def _value(self, expression: str) -> str:
        """What an expression shows at this place, apart from anything that it prints."""
        ran = self._ask([f"{_HELD} = ({expression})", _HELD])
        shown = str(ran[-1].get("text", ""))
        if not 0 < len(shown) < KEPT:
            raise NotebookError("autotest_failed", cell=self.name, value=expression)
        return shown

    def _execute(self, source: str) -> None:
        if source.strip():
            self._ask([source])

    def _ask(self, sources: list[str]) -> list[dict[str, Any]]:
        cells = [[self.name, source] for source in sources]
        try:
            said = self.run.ask({"cells": cells}, seconds=30.0 * len(cells) + 5)
            ran = [row for row in said["ran"] if isinstance(row, dict)]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotebookError("autotest_failed", cell=self.name, value=error) from error
        for row in ran:
            if row.get("error") or row.get("huge"):
                why = row.get("error") or "output"
                raise NotebookError("autotest_failed", cell=self.name, value=why)
        if len(ran) != len(sources):
            raise NotebookError("autotest_failed", cell=self.name)
        return ran


def _escaped(text: str) -> str:
    """The text as it stands between double quotation marks."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
