"""The demo's two contests: made, handed in and scored for three teams, one played to its end."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bitgoeul.apps.contests.enums import ContestState, EntryState
from bitgoeul.apps.contests.models import Contest, Entry, Phase, Score
from bitgoeul.apps.contests.queries.boards import standing
from bitgoeul.cli.demo import contest_models, filling, steps_contests
from bitgoeul.cli.demo.contest_models import DataContest
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.models import Entry as Line
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


def invented(key: str, metric: str, target: str, teams: int) -> DataContest:
    """A contest whose later teams are better, without a trained model."""
    random = np.random.default_rng(1)
    truth = random.integers(0, 2, 40).astype(float)

    def table(header: str, rows: Any) -> bytes:
        return "\n".join([header, *(",".join(map(str, row)) for row in rows), ""]).encode()

    ids = [f"t{number:02d}" for number in range(40)]
    usage = ["Public" if number % 5 < 2 else "Private" for number in range(40)]
    return DataContest(
        key=key,
        metric=metric,
        target=target,
        train=table(f"id,a,{target}", [("k1", 1, 0), ("k2", 2, 1)]),
        test=table("id,a", [(one, 0) for one in ids]),
        sample=table(f"id,{target}", [(one, 0.5) for one in ids]),
        truth=table(f"id,{target},Usage", zip(ids, truth, usage, strict=True)),
        entries=tuple(
            contest_models.Entry(
                team, 1, "noise",
                table(
                    f"id,{target}",
                    zip(ids, truth + random.normal(0, 3 / (1 + team), 40), strict=True),
                ),
            )
            for team in range(teams)
        ),
    )  # fmt: skip


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    world: World = build_world()
    parties = {steps_contests.UNIVERSITY: world.university, steps_contests.CITY: world.city}
    monkeypatch.setattr(steps_contests, "organisation", parties.__getitem__)
    monkeypatch.setattr(steps_contests, "TEAM_PEOPLE", 1)
    monkeypatch.setattr(contest_models, "TEAMS", 3)
    monkeypatch.setattr(steps_contests, "TOGETHER", 3)
    monkeypatch.setattr(steps_contests, "TRIES", 1)
    monkeypatch.setattr(
        contest_models, "make_contests",
        lambda *, teams: (
            invented("healthcare", "roc_auc", "malignant", teams),
            invented("energy", "rmse", "kwh", teams),
        ),
    )  # fmt: skip
    staff = {"bora": world.people["officer_university"], "areum": world.people["officer_city"]}
    return SimpleNamespace(
        cohort=world.cohort, agreement=world.agreement, staff=staff, seed=1, folder=tmp_path
    )


def test_one_contest_is_closed_and_one_runs(year: Any) -> None:
    assert "contests" in {part.key for part in filling.parts()}
    for name in steps_contests.units(year):
        steps_contests.prepare(year, name)()
    closed = Contest.objects.get(key="demo-healthcare")
    running = Contest.objects.get(key="demo-energy")
    assert (closed.state, running.state) == (ContestState.CLOSED, ContestState.RUNNING)
    assert {closed.teams.count(), running.teams.count()} == {3}
    entries = Entry.objects.filter(team__contest__in=[closed, running])
    assert entries.count() == 3 * 2 + 3
    assert set(entries.values_list("state", flat=True)) == {EntryState.SCORED}
    assert Score.objects.filter(entry__in=entries, private__isnull=True).count() == 0
    assert entries.filter(final=True).count() == 2
    for phase in Phase.objects.filter(contest__in=[closed, running]):
        assert len(standing(phase)) == 3
    assert closed.questions.get().answered_at
    assert running.announcements.count() == 1
    assert Line.objects.filter(event="contest.closed").count() == 1
    assert not Job.objects.filter(task__contains="score_entry").exists()
