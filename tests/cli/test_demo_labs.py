"""The demo's twelve labs: made and kept without a sandbox; with one, really run."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from bitgoeul import runner
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.services import grading
from bitgoeul.cli.demo import steps_labs
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
LONG = os.environ.get("BITGOEUL_LONG") == "1"


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> Any:
    world: World = build_world()
    monkeypatch.setattr(steps_labs, "organisation", lambda _name: world.university)
    return SimpleNamespace(cohort=world.cohort, seed=1)


def test_twelve_labs_are_made_and_everybody_s_programs_kept(
    year: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "here", lambda: runner.LocalRunner(tiers=()))
    made, *graded = steps_labs.units(year)
    steps_labs.prepare(year, made)()
    keys = [row["key"] for row in steps_labs.described()]
    labs = Lab.objects.filter(key__in=keys)
    assert labs.count() == 12
    assert {lab.kind for lab in labs} == {"function", "notebook", "answers"}
    assert labs.filter(open_to_all=True).count() == 3
    assert all(lab.skills.exists() for lab in labs)
    assert len(graded) == 6
    for name in graded:
        steps_labs.prepare(year, name)()
    rows = Submission.objects.filter(lab__in=labs)
    assert rows.count() > 6
    assert {row.reason_code for row in rows} == {"no_sandbox"}


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="runs every program of the demo; with BITGOEUL_LONG=1")
def test_every_program_of_the_demo_earns_what_it_is_worth(
    year: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bitgoeul.apps.labs import services

    here = runner.LocalRunner()
    if here.tier is None:
        pytest.skip(f"no sandbox here: {here.complaints}")
    monkeypatch.setattr(grading, "here", lambda: here)
    steps_labs.make_labs(year)
    for row in steps_labs.graded_labs():
        lab = Lab.objects.get(key=row["key"])
        texts = [text.encode() for text in row["solutions"]]
        found = services.grade_texts(lab=lab, texts=texts)
        points = [graded.points for graded in found.values()]
        assert points[0] == lab.max_points
        assert max(points[1:]) < points[0]
        assert points[-1] == 0
    here.close()
