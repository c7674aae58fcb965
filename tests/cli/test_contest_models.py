"""The demo's contests: real models of different strength, and two teams with one file."""

from __future__ import annotations

import os

import numpy as np
import pytest

from bitgoeul.cli.demo.contest_models import COPIED, TEAMS, make_contests
from bitgoeul.engines.scoring import alike_errors, read_predictions, read_truth, score_all

LONG = bool(os.environ.get("BITGOEUL_LONG"))


@pytest.mark.slow
@pytest.mark.parametrize("teams", [TEAMS if LONG else 2])
def test_teams_differ_in_strength_and_every_file_is_scored(teams):
    contests = make_contests(teams=teams)
    assert contests == make_contests(teams=teams) or not LONG
    for contest in contests:
        truth = read_truth(contest.truth, id="id", target=contest.target, usage="Usage")
        found = {}
        for entry in contest.entries:
            (result,) = score_all(truth, entry.content, metrics=(contest.metric,))
            assert result.errors == ()
            assert None not in (result.public, result.private)
            found[entry.team] = result.private
        assert len(found) == teams
        assert np.ptp(list(found.values())) > 0.001
        (sample,) = score_all(truth, contest.sample, metrics=(contest.metric,))
        scores = list(found.values())
        better = max(scores) if contest.metric == "roc_auc" else -min(scores)
        assert better > (sample.score if contest.metric == "roc_auc" else -sample.score)


@pytest.mark.skipif(not LONG, reason="trains the models of all thirty teams")
def test_the_copied_file_is_flagged():
    for contest in make_contests():
        truth = read_truth(contest.truth, id="id", target=contest.target, usage="Usage")
        last = {entry.team: entry.content for entry in contest.entries}
        metric = "mae"  # errors are distances here, of chances too
        read = {team: read_predictions(truth, file, metric=metric) for team, file in last.items()}
        teams = sorted(read)
        guesses = np.array([read[team].guess for team in teams])
        pairs = alike_errors(
            [str(t) for t in teams], truth.values, guesses, labels=False, least=0.98
        )
        assert [{pair.first, pair.second} for pair in pairs] == [set(map(str, COPIED))]
