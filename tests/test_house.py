"""The house's own rules, read off the source: doors, sizes, names, the journal, the clock.

`docs/house.md` says why each rule stands.  An exception is written here with its reason; a rule is
never bent in silence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "bitgoeul"
APPS = PACKAGE / "apps"
ROOMS = sorted(folder.name for folder in APPS.glob("*/") if (folder / "__init__.py").exists())

DOORS = {"models", "enums", "rules", "queries", "services"}
ROOM_FILES = {
    "__init__", "admin", "api", "apps", "enums", "forms", "imports", "indicators", "migrations",
    "models", "queries", "rules", "services", "tasks", "templates", "urls", "views", "workflow",
}  # fmt: skip
WORN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "info", "common"}
FILE_LINES, FUNCTION_LINES, VIEW_LINES = 600, 40, 25

# Functions longer than FUNCTION_LINES, by file and name, with the reason.
LONG_FUNCTIONS: dict[str, str] = {}
# Public services that write no journal entry, by room and name, with the reason.
SILENT_SERVICES: dict[str, str] = {}


def _sources(folder: Path = PACKAGE) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, Function):
            yield node


def _public_functions(path: Path) -> Iterator[Function]:
    for node in _tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def _length(node: Function) -> int:
    """Lines of what it does: the table of its keyword-only facts and its docstring do not count."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _room_modules(room: str, kind: str) -> list[Path]:
    """The files of one kind in a room: `services.py`, or all of `services/`."""
    return [path for path in (APPS / room / f"{kind}.py",) if path.exists()] + sorted(
        (APPS / room / kind).rglob("*.py")
    )


def test_there_are_rooms_to_check() -> None:
    assert "alliance" in ROOMS
    assert any(_room_modules(room, "services") for room in ROOMS)


def test_rooms_meet_only_at_their_doors() -> None:
    graph = grimp.build_graph("bitgoeul", exclude_type_checking_imports=True)
    through_walls = []
    for module in sorted(graph.find_descendants("bitgoeul.apps")):
        room = module.split(".")[2]
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            parts = imported.split(".")
            if parts[:2] != ["bitgoeul", "apps"] or parts[2] == room:
                continue
            if len(parts) < 4 or parts[3] not in DOORS:
                through_walls.append(f"{module} imports {imported}")
    assert through_walls == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_the_files_that_every_room_has(room: str) -> None:
    found = {path.stem if path.suffix == ".py" else path.name for path in (APPS / room).iterdir()}
    assert found - ROOM_FILES - {"__pycache__"} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_s_init_says_what_it_is_for_and_nothing_else(room: str) -> None:
    tree = _tree(APPS / room / "__init__.py")
    assert ast.get_docstring(tree), "the purpose, the nouns and the neighbours of the room"
    assert len(tree.body) == 1


def test_no_drawer_for_anything() -> None:
    drawers = [_name(path) for path in _sources() if WORN_NAMES & {path.stem, path.parent.name}]
    assert drawers == []


def test_no_file_is_too_long() -> None:
    files = [*_sources(), ROOT / "bitgoeul", *(ROOT / "tools").glob("*.py")]
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{_name(path)}:{node.name}": _length(node)
        for path in _sources()
        for node in _functions(path)
        if _length(node) > FUNCTION_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) - set(long) == set(), "exceptions that are no longer needed"


@pytest.mark.parametrize("room", ROOMS)
def test_views_are_thin(room: str) -> None:
    views = [*_room_modules(room, "views"), *_room_modules(room, "api")]
    thick = {
        f"{_name(path)}:{node.name}": _length(node)
        for path in views
        for node in _functions(path)
        if _length(node) > VIEW_LINES
    }
    assert thick == {}


WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete",
}  # fmt: skip


def _called(node: ast.AST) -> set[str]:
    """What a function names: `record` and `journal.record` for `journal.record(...)`."""
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            names |= {inner.attr, ast.unparse(inner)}
        elif isinstance(inner, ast.Name):
            names.add(inner.id)
    return names


def _writes(node: ast.AST) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            receiver = ast.unparse(inner.func.value)
            of_rows = ".filter(" in receiver or "objects" in receiver
            if inner.func.attr in WRITES or (inner.func.attr == "update" and of_rows):
                return True
    return False


def _reaching(calls: dict[str, set[str]], start: set[str]) -> set[str]:
    """The functions that reach one of `start`, directly or through functions beside them."""
    reached = set(start)
    while more := {name for name, called in calls.items() if called & reached} - reached:
        reached |= more
    return reached


