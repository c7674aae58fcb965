"""Which packages a bundle's programs ask for, and which of them are not installed here."""

from __future__ import annotations

import ast
import posixpath
import sys
import warnings
from functools import cache
from importlib.util import find_spec

from ..inside.vintage import PACKAGES
from .model import Bundle, Files

LARGEST = 1 << 20
BROUGHT = {"model", "submission", "agent", "solution", *PACKAGES}
"""Names that submissions bring by custom, and those with a stand-in."""


def imported(files: Files) -> set[str]:
    """The packages that Python files import, without those that lie beside them."""
    own = {posixpath.basename(name).removesuffix(".py") for name in files}
    own |= {part for name in files for part in name.split("/")[:-1]}
    found: set[str] = set()
    for name, content in files.items():
        if name.endswith(".py") and len(content) <= LARGEST:
            found |= _imports(content)
    return found - own - set(sys.stdlib_module_names)


def _imports(content: bytes) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
        found = Found()
        found.visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return found.names


class Found(ast.NodeVisitor):
    """The packages that a program cannot do without: what it only tries is left out."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_Import(self, node: ast.Import) -> None:
        """`import a.b`."""
        self.names |= {alias.name.partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """`from a.b import c`."""
        if node.module and not node.level:
            self.names.add(node.module.partition(".")[0])

    def visit_Try(self, node: ast.Try) -> None:
        """With somebody who catches what goes wrong, it is not needed."""
        for part in (*node.orelse, *node.finalbody, *([] if node.handlers else node.body)):
            self.visit(part)


@cache
def _is_here(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def missing(bundle: Bundle) -> list[str]:
    """Packages that its programs import somewhere and that are not here; some may do without."""
    asked: set[str] = set()
    for task in bundle.tasks:
        for program in (task.scoring, task.ingestion):
            asked |= imported(program.files) if program is not None else set()
    brought = {
        posixpath.basename(name).removesuffix(".py")
        for solution in bundle.solutions
        for name in solution.files
    }
    return sorted(name for name in asked - brought - BROUGHT if not _is_here(name))
