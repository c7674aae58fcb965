"""Reading sources and lining submissions up with them: nothing runs here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bitgoeul.runner import NotebookError, read_source, reasons, release
from bitgoeul.runner.notebooks.aligning import align
from bitgoeul.runner.notebooks.parts import groundwork
from bitgoeul.runner.notebooks.reading import read

from .notebook_files import OTTER, SOURCE, cells_of, changed, code, notebook, raw, text

LABS = Path(__file__).resolve().parents[3] / "shared" / "data" / "labs"
needs_labs = pytest.mark.skipif(not LABS.exists(), reason=f"no example notebooks in {LABS}")


def faults(submitted: bytes, source: bytes = SOURCE) -> list[tuple[str, str]]:
    aligned = align(read_source(source), read(submitted))
    return [(fault.code, fault.cell) for fault in aligned.faults]


def steps(submitted: bytes, source: bytes = SOURCE) -> list[str]:
    return [s.check or s.cell for s in align(read_source(source), read(submitted)).steps]


def test_a_source_says_what_it_asks() -> None:
    source = read_source(SOURCE)
    assert [(c.id, c.max, c.manual) for c in source.checks] == [
        ("test_area", 2, False),
        ("test_negative", 1, False),
        ("test_uses", 1, False),
        ("why", 3, True),
    ]
    assert source.max == 7
    assert source.solution_names == {"area", "total"}
    assert groundwork(source) == ["import math", "HELPER = 3"]


def test_what_people_get_holds_no_solution_and_no_hidden_test() -> None:
    released = json.loads(release(SOURCE))
    texts = "\n".join(cell["source"] for cell in released["cells"])
    assert "math.pi * r" not in texts
    assert "28.27" not in texts
    assert "YOUR CODE HERE" in texts
    assert "YOUR ANSWER HERE" in texts
    assert faults(release(SOURCE)) == []


def test_otter_releases_calls_of_its_checks() -> None:
    texts = [cell["source"] for cell in json.loads(release(OTTER))["cells"]]
    assert 'grader.check("q1")' in texts
    assert "def double(x):\n    ..." in texts
    assert not any("'aa'" in text or "Because" in text for text in texts)


def test_otter_shares_points_as_otter_does() -> None:
    check = read_source(OTTER).checks[0]
    assert [(case.points, case.hidden) for case in check.cases] == [(3.0, False), (1.0, True)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG", "not_a_notebook"),
        (b"[]", "not_a_notebook"),
        (b"[" * 100_000, "not_a_notebook"),
        (b'{"nbformat": 4, "cells": 7}', "not_a_notebook"),
        (b'{"nbformat": 5, "cells": []}', "too_new_format"),
        (notebook(), "no_checks"),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "other_language"),
        (notebook(code("1", "a", grade=True, points=1, schema_version=4)), "too_new_schema"),
        (notebook(code("1", "a", grade=True, points=1), code("1", "a", solution=True)),
         "duplicate_grade_id"),
        (notebook(code("1", " ", grade=True, points=1)), "blank_grade_id"),
        (notebook(code("1", "a", grade=True)), "missing_points"),
        (notebook(code("1", "a", grade=True, points=-1)), "bad_points"),
        (notebook(text("1", "a", grade=True, points=1)), "markdown_cannot_be_graded"),
        (notebook(code("### AUTOTEST x", "a", grade=True, points=1)), "autotest"),
        (notebook(code("### BEGIN SOLUTION", "a", solution=True)), "open_region"),
        (notebook(raw("# BEGIN QUESTION\nname: q1")), "open_region"),
        (notebook(raw("# BEGIN QUESTION\nname: [")), "bad_settings"),
        (notebook(raw("# BEGIN QUESTION\npoints: 1")), "blank_grade_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_source_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(NotebookError) as caught:
        read_source(content)
    assert caught.value.code == reason
    assert reason in reasons.NOTEBOOKS


def _without(place: int) -> bytes:
    cells = cells_of(SOURCE)
    del cells[place]
    return notebook(*cells)


def _twice(place: int, **changes: object) -> bytes:
    cells = cells_of(SOURCE)
    cells.insert(place, {**cells_of(SOURCE)[place], **changes})
    return notebook(*cells)


def _unmarked(place: int) -> bytes:
    cells = cells_of(SOURCE)
    cells[place]["metadata"] = {}
    return notebook(*cells)


def _swapped(one: int, other: int) -> bytes:
    cells = cells_of(SOURCE)
    cells[one], cells[other] = cells[other], cells[one]
    return notebook(*cells)


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        (SOURCE, []),
        (_twice(3), [("copied", "test_area")]),
        (_twice(2, source="def area(r):"), [("split", "area")]),
        (_without(3), [("deleted", "test_area")]),
        (_without(2), [("missing", "area")]),
        (changed(SOURCE, 3, cell_type="markdown"), [("type_changed", "test_area")]),
        (changed(SOURCE, 2, cell_type="markdown"), [("type_changed", "area")]),
        (changed(SOURCE, 4, source="pass"), [("tests_changed", "test_negative")]),
        (changed(SOURCE, 0, source="# Mine"), [("locked_changed", "head")]),
        (_unmarked(4), [("metadata_lost", "test_negative")]),
        (_swapped(3, 6), [("reordered", "test_area")]),
        (changed(SOURCE, 1, outputs=[{"output_type": "stream", "text": "x" * 300_000}]),
         [("huge_output", "#2")]),
        (notebook(*cells_of(SOURCE), code("1", "foreign", grade=True, points=1)),
         [("unknown_cell", "foreign")]),
    ],
    ids=lambda value: value[0][0] if isinstance(value, list) and value else "",
)  # fmt: skip
def test_each_fault_has_its_name(submitted: bytes, expected: list[tuple[str, str]]) -> None:
    assert faults(submitted) == expected
    assert {name for name, _ in expected} <= set(reasons.FAULTS)


def test_tests_stand_where_they_stood_and_deleted_ones_come_back() -> None:
    whole = ["#2", "area", "test_area", "test_negative", "total", "test_uses"]
    assert steps(SOURCE) == whole
    assert steps(_without(3)) == whole
    assert steps(_without(4)) == whole
    assert steps(_twice(3))[2:4] == ["#4", "test_area"]


def test_an_unanswered_question_is_known_and_an_answer_is_read_by_a_person() -> None:
    source = read_source(SOURCE)
    assert align(source, read(release(SOURCE))).answers == {"why": None}
    assert align(source, read(SOURCE)).answers == {"why": "pi times r squared"}


def test_a_submission_of_a_newer_nbgrader_is_refused() -> None:
    newer = notebook(code("1", "area", solution=True, schema_version=10))
    with pytest.raises(NotebookError, match="too_new_schema"):
        align(read_source(SOURCE), read(newer))


@needs_labs
def test_every_example_notebook_is_read_or_refused_with_a_reason() -> None:
    told = {}
    for path in sorted(LABS.rglob("*.ipynb")):
        try:
            told[path.name] = read_source(path.read_bytes()).style
        except NotebookError as error:
            told[path.name] = error.code
    assert set(told.values()) - {"nbgrader", "otter"} <= set(reasons.NOTEBOOKS)
    for name, answer in {
        "test-v0.ipynb": "nbgrader", "test-v1.ipynb": "nbgrader", "test-v2.ipynb": "nbgrader",
        "test.ipynb": "nbgrader", "demo.ipynb": "otter", "too-new.ipynb": "too_new_schema",
        "duplicate-grade-ids.ipynb": "duplicate_grade_id", "blank-grade-id.ipynb":
        "blank_grade_id", "blank-points.ipynb": "missing_points", "bad-markdown-cell-1.ipynb":
        "markdown_cannot_be_graded", "autotest-simple.ipynb": "autotest",
    }.items():  # fmt: skip
        assert told[name] == answer


@needs_labs
def test_our_release_is_nbgrader_s_own() -> None:
    guide = LABS / "nbgrader" / "nbgrader" / "docs" / "source" / "user_guide"
    ours = json.loads(release((guide / "source" / "ps1" / "problem1.ipynb").read_bytes()))
    theirs = json.loads((guide / "release" / "ps1" / "problem1.ipynb").read_bytes())
    by_name = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in theirs["cells"]
        if cell["metadata"].get("nbgrader")
    }
    compared = 0
    for cell in ours["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            other = by_name[marks["grade_id"]]
            assert cell["source"] == "".join(other["source"])
            assert marks["checksum"] == other["metadata"]["nbgrader"]["checksum"]
            compared += 1
    assert compared == 10
