"""Otter's master notebooks: raw cells that open and close questions, solutions and tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from .parts import Case, Check, Part, Role, Source, bound_names
from .reading import Cell, Notebook, NotebookError

BLOCK = re.compile(r"^\s*#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|TESTS|PROMPT)\b", re.IGNORECASE)
CONFIG = re.compile(r'^(?:.\s*=\s*)?"""?\s*#\s*BEGIN\s*TEST\s*CONFIG', re.IGNORECASE)
CONFIG_END = re.compile(r'^"""?\s*#\s*END\s*TEST\s*CONFIG', re.IGNORECASE)
HIDDEN = re.compile(r"\bhidden\b", re.IGNORECASE)
CHECK_CALL = re.compile(r"\bgrader\.check\(\s*(['\"])(?P<name>[^'\"]+)\1\s*\)")
LARGEST_CONFIG = 10_000


@dataclass
class _Question:
    name: str
    points: Any = None
    manual: bool = False
    all_or_nothing: bool = False
    cases: list[Case] = field(default_factory=list)
    given: list[float | None] = field(default_factory=list)


def is_master(notebook: Notebook) -> bool:
    """Whether a notebook is written for otter assign."""
    return any(_block(cell) == ("BEGIN", "QUESTION") for cell in notebook.cells)


def _block(cell: Cell) -> tuple[str, str] | None:
    text = _unfenced(cell)
    found = BLOCK.match(text) if text is not None else None
    return (found[1].upper(), found[2].upper()) if found else None


def _unfenced(cell: Cell) -> str | None:
    """A raw cell's text, or what stands in a fenced ``otter`` block of a text cell."""
    if cell.kind == "raw":
        return cell.source
    lines = cell.source.strip().splitlines()
    if cell.kind == "markdown" and len(lines) > 1 and lines[0].strip() == "```otter":
        return "\n".join(lines[1:-1])
    return None


def read_source(notebook: Notebook) -> Source:
    """The parts and checks of an otter master.

    Raises
    ------
    NotebookError
    """
    parts: list[Part] = []
    questions: list[_Question] = []
    names: set[str] = set()
    inside: list[str] = []
    for number, cell in enumerate(notebook.cells):
        block = _block(cell)
        if block:
            _turn(block, inside, f"#{number + 1}")
            if block == ("BEGIN", "QUESTION"):
                questions.append(_question(cell, f"#{number + 1}"))
            elif block == ("END", "QUESTION"):
                parts.append(_place_of(questions[-1]))
            continue
        role = _role(inside, questions)
        if role is Role.TEST:
            _add_case(cell, questions[-1])
            continue
        if role is not Role.PLAIN and cell.kind == "code":
            names |= bound_names(cell.source)
        parts.append(Part("", cell.kind, role, cell.source, _stripped(cell.source)))
    if inside:
        raise NotebookError("open_region", value=inside[-1])
    checks = tuple(_check(question) for question in questions if question.cases or question.manual)
    if not checks:
        raise NotebookError("no_checks")
    doubled = {check.id for check in checks if [c.id for c in checks].count(check.id) > 1}
    if doubled:
        raise NotebookError("duplicate_grade_id", cell=min(doubled))
    return Source("otter", tuple(parts), checks, frozenset(names))


def _turn(block: tuple[str, str], inside: list[str], place: str) -> None:
    word, what = block
    if word == "BEGIN":
        if what in inside:
            raise NotebookError("nested_region", cell=place, value=what)
        inside.append(what)
    elif not inside or inside.pop() != what:
        raise NotebookError("open_region", cell=place, value=what)


def _role(inside: list[str], questions: list[_Question]) -> Role:
    if "TESTS" in inside:
        return Role.TEST
    if "SOLUTION" in inside:
        return Role.MANUAL if questions and questions[-1].manual else Role.SOLUTION
    return Role.PLAIN


def _yaml(text: str, place: str) -> dict[str, Any]:
    if len(text) > LARGEST_CONFIG:
        raise NotebookError("bad_settings", cell=place)
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise NotebookError("bad_settings", cell=place, value=error) from error
    if found is not None and not isinstance(found, dict):
        raise NotebookError("bad_settings", cell=place, value=found)
    return found or {}


