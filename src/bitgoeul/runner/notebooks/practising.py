"""What of a source everybody may see: for trying out a notebook before it counts."""

from __future__ import annotations

import ast
from dataclasses import replace

from .parts import Case, Check, Source, without_magics


def visible(source: Source) -> Source:
    """The source with the tests that were handed out, and no others.

    A test of which everything is hidden is left out, and so is what a person reads: neither would
    tell anything.  Points are not scaled: in practice they say nothing.
    """
    kept = (_shown(source, check) for check in source.checks if not check.manual)
    return replace(source, checks=tuple(check for check in kept if check.cases))


def _shown(source: Source, check: Check) -> Check:
    part = source.part(check.id)
    cases = []
    for case in check.cases:
        if source.style != "nbgrader":
            cases += [case] * (not case.hidden)
        elif part is not None and _does_something(part.released):
            # A cell of nbgrader is one case: what was cut out of it for the release is cut here.
            cases.append(Case(part.released, case.points, partial=case.partial))
    return replace(check, cases=tuple(cases), max=sum(case.points for case in cases))


def _does_something(text: str) -> bool:
    try:
        return bool(ast.parse(without_magics(text)).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(text.strip())
