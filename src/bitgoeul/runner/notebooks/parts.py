"""The parts of a source notebook and of its checks."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a cell of a source is for."""

    PLAIN = "plain"
    LOCKED = "locked"
    SOLUTION = "solution"
    TEST = "test"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a source: its whole text, and what people were given of it."""

    id: str
    kind: str
    role: Role
    source: str
    released: str


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that a check tries.

    ``expected`` is what the last line must show (None: it must only not raise); with ``partial``
    a number that the last line shows is the points.
    """

    source: str
    points: float
    hidden: bool = False
    expected: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What points are given for; a manual one is read by a person."""

    id: str
    max: float
    cases: tuple[Case, ...] = ()
    manual: bool = False
    all_or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A source notebook, understood."""

    style: str
    parts: tuple[Part, ...]
    checks: tuple[Check, ...]
    solution_names: frozenset[str] = field(default_factory=frozenset)

    @property
    def max(self) -> float:
        """All points there are."""
        return sum(check.max for check in self.checks)

    def part(self, name: str) -> Part | None:
        """The part with this id."""
        return next((part for part in self.parts if part.id and part.id == name), None)


def bound_names(source: str) -> set[str]:
    """The names that a cell binds at its top level; nothing for a cell that is no plain Python."""
    try:
        tree = ast.parse(without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {name for statement in tree.body for name in names_bound_by(statement)}


def names_bound_by(statement: ast.stmt) -> set[str]:
    """The names that one statement binds, seen from outside of it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        return {name for name in names if name != "*"}
    bound: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= names_bound_by(node)
    return bound


def names_read_by(statement: ast.stmt) -> set[str]:
    """The names that one statement looks up, anywhere in it."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load | ast.Del)
    }


def without_magics(source: str) -> str:
    """The cell without IPython's own lines, which are no Python."""
    lines = source.splitlines()
    return "\n".join("" if line.lstrip()[:1] in {"%", "!", "?"} else line for line in lines)


def groundwork(source: Source) -> list[str]:
    """What the checking side runs first: imports, and what needs nothing of a submission.

    Tests use what the notebook imported and the constants and functions that its author wrote
    outside of the solutions.  They are taken from the source, so no submission can change them.
    """
    kept: list[str] = []
    theirs = set(source.solution_names)
    for part in source.parts:
        if part.kind != "code" or part.role is Role.TEST:
            continue
        try:
            statements = ast.parse(without_magics(part.source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                kept.append(ast.unparse(statement))
            elif part.role in (Role.PLAIN, Role.LOCKED):
                if names_read_by(statement) & theirs:
                    theirs |= names_bound_by(statement)
                elif _defines(statement):
                    kept.append(ast.unparse(statement))
    return kept


def _defines(statement: ast.stmt) -> bool:
    return isinstance(
        statement, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign | ast.AugAssign
    )