def _question(cell: Cell, place: str) -> _Question:
    text = _unfenced(cell) or ""
    settings = _yaml("\n".join(text.strip().splitlines()[1:]), place)
    name = settings.get("name")
    if not isinstance(name, str | int) or not str(name):
        raise NotebookError("blank_grade_id", cell=place)
    return _Question(
        str(name),
        settings.get("points"),
        bool(settings.get("manual")),
        bool(settings.get("all_or_nothing")),
    )


def _place_of(question: _Question) -> Part:
    """Where otter puts the call that checks a question."""
    role = Role.MANUAL if question.manual else Role.TEST
    return Part(question.name, "code", role, "", f'grader.check("{question.name}")')


def _add_case(cell: Cell, question: _Question) -> None:
    if cell.kind != "code" or not cell.source.strip():
        return
    lines = cell.source.splitlines()
    first = lines[0].lstrip()
    hidden = first.startswith("#") and bool(HIDDEN.search(first))
    settings: dict[str, Any] = {}
    if CONFIG.match(lines[0]):
        end = next((at for at, line in enumerate(lines) if CONFIG_END.match(line)), 0)
        if not end:
            raise NotebookError("open_region", cell=question.name, value="TEST CONFIG")
        settings = _yaml("\n".join(lines[1:end]), question.name)
        lines = lines[end + 1 :]
    given = settings.get("points")
    question.given.append(float(given) if isinstance(given, int | float) else None)
    case = Case(
        "\n".join(lines),
        points=0.0,
        hidden=bool(settings.get("hidden", hidden)),
        expected=cell.output.rstrip("\n"),
    )
    question.cases.append(case)


def _check(question: _Question) -> Check:
    if question.manual and not question.cases:
        points = question.points if isinstance(question.points, int | float) else 1
        return Check(question.name, float(points), manual=True)
    shares = _points_of_cases(question)
    cases = tuple(
        Case(case.source, worth, case.hidden, case.expected)
        for case, worth in zip(question.cases, shares, strict=True)
    )
    return Check(
        question.name, round(sum(shares), 9), cases, all_or_nothing=question.all_or_nothing
    )


def _points_of_cases(question: _Question) -> list[float]:
    """Otter's rule: what is not given is shared by the others; nothing given is one point."""
    given = list(question.given)
    total: Any = question.points
    if isinstance(total, dict):
        total = float(total.get("each", 1)) * len(given)
    if isinstance(total, list):
        if len(total) != len(given):
            raise NotebookError("bad_points", cell=question.name, value=total)
        given = [None if worth is None else float(worth) for worth in total]
        total = None
    if total is not None and (isinstance(total, bool) or not isinstance(total, int | float)):
        raise NotebookError("bad_points", cell=question.name, value=total)
    known = sum((worth for worth in given if worth is not None), 0.0)
    open_cases = sum(1 for worth in given if worth is None)
    if total is None:
        total = known or 1.0
    if total < known:
        raise NotebookError("bad_points", cell=question.name, value=total)
    share = (float(total) - known) / open_cases if open_cases else 0.0
    return [share if worth is None else worth for worth in given]


def _stripped(source: str) -> str:
    """What people get of a cell: otter's solution marks replaced by dots."""
    kept: list[str] = []
    inside = False
    for line in source.split("\n"):
        if re.match(r"\s*# BEGIN SOLUTION", line):
            inside = True
            if "NO PROMPT" not in line:
                kept.append(line[: len(line) - len(line.lstrip())] + "...")
        elif re.match(r"\s*# END SOLUTION", line):
            inside = False
        elif inside or re.search(r"# ?(SOLUTION NO PROMPT|BEGIN PROMPT|END PROMPT)\s*$", line):
            continue
        elif found := re.match(r"(\s*(?:[\w.]+\s*=)?).*# ?SOLUTION\s*$", line):
            kept.append(found[1] + (" ..." if found[1].strip() else "..."))
        else:
            kept.append(line)
    return "\n".join(kept)
