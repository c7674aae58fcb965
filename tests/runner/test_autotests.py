"""AUTOTEST lines become the tests that nbgrader itself writes, and are graded like any others."""

from __future__ import annotations

import hashlib
import json

import pytest

from bitgoeul.runner import (
    LocalRunner,
    Mode,
    NotebookError,
    Unavailable,
    Verdict,
    grade_notebook,
    has_autotests,
    read_source,
    release,
    templates_of,
    with_tests,
)

from .notebook_files import cells_of, changed, code, notebook
from .test_notebooks import LABS, needs_labs

FILES = LABS / "nbgrader" / "nbgrader" / "tests" / "apps" / "files"
SOLUTION = code("### BEGIN SOLUTION\na = 5\nb = 'it\\'s'\n### END SOLUTION", "soln", solution=True)
SOURCE = notebook(
    SOLUTION,
    code("### AUTOTEST a; b", "seen", grade=True, locked=True, points=2),
    code("### HASHED AUTOTEST a + 1", "hashed", grade=True, locked=True, points=1),
    code("### BEGIN HIDDEN TESTS\n### AUTOTEST a * 2\n### END HIDDEN TESTS", "hidden",
         grade=True, locked=True, points=4),
)  # fmt: skip


@pytest.fixture(scope="module")
def made(shell: LocalRunner) -> bytes:
    return with_tests(SOURCE, runner=shell)


# What nbgrader 0.9.6 makes of its own examples, by the digest of all their cells.
NBGRADER = {
    "autotest-simple": "a5ee62ca5ef2e91a", "autotest-hashed": "94817c7a5d9d2377",
    "autotest-hidden": "3361b222d02b1f8e", "autotest-multi": "0f7b4199354b1bc6",
}  # fmt: skip


@needs_labs
@pytest.mark.parametrize("name", NBGRADER)
def test_they_are_nbgrader_s_own(shell: LocalRunner, name: str) -> None:
    found = with_tests((FILES / f"{name}.ipynb").read_bytes(), runner=shell)
    sources = ["".join(cell["source"]) for cell in cells_of(found)]
    assert hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16] == NBGRADER[name], sources


def test_values_stand_in_them_and_hashed_ones_do_not(made: bytes) -> None:
    assert not has_autotests(made)
    assert has_autotests(SOURCE)
    seen, hashed, hidden = (cell["source"] for cell in cells_of(made)[1:])
    assert 'assert str(a) == "5", "value of a is not correct"' in seen
    assert 'assert str(b) == "it\'s"' in seen
    assert "sha1(str(a + 1)" in hashed
    assert '"6"' not in hashed
    assert '"10"' in hidden
    assert '"10"' not in release(made).decode()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("answer", "points"),
    [("a = 5\nb = 'it\\'s'", [2, 1, 4]), ("a = 6\nb = 'it\\'s'", [0, 0, 0]),
     ("import numpy\na = 5.0\nb = ''", [0, 0, 0])],
)  # fmt: skip
def test_they_are_graded(
    shell: LocalRunner, made: bytes, mode: Mode, answer: str, points: list[int]
) -> None:
    graded = grade_notebook(
        read_source(made), changed(release(made), 0, source=answer), runner=shell, mode=mode
    )
    assert graded.verdict is Verdict.GRADED
    assert [check.points for check in graded.checks] == points


def test_a_forgery_earns_nothing_when_it_counts(shell: LocalRunner, made: bytes) -> None:
    """In nbgrader the student's own `str` and `sha1` decide what the tests see."""
    forged = (
        "import hashlib, builtins\nclass Same(str):\n    __eq__ = lambda a, b: True\n"
        "    __hash__ = str.__hash__\nstr = builtins.str = lambda _x: Same()\n"
        "a = type('A', (), {'__eq__': lambda s, o: True, '__add__': lambda s, o: s, "
        "'__mul__': lambda s, o: s})()\nb = a"
    )
    graded = grade_notebook(
        read_source(made), changed(release(made), 0, source=forged), runner=shell
    )
    assert graded.total == 0, graded


@pytest.mark.parametrize(
    ("content", "code_of_reason"),
    [
        (notebook(SOLUTION, code("### AUTOTEST a")), "autotest_place"),
        (notebook(SOLUTION, code("### AUTOTEST c", "t", grade=True, points=1)), "autotest_failed"),
        (notebook(code("1/0"), code("### AUTOTEST 1", "t", grade=True, points=1)),
         "autotest_failed"),
        (notebook(code("### AUTOTEST 'x' * 20_000", "t", grade=True, points=1)),
         "autotest_failed"),
    ],
)  # fmt: skip
def test_what_cannot_become_a_test_is_said(
    shell: LocalRunner, content: bytes, code_of_reason: str
) -> None:
    with pytest.raises(NotebookError) as fault:
        with_tests(content, runner=shell)
    assert fault.value.code == code_of_reason


def test_templates_of_one_s_own(shell: LocalRunner) -> None:
    own = (
        b"python3:\n  dispatch: 'type({{snippet}})'\n  normalize: 'repr({{snippet}})'\n"
        b'  check: \'assert {{snippet}} == "{{value}}", "{{message}}"\'\n'
        b"  templates:\n    default:\n"
        b"      - test: '{{snippet}}'\n        fail: 'not {{snippet}}'\n"
    )
    found = with_tests(SOURCE, runner=shell, templates=templates_of(own))
    lines = cells_of(found)[1]["source"].split("\n")
    assert lines == [
        'assert repr(a) == "5", "not a"',
        "",
        'assert repr(b) == "\\"it\'s\\"", "not b"',
        "",
    ]


@pytest.mark.parametrize(
    "text",
    [b"", b"r: 1", b"python3: {}", b"python3: {templates: {int: []}}", b"\xff", b"a: [",
     b"python3:\n  dispatch: d\n  normalize: n\n  check: '{% for x in y %}'\n"
     b"  templates: {default: [{test: t, fail: f}]}\n"],
)  # fmt: skip
def test_templates_that_cannot_be_used(text: bytes) -> None:
    with pytest.raises(NotebookError) as fault:
        templates_of(text)
    assert fault.value.code == "bad_autotests"


def test_without_a_sandbox_nothing_runs() -> None:
    with pytest.raises(Unavailable):
        with_tests(SOURCE, runner=LocalRunner(tiers=()))
    with pytest.raises(NotebookError):
        read_source(SOURCE)
