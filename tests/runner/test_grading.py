"""Notebooks graded in both manners: right marks, named faults, and nothing for a forgery."""

from __future__ import annotations

import json

import pytest

from bitgoeul.runner import (
    LocalRunner,
    Mode,
    Patience,
    Verdict,
    Warmth,
    grade_notebook,
    read_source,
    release,
)

from ..conftest import LONG
from .notebook_files import OTTER, SOURCE, cells_of, changed, code, notebook
from .test_notebooks import LABS, needs_labs

QUICK = Patience(cell=0.5, check=0.5)


@pytest.fixture(params=list(Mode), ids=str)
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


def marks(graded) -> dict[str, float | None]:
    assert graded.verdict is Verdict.GRADED, graded
    return {check.id: check.points for check in graded.checks}


def submitted(area: str, *, total: str = "def total(rs): return sum(map(area, rs))") -> bytes:
    handed_in = changed(release(SOURCE), 2, source=area)
    return changed(handed_in, 5, source=total)


RIGHT = (
    "def area(r):\n    if r < 0: raise ValueError('negative')\n    return 3.141592653589793 * r * r"
)


def test_the_author_s_own_solution_earns_everything(shell: LocalRunner, mode: Mode) -> None:
    graded = grade_notebook(read_source(SOURCE), SOURCE, runner=shell, mode=mode)
    expected = {"test_area": 2, "test_negative": 1, "test_uses": 1, "why": None}
    assert marks(graded) == expected
    assert (graded.total, graded.max, graded.faults) == (4, 7, ())


def test_the_untouched_notebook_earns_nothing(shell: LocalRunner, mode: Mode) -> None:
    graded = grade_notebook(read_source(SOURCE), release(SOURCE), runner=shell, mode=mode)
    assert (graded.total, marks(graded)["why"]) == (0, 0)


@pytest.mark.parametrize(
    ("area", "earned"),
    [
        (RIGHT, (2, 1, 1)),
        ("def area(r): return 3.141592653589793 * r * r", (2, 0, 1)),
        ("def area(r): return 3.141592653589793 if r == 1 else 0", (0, 0, 1)),
        ("def area(r): raise TypeError", (0, 0, 1)),
        ("area = 3", (0, 0, 1)),
        ("def area(r:", (0, 0, 0)),
    ],
)
def test_a_solution_earns_what_it_does(shell, mode, area: str, earned) -> None:
    handed_in = submitted(area)
    graded = grade_notebook(read_source(SOURCE), handed_in, runner=shell, mode=mode)
    assert tuple(marks(graded)[name] for name in ("test_area", "test_negative", "test_uses")) == (
        earned
    )


def test_a_hidden_test_says_only_that_it_failed(shell: LocalRunner, mode: Mode) -> None:
    handed_in = submitted("def area(r): return 3.141592653589793 if r == 1 else 0")
    graded = grade_notebook(read_source(SOURCE), handed_in, runner=shell, mode=mode)
    assert graded.checks[0].messages == ("hidden",)


