"""Notebooks as labs: made from a source, released without answers, graded, marked in part."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from bitgoeul import runner
from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.services import Content, Mark, grading
from bitgoeul.core.errors import Refused
from tests.apps.labs.kinds import facts, opened
from tests.apps.labs.test_kinds import graded
from tests.apps.labs.test_pages import address
from tests.world import AT, World

pytestmark = pytest.mark.django_db


def cell(name: str, text: str, *, points: int | None = None, kind: str = "code") -> dict[str, Any]:
    """A cell of nbgrader: a solution without points, a test with them, or words for a person."""
    words = kind == "markdown"
    marks: dict[str, Any] = {"grade_id": name, "schema_version": 3, "task": False}
    marks |= {"grade": points is not None, "solution": points is None or words}
    marks |= {"locked": points is not None and not words}
    if points is not None:
        marks["points"] = points
    more = {} if words else {"execution_count": None, "outputs": []}
    return {"cell_type": kind, "metadata": {"nbgrader": marks}, "source": text, **more}


SOLUTION = """def double(n):
    ### BEGIN SOLUTION
    return 2 * n
    ### END SOLUTION
"""
TEST = """assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(-3) == -6
### END HIDDEN TESTS
"""
SOURCE: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 4,
    "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "P"}},
    "cells": [
        cell("double", SOLUTION),
        cell("test-double", TEST, points=4),
        cell("words", "Explain.", points=2, kind="markdown"),
    ],
}


def as_notebook(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def _shell() -> Iterator[runner.LocalRunner]:
    """A parent that knows IPython, in which cells run."""
    made = runner.LocalRunner(
        warmth=runner.Warmth(modules=("IPython",), memory_mb=2048, processes=200)
    )
    if made.tier is None:
        pytest.skip(f"no sandbox here: {made.complaints}")
    yield made
    made.close()


@pytest.fixture
def here(_shell: runner.LocalRunner, monkeypatch: pytest.MonkeyPatch) -> runner.LocalRunner:
    """The runner that grades notebooks in this test."""
    monkeypatch.setattr(grading, "here", lambda: _shell)
    return _shell


@pytest.fixture
def notebook_lab(world: World) -> Lab:
    made = services.create_notebook_lab(
        notebook=Content("double.ipynb", as_notebook(SOURCE)),
        by=None,
        at=AT,
        **facts(world, pass_score=3.0, seconds=60, memory_mb=2048),
    )
    return opened(made, world)


def released(lab: Lab) -> dict[str, Any]:
    with lab.files.get(kind="starter").file.open("rb") as file:
        return dict(json.loads(file.read()))


def hand_in(lab: Lab, world: World, solution: str, **more: Any) -> Submission:
    made = copy.deepcopy(released(lab))
    made["cells"][0]["source"] = solution
    made |= more
    person = world.people["trainee"]
    return services.receive_submission(
        lab=lab, person=person, name="double.ipynb", content=as_notebook(made), by=person, at=AT
    )


def test_participants_take_it_without_solutions_and_hidden_tests(notebook_lab: Lab) -> None:
    assert notebook_lab.max_points == 6
    text = json.dumps(released(notebook_lab))
    assert "2 * n" not in text
    assert "-3" not in text
    assert Client().get(address("lab_file", notebook_lab, kind="source")).status_code == 404
    assert Client().get(address("lab_file", notebook_lab, kind="starter")).status_code == 200


def test_a_source_that_cannot_be_graded_is_refused_with_its_cell(world: World) -> None:
    twice = copy.deepcopy(SOURCE)
    twice["cells"].append(twice["cells"][1])
    for content in (as_notebook(twice), as_notebook({"cells": []}), b"[]"):
        with pytest.raises(Refused):
            services.create_notebook_lab(
                notebook=Content("a.ipynb", content), by=None, at=AT, **facts(world)
            )
    assert not Lab.objects.filter(key="moving-average").exists()


def test_machine_points_first_and_the_rest_by_a_person(
    world: World, notebook_lab: Lab, here: Any
) -> None:
    row = graded(hand_in(notebook_lab, world, "def double(n):\n    return 2 * n\n"))
    assert row.state == SubmissionState.SCORED, row.reason
    found = row.evaluations.get()
    assert (found.score, {one["code"] for one in found.checks}) == (4, {"ok", "manual"})
    services.mark_answers(submission=row, marks={"words": Mark(points=2)}, by=None, at=AT)
    services.mark_answers(submission=row, marks={"words": Mark(points=1)}, by=None, at=AT)
    assert [one.score for one in row.evaluations.order_by("id")] == [4, 6, 5]


def test_a_wrong_one_says_that_a_hidden_test_failed(
    world: World, notebook_lab: Lab, here: Any
) -> None:
    row = graded(hand_in(notebook_lab, world, "def double(n):\n    return n + abs(n)\n"))
    assert row.evaluations.get().score < 4
    assert "-3" not in json.dumps(row.evaluations.get().checks)


def test_what_is_no_notebook_of_ours_ends_with_a_reason(
    world: World, notebook_lab: Lab, here: Any
) -> None:
    row = graded(hand_in(notebook_lab, world, "", nbformat=7))
    assert row.state == SubmissionState.REFUSED
    with translation.override("en"):
        assert "format" in faults.phrased(row.faults)[0]


def test_it_opens_in_the_browser_where_the_installation_names_a_place(
    notebook_lab: Lab, settings: Any
) -> None:
    page = address("lab_detail", notebook_lab)
    assert "fromURL" not in Client().get(page).content.decode()
    settings.BITGOEUL = replace(settings.BITGOEUL, jupyterlite_url="https://lite.example/site")
    assert "https://lite.example/site/lab/?fromURL=" in Client().get(page).content.decode()
    taken = Client().get(address("lab_file", notebook_lab, kind="starter"))
    assert taken["Access-Control-Allow-Origin"] == "https://lite.example"


def test_a_notebook_is_tried_by_what_was_handed_out(
    world: World, notebook_lab: Lab, here: Any
) -> None:
    """The hidden test would fail; in practice it does not run and nothing of it is told."""
    made = released(notebook_lab)
    made["cells"][0]["source"] = "def double(n):\n    return n * n\n"
    person = world.people["trainee"]
    row = services.receive_practice(
        lab=notebook_lab, person=person, name="a.ipynb", content=as_notebook(made), by=person, at=AT
    )
    services.record_practice(tried=services.try_out(practice=row.uuid), at=AT)
    row.refresh_from_db()
    assert [(one["key"], one["code"]) for one in row.checks] == [("test-double", "ok")]
    asked = runner.visible(runner.read_source(as_notebook(SOURCE)))
    assert "-3" not in repr(asked.checks)


def test_a_cell_with_hidden_tests_only_is_not_tried() -> None:
    hidden = copy.deepcopy(SOURCE)
    hidden["cells"][1]["source"] = "### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS"
    assert runner.visible(runner.read_source(as_notebook(hidden))).checks == ()


AUTOTEST = """### AUTOTEST double(4)
### BEGIN HIDDEN TESTS
### AUTOTEST double(-3)
### END HIDDEN TESTS"""


