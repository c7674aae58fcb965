"""nbgrader's source notebooks, metadata of schema 0 (before it had a number) to 3."""

from __future__ import annotations

import re
from typing import Any

from .parts import Case, Check, Part, Role, Source, bound_names
from .reading import Cell, Notebook, NotebookError

NEWEST_SCHEMA = 3
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
IDENTIFIER = re.compile(r"[A-Za-z0-9_\-]+")
AUTOTEST = re.compile(r"^\s*#+\s*(HASHED\s+)?AUTOTEST\b", re.MULTILINE)


def read_source(notebook: Notebook) -> Source:
    """The parts and checks of an nbgrader source.

    Raises
    ------
    NotebookError
    """
    parts, checks, names = [], [], set()
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        place = f"#{number + 1}"
        marks = normalised(cell.marks, place)
        name = marks["grade_id"] if marks else ""
        if marks and name in seen:
            raise NotebookError("duplicate_grade_id", cell=name)
        seen.add(name)
        role = _role(marks)
        if marks and (check := _check(cell, marks, place)):
            checks.append(check)
        if role is Role.SOLUTION or (role is Role.MANUAL and cell.kind == "code"):
            names |= bound_names(cell.source)
        released = _released(cell, role, place)
        parts.append(Part(name, cell.kind, role, cell.source, released))
    if not checks:
        raise NotebookError("no_checks")
    return Source("nbgrader", tuple(parts), tuple(checks), frozenset(names))


def normalised(marks: dict[str, Any], place: str) -> dict[str, Any]:
    """The metadata of one cell in the words of schema 3; empty when the cell has no part in it.

    Raises
    ------
    NotebookError
        ``too_new_schema``, ``blank_grade_id``, ``missing_points`` or ``bad_points``.
    """
    if not marks:
        return {}
    schema = marks.get("schema_version", 0)
    if not isinstance(schema, int) or schema > NEWEST_SCHEMA:
        raise NotebookError("too_new_schema", cell=place, value=schema)
    made: dict[str, Any] = {key: bool(marks.get(key)) for key in ("grade", "solution", "task")}
    made["locked"] = bool(marks.get("locked", made["grade"] and not made["solution"]))
    if not any(made.values()):
        return {}
    name = marks.get("grade_id")
    if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
        raise NotebookError("blank_grade_id", cell=place, value=name)
    made["grade_id"] = name
    if made["grade"] or made["task"]:
        made["points"] = _points(marks.get("points"), name)
    return made


def _points(value: Any, name: str) -> float:
    if value is None:
        raise NotebookError("missing_points", cell=name)
    try:
        points = float(value)
    except (TypeError, ValueError) as error:
        raise NotebookError("bad_points", cell=name, value=value) from error
    if not 0 <= points < 1e6:
        raise NotebookError("bad_points", cell=name, value=value)
    return points


def _role(marks: dict[str, Any]) -> Role:
    if not marks:
        return Role.PLAIN
    if marks["task"] or (marks["grade"] and marks["solution"]):
        return Role.MANUAL
    if marks["grade"]:
        return Role.TEST
    return Role.SOLUTION if marks["solution"] else Role.LOCKED


def _check(cell: Cell, marks: dict[str, Any], place: str) -> Check | None:
    name = marks["grade_id"]
    if marks["task"] or (marks["grade"] and marks["solution"]):
        return Check(name, marks["points"], manual=True)
    if not marks["grade"]:
        return None
    if cell.kind != "code":
        raise NotebookError("markdown_cannot_be_graded", cell=name)
    if AUTOTEST.search(cell.source):
        raise NotebookError("autotest", cell=name)
    hidden = "BEGIN HIDDEN TESTS" in cell.source
    case = Case(cell.source, marks["points"], hidden=hidden, partial=True)
    return Check(name, marks["points"], (case,))


def _released(cell: Cell, role: Role, place: str) -> str:
    """What nbgrader gives people of a cell."""
    stub = CODE_STUB if cell.kind == "code" else TEXT_STUB
    text, replaced = _cut(cell.source, "SOLUTION", place, stub)
    answer = role is Role.SOLUTION or (role is Role.MANUAL and not cell.marks.get("task"))
    if answer and not replaced:
        text = stub
    for what in ("HIDDEN TESTS", "MARK SCHEME"):
        text, _replaced = _cut(text, what, place, "")
    return text


def _cut(text: str, what: str, place: str, stub: str) -> tuple[str, bool]:
    """The text with each region ``BEGIN what`` … ``END what`` replaced."""
    kept: list[str] = []
    inside = replaced = False
    for line in text.split("\n"):
        if f"BEGIN {what}" in line:
            if inside:
                raise NotebookError("nested_region", cell=place, value=what)
            inside = replaced = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + part for part in stub.split("\n")] if stub else []
        elif f"END {what}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise NotebookError("open_region", cell=place, value=what)
    return "\n".join(kept), replaced