def _services(room: str) -> dict[str, Function]:
    """The public services of a room: what the face of `services/` offers, or `services.py` has."""
    paths = _room_modules(room, "services")
    found = {node.name: node for path in paths for node in _public_functions(path)}
    face = APPS / room / "services" / "__init__.py"
    if not face.exists():
        return found
    offered = {
        alias.asname or alias.name
        for node in _tree(face).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {name: node for name, node in found.items() if name in offered}


def _silent(nodes: list[Function]) -> set[str]:
    """The functions that change rows and reach no `journal.record`."""
    calls = {node.name: _called(node) for node in nodes}
    journalling = {
        name
        for name, called in calls.items()
        if any(c.startswith("journal.record") for c in called)
    }
    writing = _reaching(calls, {node.name for node in nodes if _writes(node)})
    return writing - _reaching(calls, journalling)


@pytest.mark.parametrize("room", ROOMS)
def test_every_service_that_writes_writes_the_journal(room: str) -> None:
    nodes = [node for path in _room_modules(room, "services") for node in _functions(path)]
    silent = _silent(nodes) & set(_services(room))
    assert {f"{room}:{name}" for name in silent} - set(SILENT_SERVICES) == set()


def test_a_silent_service_would_be_noticed() -> None:
    source = """
def loud(): _write(); journal.record(event="a.b")
def through(): loud()
def silent(): _write()
def rows(): Thing.objects.filter(x=1).update(x=2)
def reads(): return {}.update(x=1)
def _write(): Thing().save()
"""
    nodes = [node for node in ast.parse(source).body if isinstance(node, Function)]
    assert _silent(nodes) == {"silent", "rows", "_write"}


def test_silent_services_are_still_there() -> None:
    there = {f"{room}:{name}" for room in ROOMS for name in _services(room)}
    assert set(SILENT_SERVICES) - there == set()


@pytest.mark.parametrize("room", ROOMS)
def test_services_take_their_facts_by_name(room: str) -> None:
    """One argument needs no name: there is nothing to confuse it with."""
    positional = {
        name
        for name, node in _services(room).items()
        if len(node.args.args) + len(node.args.posonlyargs) > 1
    }
    assert positional == set()


CLOCKS = {
    "clock.now", "clock.today", "timezone.now", "datetime.now", "dt.datetime.now",
    "datetime.datetime.now", "date.today", "dt.date.today", "datetime.date.today", "time.time",
}  # fmt: skip
CLOCKS_WITHOUT_ARGUMENT = {"timezone.localdate", "timezone.localtime"}


def _clock_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            converts = node.args or node.keywords
            if called in CLOCKS or (called in CLOCKS_WITHOUT_ARGUMENT and not converts):
                yield f"{_name(path)}:{node.lineno} {called}"


@pytest.mark.parametrize("kind", ["services", "models", "workflow"])
def test_time_is_passed_down_not_read(kind: str) -> None:
    """What is written carries the time it was given; rules and lists may speak of the present."""
    paths = [path for room in ROOMS for path in _room_modules(room, kind)]
    paths += _sources(PACKAGE / "engines")
    assert [call for path in paths for call in _clock_calls(path)] == []


def test_migrations_are_named_by_a_person() -> None:
    assert [path.name for path in PACKAGE.rglob("migrations/*_auto_*.py")] == []


def test_every_table_says_what_it_keeps_about_people() -> None:
    """Declare a new model in its room's `models/privacy.py`; docs/privacy.md says how."""
    from bitgoeul.core.privacy import registry

    assert registry.faults() == []


SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|fmt:\s*off)")
WITH_REASON = re.compile(
    r"#\s*(noqa:\s*[A-Z0-9, ]+|type:\s*ignore\[[\w, -]+\]|pragma: no cover|fmt: off)"
    r"\s*(--?|#|—)\s*\S+"
)


def _bare_suppressions(path: Path) -> Iterator[str]:
    before = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        reason_above = before.strip().startswith("# ")
        if SUPPRESSION.search(line) and not WITH_REASON.search(line) and not reason_above:
            yield f"{path.relative_to(ROOT)}:{number}"
        before = line


def test_every_suppression_says_its_reason() -> None:
    """On its own line, or in a comment on the line above."""
    files = [*_sources(), *_sources(ROOT / "tests"), *(ROOT / "tools").glob("*.py")]
    own = Path(__file__)
    assert [at for path in files if path != own for at in _bare_suppressions(path)] == []


def test_counts_of_people_leave_through_one_door() -> None:
    """What is published or exported about groups asks `core.disclosure`, and nothing else."""
    engine = "bitgoeul.engines.analysis.disclosure"
    callers = {
        _name(path)
        for path in _sources()
        if "engines" not in path.parts
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom)
        and (
            (node.module or "").startswith(engine)
            or (node.module == "bitgoeul.engines.analysis" and node.names[0].name == "disclosure")
        )
    }
    assert callers == {"core/disclosure.py"}
    thresholds = {_name(path) for path in _sources() if "small_cell_threshold" in path.read_text()}
    assert thresholds == {
        "core/disclosure.py",
        "web/config.py",
        "apps/reports/queries/document.py",  # the document says which threshold it was made with
        "apps/reports/queries/reading.py",
    }