def test_autotest_lines_become_tests_when_the_lab_is_made(world: World, here: Any) -> None:
    lines = copy.deepcopy(SOURCE)
    lines["cells"][1]["source"] = AUTOTEST
    more = facts(world, pass_score=3.0, seconds=60, memory_mb=2048)
    made = services.create_notebook_lab(
        notebook=Content("double.ipynb", as_notebook(lines)), by=None, at=AT, **more
    )
    text = json.dumps(released(made))
    assert "AUTOTEST" not in text
    assert 'str(double(4)) == \\"8\\"' in text
    assert "-3" not in text
    row = graded(hand_in(opened(made, world), world, "def double(n):\n    return 2 * abs(n)\n"))
    assert row.evaluations.get().score == 0
    own = Content("autotests.yml", b"python3: 1")
    with pytest.raises(Refused, match="autotests"):
        services.create_notebook_lab(
            notebook=Content("a.ipynb", as_notebook(lines)), autotests=own, by=None, at=AT,
            **more | {"key": "other"},
        )  # fmt: skip


def test_autotest_lines_need_a_sandbox(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    lines = copy.deepcopy(SOURCE)
    lines["cells"][1]["source"] = AUTOTEST
    with translation.override("en"), pytest.raises(Refused, match="none works here"):
        services.create_notebook_lab(
            notebook=Content("a.ipynb", as_notebook(lines)), by=None, at=AT, **facts(world)
        )


def test_quiet_cells_say_nothing_and_a_bare_assert_says_its_line(
    world: World, notebook_lab: Lab, here: Any
) -> None:
    wrong = "def double(n):\n    return n\n"
    row = graded(hand_in(notebook_lab, world, wrong))
    assert row.evaluations.get().output == ""
    made = released(notebook_lab)
    made["cells"][0]["source"] = wrong
    person = world.people["trainee"]
    tried = services.receive_practice(
        lab=notebook_lab, person=person, name="a.ipynb", content=as_notebook(made), by=person, at=AT
    )
    services.record_practice(tried=services.try_out(practice=tried.uuid), at=AT)
    tried.refresh_from_db()
    assert "assert double(2) == 4" in tried.checks[0]["value"]
