"""What people get of a source notebook: no solutions, no hidden tests, no outputs."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from .parts import Part, Role, Source
from .reading import NotebookError, read
from .source import read_source


def release(content: bytes) -> bytes:
    """The notebook to hand out, from the bytes of its source.

    Raises
    ------
    NotebookError
        When the source is none.
    """
    source = read_source(content)
    found: dict[str, Any] = json.loads(content.decode("utf-8-sig"))
    if "cells" not in found:
        raise NotebookError("too_old_format", value=found.get("nbformat"))
    if source.style == "otter":
        cells = _otter(source, _templates(found["cells"]))
    else:
        cells = [
            _nbgrader(copy.deepcopy(cell), part)
            for cell, part in zip(found["cells"], source.parts, strict=True)
        ]
    made = {**found, "cells": cells}
    released = (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()
    read(released)
    return released


def _nbgrader(cell: dict[str, Any], part: Part) -> dict[str, Any]:
    cell["source"] = part.released
    if part.kind == "code":
        cell["outputs"], cell["execution_count"] = [], None
    marks = cell.get("metadata", {}).get("nbgrader")
    if not marks or not part.id:
        return cell
    if part.role in (Role.TEST, Role.LOCKED):
        cell["metadata"] |= {"deletable": False, "editable": False}
        marks["locked"] = True
    elif part.role is not Role.PLAIN:
        cell["metadata"]["deletable"] = False
    marks["schema_version"] = 3
    marks.setdefault("task", False)
    marks["cell_type"] = part.kind
    marks["checksum"] = checksum(part.kind, part.released, marks)
    return cell


def checksum(kind: str, text: str, marks: dict[str, Any]) -> str:
    """nbgrader's own digest of a cell, by which it sees that nobody has answered."""
    grade, solution = bool(marks.get("grade")), bool(marks.get("solution"))
    locked = not solution and (grade or bool(marks.get("locked")))
    words = [text, kind, str(grade), str(solution), str(locked), str(marks["grade_id"])]
    if grade:
        words.append(str(float(marks["points"])))
    digest = hashlib.md5("".join(words).encode(), usedforsecurity=False)
    return digest.hexdigest()


def _templates(cells: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The metadata of each cell by its kind and text."""
    texts = (("".join(cell["source"]), cell) for cell in cells)
    return {(cell["cell_type"], text): cell for text, cell in texts}


def _otter(source: Source, templates: dict[tuple[str, str], dict[str, Any]]) -> list[Any]:
    start = "import otter\ngrader = otter.Notebook()"
    cells = [_code(start)]
    for part in source.parts:
        if part.role is Role.MANUAL and part.id:
            continue  # a person reads it: there is nothing to call
        if part.kind == "code":
            cells.append(_code(part.released))
            continue
        metadata = templates.get((part.kind, part.source), {}).get("metadata", {})
        text = "_Type your answer here._" if part.role is Role.MANUAL else part.released
        if part.kind != "raw":
            cells.append({"cell_type": part.kind, "metadata": metadata, "source": text})
    return cells


def _code(text: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"execution_count": None, "metadata": {}, "outputs": []}
    return {"cell_type": "code", **empty, "source": text}
