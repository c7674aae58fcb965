"""Which manner a source notebook is written in."""

from __future__ import annotations

from . import nbgrader, otter
from .parts import Source
from .reading import NotebookError, read


def read_source(content: bytes) -> Source:
    """The source notebook in these bytes: nbgrader's or otter's.

    Raises
    ------
    NotebookError
        With the code of what is wrong and the cell that it is wrong in.
    """
    notebook = read(content)
    if otter.is_master(notebook):
        return otter.read_source(notebook)
    if any(cell.marks for cell in notebook.cells):
        return nbgrader.read_source(notebook)
    raise NotebookError("no_checks")