FORGERIES = {
    "transformer": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "traceback": "import IPython.core.interactiveshell as i\n"
    "i.InteractiveShell.showtraceback = None",
    "run_cell": "s = get_ipython()\nold = s.run_cell\n"
    "s.run_cell = lambda *a, **k: old('None', store_history=False)",
    "equal": "class Yes(float):\n"
    "    __eq__ = __lt__ = __gt__ = __sub__ = __rsub__ = __abs__ = lambda *a: Yes() or True\n"
    "    __bool__ = lambda s: True\n    __hash__ = None\n"
    "def area(r): return Yes()\ndef total(rs): return Yes()",
    "object": "class Yes:\n    __eq__ = __lt__ = lambda *a: True\n"
    "    __sub__ = __abs__ = lambda s, *a: s\n    __hash__ = None\n"
    "def area(r): return Yes()\ndef total(rs): return Yes()",
    "builtins": "import builtins\nbuiltins.abs = lambda x: 0\n"
    "builtins.AssertionError = ValueError\n"
    "def area(r): return 0",
    "judge": "import sys\nj = sys.modules['inside.judging']\n"
    "j.points = lambda c, r, **k: (99.0, '')",
    "says": "import os, json, struct\n"
    "def area(r):\n"
    "    m = json.dumps({'checked': [{'points': 99}], 'value': True}).encode()\n"
    "    os.write(3, struct.pack('!I', len(m)) + m)\n    os._exit(0)",
    "leaves": "import os\nos._exit(0)",
    "memory": "import gc\n"
    "def area(r):\n    texts = [o for o in gc.get_objects() if isinstance(o, dict)]\n"
    "    return [t for t in map(str, texts) if '28.27' + '4333' in t]",
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_earns_nothing_that_counts(shell: LocalRunner, name: str) -> None:
    handed_in = changed(release(SOURCE), 2, source=FORGERIES[name])
    graded = grade_notebook(
        read_source(SOURCE), handed_in, runner=shell, mode=Mode.COUNTED, patience=QUICK
    )
    assert graded.verdict is Verdict.GRADED
    assert graded.total == 0


def test_practice_is_as_forgeable_as_nbgrader_and_says_so_in_the_docs(shell) -> None:
    handed_in = changed(release(SOURCE), 2, source=FORGERIES["transformer"])
    graded = grade_notebook(read_source(SOURCE), handed_in, runner=shell, mode=Mode.PRACTICE)
    assert graded.total == 4


def test_an_endless_cell_is_named_and_the_rest_is_graded(shell: LocalRunner, mode: Mode) -> None:
    cells = cells_of(submitted(RIGHT))
    cells.insert(1, code("while True:\n    try:\n        pass\n    except BaseException: pass"))
    graded = grade_notebook(
        read_source(SOURCE), notebook(*cells), runner=shell, mode=mode, patience=QUICK
    )
    assert ("endless_loop", "#2") in [(fault.code, fault.cell) for fault in graded.faults]
    assert graded.total == 4


def test_an_endless_function_fails_its_check_only(shell: LocalRunner, mode: Mode) -> None:
    handed_in = submitted("def area(r):\n    if r < 0: raise ValueError\n    while True: pass")
    graded = grade_notebook(read_source(SOURCE), handed_in, runner=shell, mode=mode, patience=QUICK)
    assert marks(graded) == {"test_area": 0, "test_negative": 1, "test_uses": 1, "why": 0}


def test_a_cell_that_ends_the_interpreter_ends_the_rest(shell: LocalRunner, mode: Mode) -> None:
    cells = cells_of(submitted(RIGHT))
    cells.insert(4, code("import os\nos._exit(4)"))
    graded = grade_notebook(read_source(SOURCE), notebook(*cells), runner=shell, mode=mode)
    assert ("error", "exit 4") in [(fault.code, fault.detail) for fault in graded.faults]
    assert graded.total == 2


def test_what_a_cell_says_is_kept_for_feedback(shell: LocalRunner, mode: Mode) -> None:
    cells = cells_of(submitted(RIGHT))
    cells.insert(1, code("print('<b>hello')\n6 * 7"))
    cells.insert(2, code("1 / 0"))
    graded = grade_notebook(read_source(SOURCE), notebook(*cells), runner=shell, mode=mode)
    said = {cell.cell: (cell.text, cell.error) for cell in graded.cells}
    assert said["#2"] == ("<b>hello\n42", "")
    assert said["#3"][1] == "ZeroDivisionError: division by zero"


def test_otter_s_cases_share_the_points(shell: LocalRunner, mode: Mode) -> None:
    source = read_source(OTTER)
    start = code("import otter\ngrader = otter.Notebook()")
    for body, points in (("2 * x", 4.0), ("x + x if x == 2 else 0", 3.0), ("0", 0.0)):
        handed_in = notebook(
            start, code(f"def double(x):\n    return {body}"), code("grader.check('q1')")
        )
        graded = grade_notebook(source, handed_in, runner=shell, mode=mode)
        assert marks(graded) == {"q1": points, "q2": None}


CLASSES = notebook(
    code(
        "class Account:\n    def __init__(self): self.balance = 0\n"
        "    def add(self, n):\n        self.balance += n\n        return self\n"
        "class Empty(Exception): pass\n"
        "def pay(items, f=None):\n    items.sort()\n"
        "    return [f(i) for i in items] if f else items\n"
        "def numbers():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
        "def fail(): raise Empty('nothing')\n"
        "def ask(): return int(input('?')) + 1",
        "all", solution=True,
    ),
    code("a = Account()\na.add(3).add(4)\nassert a.balance == 7\nassert isinstance(a, Account)",
         "objects", grade=True, points=1),
    code("g = numbers()\nassert [next(g) for _ in range(3)] == [0, 1, 2]\n"
         "import itertools\nassert list(itertools.islice(numbers(), 2)) == [0, 1]",
         "generators", grade=True, points=1),
    code("row = [3, 1, 2]\npay(row)\nassert row == [1, 2, 3]", "in_place", grade=True, points=1),
    code("assert pay([2, 1], lambda x: x * 10) == [10, 20]", "functions", grade=True, points=1),
    code("try:\n    fail()\nexcept Empty as error:\n    assert str(error) == 'nothing'",
         "exceptions", grade=True, points=1),
    code("input = lambda prompt: '41'\nassert ask() == 42", "input", grade=True, points=1),
    code("from nose.tools import assert_equal, assert_raises\nassert_equal(pay([1]), [1])\n"
         "assert_raises(Empty, fail)", "nose", grade=True, points=1),
    code("score = 0.25\nscore", "partial", grade=True, points=1),
)  # fmt: skip


def test_tests_reach_objects_functions_and_exceptions(shell: LocalRunner, mode: Mode) -> None:
    graded = grade_notebook(read_source(CLASSES), CLASSES, runner=shell, mode=mode)
    assert marks(graded) == {
        "objects": 1, "generators": 1, "in_place": 1, "functions": 1, "exceptions": 1,
        "input": 1, "nose": 1, "partial": 0.25,
    }  # fmt: skip


def test_comparing_the_submission_s_own_objects_cannot_count(shell: LocalRunner) -> None:
    source = notebook(
        code("class V:\n    def __eq__(self, other): return True", "v", solution=True),
        code("assert V() == V()", "same", grade=True, points=1),
    )
    graded = grade_notebook(read_source(source), source, runner=shell, mode=Mode.COUNTED)
    assert graded.total == 0
    assert graded.checks[0].messages[0].startswith("uncountable")


def test_without_walls_a_notebook_is_refused() -> None:
    graded = grade_notebook(read_source(SOURCE), SOURCE, runner=LocalRunner(tiers=()))
    assert (graded.verdict, graded.reason, graded.total) == (Verdict.REFUSED, "no_sandbox", None)
    assert not graded.counts


@needs_labs
@pytest.mark.parametrize(("who", "points"), [("bitdiddle", 1.5), ("hacker", 3.0)])
def test_the_user_guide_s_marks(shell: LocalRunner, mode: Mode, who: str, points: float) -> None:
    guide = LABS / "nbgrader" / "nbgrader" / "docs" / "source" / "user_guide"
    source = read_source((guide / "source" / "ps1" / "problem1.ipynb").read_bytes())
    handed_in = (guide / "submitted" / who / "ps1" / "problem1.ipynb").read_bytes()
    assert grade_notebook(source, handed_in, runner=shell, mode=mode).total == points


# What `otter run` 6 gave on 28 November 2026 with numpy 2.4, but for q3's hidden cases: they show
# `np.True_` where the author's numpy showed `True`, and otter takes that for a failure.
OTTER_MARKS = {
    "passesAll": (1, 1, 1), "fails1": (0.666667, 1, 1), "fails2": (1, 0, 1),
    "fails2Hidden": (1, 0.5, 1), "fails3": (1, 1, 0.25), "fails3Hidden": (1, 1, 0.5),
}  # fmt: skip


@needs_labs
@pytest.mark.skipif(not LONG, reason="imports pandas and matplotlib: BITGOEUL_LONG=1")
def test_otter_s_tutorial_has_otter_s_marks() -> None:
    here = LocalRunner()
    if here.tier is None:
        pytest.skip(f"no sandbox here: {here.complaints}")
    tutorial = LABS / "otter" / "docs" / "tutorial"
    source = read_source((tutorial / "demo.ipynb").read_bytes())
    for name, expected in OTTER_MARKS.items():
        handed_in = (tutorial / "submissions" / "ipynbs" / f"demo-{name}.ipynb").read_bytes()
        for mode in Mode:
            found = marks(grade_notebook(source, handed_in, runner=here, mode=mode))
            assert tuple(found[f"q{number}"] for number in (1, 2, 3)) == expected, (name, mode)
    here.close()


def test_the_command_prints_one_object_a_file(tmp_path, capsys, monkeypatch) -> None:
    from bitgoeul.__main__ import main
    from bitgoeul.cli import grade

    monkeypatch.setattr(
        grade, "LocalRunner", lambda tiers: LocalRunner(tiers=tiers, warmth=Warmth(("IPython",)))
    )
    if LocalRunner(warmth=Warmth(())).tier is None:
        pytest.skip("no sandbox works here")
    (tmp_path / "s.ipynb").write_bytes(SOURCE)
    (tmp_path / "a.ipynb").write_bytes(submitted(RIGHT))
    (tmp_path / "b.ipynb").write_bytes(b"\x89PNG")
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "s.ipynb", "a.ipynb", "b.ipynb", "--json", "--lang", "ko"]) == 0
    shown = capsys.readouterr()
    first, second = json.loads(shown.out)
    assert first == {
        "file": "a.ipynb",
        "checks": [
            {"id": "test_area", "points": 2.0, "max": 2.0},
            {"id": "test_negative", "points": 1.0, "max": 1.0},
            {"id": "test_uses", "points": 1.0, "max": 1.0},
            {"id": "why", "points": 0.0, "max": 3.0, "manual": True},
        ],
        "total": 4.0,
        "max": 7.0,
        "faults": [],
        "verdict": "graded",
    }
    assert (second["verdict"], second["reason"], second["total"]) == (
        "refused",
        "not_a_notebook",
        None,
    )
    assert "b.ipynb: 노트북 파일이 아닙니다" in shown.err
    assert main(["grade", "b.ipynb", "a.ipynb"]) == 1
