"""A runnable example of each task: what it needs, and its arguments."""

from collections.abc import Callable
from typing import Any

from bitgoeul.apps.labs import services, tasks
from tests.apps.labs.bench import Bench, hand_in, make_lab
from tests.apps.labs.kinds import function_lab
from tests.world import AT, build_world


def _submission() -> dict[str, Any]:
    world, bench = build_world(), Bench()
    submission = hand_in(make_lab(world, bench), world, bench.good)
    return {"submission": str(submission.uuid)}


def _submissions_without_job() -> dict[str, Any]:
    # The world's own submissions have no job: the sweep ends them.
    build_world()
    return {}


def _practice() -> dict[str, Any]:
    world = build_world()
    person, lab = world.people["trainee"], function_lab(world)
    made = services.receive_practice(
        lab=lab, person=person, name="a.py", content=b"x = 1\n", by=person, at=AT
    )
    return {"practice": str(made.uuid)}


def _alike() -> dict[str, Any]:
    world = build_world()
    # Each comparison is a report of its own on purpose; the one before it goes.
    ignore = {"labs.SimilarityReport": ["*"], "journal.Entry": ["*"]}
    return {"lab": str(function_lab(world).uuid), "ignore": ignore}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.score_submission: _submission,
    tasks.try_practice: _practice,
    tasks.compare_submissions: _alike,
    tasks.settle_stuck_submissions: _submissions_without_job,
}
