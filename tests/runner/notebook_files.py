"""Tiny notebooks, built here: a source in nbgrader's manner, and what people make of it."""

from __future__ import annotations

import copy
import json
from typing import Any

Cell = dict[str, Any]


def code(source: str, name: str = "", **marks: Any) -> Cell:
    """A code cell; with a name it has a part in the grading."""
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    return _marked(cell, name, marks)


def text(source: str, name: str = "", **marks: Any) -> Cell:
    """A text cell."""
    return _marked({"cell_type": "markdown", "metadata": {}, "source": source}, name, marks)


def raw(source: str) -> Cell:
    """A raw cell, as otter has them."""
    return {"cell_type": "raw", "metadata": {}, "source": source}


def _marked(cell: Cell, name: str, marks: dict[str, Any]) -> Cell:
    if name:
        whole = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
        cell["metadata"] = {"nbgrader": {**whole, **marks, "grade_id": name}}
    return cell


def notebook(*cells: Cell, **more: Any) -> bytes:
    """The file."""
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}
    return json.dumps(whole).encode()


def changed(content: bytes, place: int, **changes: Any) -> bytes:
    """The same notebook with one cell changed."""
    found = json.loads(content)
    found["cells"][place] |= changes
    return json.dumps(found).encode()


def cells_of(content: bytes) -> list[Cell]:
    """Its cells, to be rearranged."""
    return copy.deepcopy(json.loads(content)["cells"])


SOURCE = notebook(
    text("# Areas", "head", locked=True),
    code("import math\nHELPER = 3"),
    code(
        "def area(r):\n    ### BEGIN SOLUTION\n    if r < 0:\n        raise ValueError(r)\n"
        "    return math.pi * r ** 2\n    ### END SOLUTION",
        "area", solution=True,
    ),
    code(
        "assert abs(area(1) - math.pi) < 1e-9\n"
        "### BEGIN HIDDEN TESTS\nassert abs(area(HELPER) - 28.274333882) < 1e-6\n"
        "### END HIDDEN TESTS",
        "test_area", grade=True, points=2,
    ),
    code(
        "try:\n    area(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
        "test_negative", grade=True, points=1,
    ),
    code(
        "def total(rs):\n    ### BEGIN SOLUTION\n    return sum(area(r) for r in rs)\n"
        "    ### END SOLUTION",
        "total", solution=True,
    ),
    code(
        "kept = area\ndel area\ntry:\n    total([1])\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('does not use area')\nfinally:\n    area = kept",
        "test_uses", grade=True, points=1,
    ),
    text("pi times r squared", "why", grade=True, solution=True, points=3),
)  # fmt: skip

OTTER = notebook(
    raw("# ASSIGNMENT CONFIG\nsolutions_pdf: false"),
    code("import math"),
    raw("# BEGIN QUESTION\nname: q1\npoints: 4"),
    raw("# BEGIN SOLUTION"),
    code("def double(x):\n    return 2 * x # SOLUTION"),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    {**code("double(2) == 4"), "outputs": [
        {"output_type": "execute_result", "data": {"text/plain": ["True"]}}]},
    code('""" # BEGIN TEST CONFIG\npoints: 1\nhidden: true\n""" # END TEST CONFIG\n'
         "assert double('a') == 'aa'"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 2"),
    text("Why?"),
    raw("# BEGIN SOLUTION"),
    text("Because."),
    raw("# END SOLUTION"),
    raw("# END QUESTION"),
)  # fmt: skip
