"""The file of a notebook, read without believing it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

LARGEST = 40 * 2**20
LONGEST = 2_000
OUTPUT_KEPT = 20_000
OUTPUT_LARGE = 256 * 1024


class NotebookError(ValueError):
    """A notebook that cannot be graded, with the code of its reason and the cell at fault."""

    def __init__(self, code: str, *, cell: str = "", value: object = "") -> None:
        self.code = code
        self.cell = cell
        self.value = str(value)[:200]
        super().__init__(f"{code}: cell={cell} value={self.value}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its kind (code, markdown, raw), its text, and what nbgrader wrote beside it."""

    kind: str
    source: str
    marks: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    output_size: int = 0


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells of a notebook and the language of its kernel."""

    cells: tuple[Cell, ...]
    language: str = "python"


def read(content: bytes) -> Notebook:
    """The notebook in these bytes.

    Raises
    ------
    NotebookError
        ``too_large``, ``not_a_notebook``, ``too_new_format`` or ``other_language``.
    """
    if len(content) > LARGEST:
        raise NotebookError("too_large", value=len(content))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotebookError("not_a_notebook", value=error) from error
    if not isinstance(found, dict) or not isinstance(found.get("nbformat"), int):
        raise NotebookError("not_a_notebook", value="nbformat")
    if found["nbformat"] > 4:
        raise NotebookError("too_new_format", value=found["nbformat"])
    cells = _cells(found)
    if not isinstance(cells, list) or len(cells) > LONGEST:
        raise NotebookError("not_a_notebook", value="cells")
    language = _language(found.get("metadata"))
    if language not in {"python", "python3", "ipython"}:
        raise NotebookError("other_language", value=language)
    return Notebook(tuple(_cell(cell, number) for number, cell in enumerate(cells)), language)


def _cells(found: dict[str, Any]) -> Any:
    """Format 3 keeps them in worksheets."""
    if "cells" in found:
        return found["cells"]
    sheets = found.get("worksheets")
    if isinstance(sheets, list) and all(isinstance(sheet, dict) for sheet in sheets):
        return [cell for sheet in sheets for cell in sheet.get("cells", [])]
    return None


def _language(metadata: Any) -> str:
    if not isinstance(metadata, dict):
        return "python"
    for where, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(where)
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower()
    return "python"


def _cell(cell: Any, number: int) -> Cell:
    if not isinstance(cell, dict):
        raise NotebookError("not_a_notebook", cell=f"#{number + 1}")
    kind = str(cell.get("cell_type", ""))
    source = _text(cell.get("source", cell.get("input", "")))
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    outputs = cell.get("outputs")
    texts = [_output(output) for output in outputs] if isinstance(outputs, list) else []
    text = "".join(texts)
    return Cell(
        kind=kind if kind in {"code", "raw"} else "markdown",
        source=source,
        marks=dict(marks) if isinstance(marks, dict) else {},
        output=text[:OUTPUT_KEPT],
        output_size=len(text),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _output(output: Any) -> str:
    if not isinstance(output, dict):
        return ""
    shown = output.get("data", output)
    result = _text(shown.get("text/plain")) if isinstance(shown, dict) else ""
    return _text(output.get("text")) + result


def same_text(one: str, other: str) -> bool:
    """Whether two cells say the same but for blanks at the ends of lines and of the cell."""
    return tidy(one) == tidy(other)


def tidy(text: str) -> str:
    """A cell's text without blanks at the ends."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
