"""The Ladder against the attack it was made for; intervals of ranks; what is alike."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.engines.scoring import (
    METRICS,
    Ladder,
    Reads,
    ScoringError,
    alike_errors,
    metric_named,
    pseudo_values,
    rank_intervals,
    read_predictions,
    read_truth,
    same_predictions,
)

LONG = os.environ.get("BITGOEUL_LONG")


def _attack(show, *, tries, public=4000, rows=12000, seed=0):
    """Blum and Hardt's boosting attack: random answers, the better half of them voted together.

    Returns how much better the vote looks on the board than it is.
    """
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    votes, kept = np.zeros(rows), 0
    for _ in range(tries):
        guess = random.integers(0, 2, rows)
        if show((guess[:public] != truth[:public]).astype(float)):
            votes, kept = votes + guess, kept + 1
    vote = (votes > kept / 2).astype(int)
    right = vote == truth
    return right[:public].mean() - right[public:].mean()


def _plain_board(losses):
    return round(losses.mean(), 5) < 0.5


class _OurBoard:
    def __init__(self):
        self.ladder = Ladder()

    def __call__(self, losses):
        before = self.ladder.best
        self.ladder, rung = self.ladder.climb(losses)
        return before is not None and rung.improved


def test_five_hundred_random_answers_fool_a_plain_board_and_not_ours():
    attacks = range(10 if LONG else 2)
    plain = np.mean([_attack(_plain_board, tries=500, seed=seed) for seed in attacks])
    ours = np.mean([_attack(_OurBoard(), tries=500, seed=seed) for seed in attacks])
    assert plain > 0.05
    assert abs(ours) < 0.03


def test_a_real_improvement_is_shown_and_a_lucky_one_is_not():
    random = np.random.default_rng(1)
    hard = random.random(2000)
    ladder, first = Ladder().climb((hard < 0.3).astype(float))
    ladder, lucky = ladder.climb((random.permutation(hard) < 0.299).astype(float))
    ladder, better = ladder.climb((hard < 0.2).astype(float))
    _, worse = ladder.climb((hard < 0.5).astype(float))
    assert (first.improved, lucky.improved, better.improved, worse.improved) == (1, 0, 1, 0)
    assert lucky.shown == first.shown
    assert worse.shown == better.shown == pytest.approx((hard < 0.2).mean())


@given(st.lists(st.lists(st.integers(0, 1), min_size=20, max_size=20), min_size=1, max_size=15))
def test_the_board_never_gets_worse(submissions):
    ladder, last = Ladder(), np.inf
    for losses in submissions:
        ladder, rung = ladder.climb(np.array(losses, dtype=float))
        assert rung.shown <= last
        assert rung.improved == (rung.shown < last)
        last = rung.shown


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e6])
def test_the_board_shows_losses_of_any_scale(scale):
    losses = scale * np.random.default_rng(8).random(200) ** 2
    ladder, first = Ladder().climb(losses)
    error = losses.std(ddof=1) / np.sqrt(200)
    assert first.shown == pytest.approx(losses.mean(), rel=1e-9, abs=error / 100)
    assert first.shown != losses.mean()
    _, better = ladder.climb(losses * 0.98)
    assert better.improved
    assert better.shown < first.shown


def test_pseudo_values_keep_the_digits_that_tell_teams_apart():
    random = np.random.default_rng(6)
    truth = random.integers(0, 2, 4000)
    guess = truth + 0.7 * random.normal(size=4000)
    metric = metric_named("roc_auc")
    _, rung = Ladder().climb(pseudo_values(metric.compute, truth, guess))
    assert metric.score_of(rung.shown) == pytest.approx(metric.compute(truth, guess), abs=1e-4)


def test_losses_beyond_the_floats_improve_nothing():
    ladder, first = Ladder().climb(np.array([1e200, 2e200, 4e200]))
    with np.errstate(all="ignore"):
        _, second = ladder.climb(np.array([2e200, 4e200, 8e200]))
    assert not second.improved
    assert second.shown == first.shown


def test_losses_that_do_not_fit_are_refused():
    ladder, _ = Ladder().climb(np.ones(3))
    for losses in (np.ones(4), np.array([]), np.array([np.nan] * 3)):
        with pytest.raises(ScoringError):
            ladder.climb(losses)


def _made(name, rows=60):
    random = np.random.default_rng(3)
    reads = METRICS[name].reads
    truth = random.integers(0, 2, rows)
    if reads is Reads.VALUES:
        return random.random(rows) + 1, random.random(rows) + 1
    if reads is Reads.LABELS:
        return truth, np.where(random.random(rows) < 0.7, truth, 1 - truth)
    return truth, np.clip(0.5 * truth + 0.5 * random.random(rows), 0.01, 0.99)


@pytest.mark.parametrize(
    "name", [name for name, metric in METRICS.items() if not metric.reads.is_text]
)
def test_mean_losses_say_what_the_metric_says(name):
    metric = metric_named("pinball@0.7" if name == "pinball" else name)
    truth, guess = _made(name)
    value = metric.compute(truth, guess)
    if metric.losses is not None:
        assert metric.score_of(metric.losses(truth, guess).mean()) == pytest.approx(value)
        return
    better = metric.higher_is_better
    found = pseudo_values(metric.compute, truth, guess, groups=20, higher_is_better=better)
    assert metric.score_of(found.mean()) == pytest.approx(value, abs=0.05)


def test_pseudo_values_of_a_mean_are_its_rows():
    truth, guess = np.zeros(30), np.arange(30.0)
    metric = metric_named("mae")
    found = pseudo_values(metric.compute, truth, guess, groups=30, higher_is_better=False)
    assert found == pytest.approx(guess)


def test_ranks_cover_the_truth_as_often_as_they_say():
    """Teams of known skill; the interval of a rank holds the true one in 95 of 100 contests."""
    random = np.random.default_rng(5)
    skill = np.array([0.2, 0.25, 0.3, 0.4])
    inside = 0
    contests = 200 if LONG else 25
    for contest in range(contests):
        hard = random.random((4, 300))
        found = rank_intervals(list("abcd"), hard < skill[:, None], seed=contest, replicates=200)
        true = {"a": 1, "b": 2, "c": 3, "d": 4}
        inside += sum(team.lowest <= true[team.team] <= team.highest for team in found.teams)
    assert inside / (4 * contests) > 0.9


def test_the_same_seed_gives_the_same_ranks_and_the_input_is_left():
    losses = np.random.default_rng(1).random((5, 100))
    before = losses.copy()
    first = rank_intervals(list("abcde"), losses, seed=7, prizes=2)
    assert first == rank_intervals(list("abcde"), losses, seed=7, prizes=2)
    assert first != rank_intervals(list("abcde"), losses, seed=8, prizes=2)
    assert (losses == before).all()
    assert [team.rank for team in first.teams] == [1, 2, 3, 4, 5]


def test_the_group_at_the_cut():
    random = np.random.default_rng(2)
    hard = random.random(5000)
    near = hard < 0.3
    almost = near.copy()
    almost[:2] = ~almost[:2]
    losses = np.array([hard < 0.1, near, almost, hard < 0.6])
    found = rank_intervals(list("abcd"), losses, seed=1, prizes=2)
    assert set(found.tied) == {"b", "c"}
    assert rank_intervals(list("abcd"), losses, seed=1, prizes=1).tied == ()
    assert rank_intervals(list("abcd"), losses, seed=1, prizes=4).tied == ()


def test_teams_of_one_row_and_one_team():
    found = rank_intervals(["a"], np.array([[1.0]]), seed=1)
    assert [(one.rank, one.lowest, one.highest) for one in found.teams] == [(1, 1, 1)]
    with pytest.raises(ScoringError):
        rank_intervals(["a"], np.array([[np.nan]]), seed=1)
    with pytest.raises(ScoringError):
        rank_intervals([], np.empty((0, 0)), seed=1)


def test_weights_are_poisson():
    from bitgoeul.engines.scoring.ranking import _COUNTS

    assert _COUNTS.mean() == pytest.approx(1, abs=1e-3)
    assert _COUNTS.var() == pytest.approx(1, abs=1e-3)


def test_copied_errors_are_flagged_and_good_models_are_not():
    random = np.random.default_rng(4)
    truth = random.integers(0, 3, 2000)
    guesses = np.array([np.where(random.random(2000) < 0.9, truth, 2 - truth) for _ in range(8)])
    guesses[6] = guesses[1]
    changed = random.choice(2000, 20, replace=False)
    guesses[6, changed] = random.integers(0, 3, 20)
    found = alike_errors([f"t{k}" for k in range(8)], truth, guesses, labels=True, least=0.8)
    assert [(pair.first, pair.second) for pair in found] == [("t1", "t6")]
    assert found[0].same > 0.98
    assert found[0].same_wrong > 100


def test_the_same_predictions_have_one_digest_however_written():
    truth = read_truth(b"id,y\n1,0\n2,1\n3,1\n", id="id", target="y")
    files = {
        "a": b"id,y\n1,0\n2,1\n3,0\n",
        "b": b'y,id\r\n0.0,"3"\r\n1e0,2\r\n-0, 1 \r\n',
        "c": b"id,y\n1,0\n2,1\n3,1\n",
    }
    for engine in ("plain", "numba"):
        digests = {
            team: read_predictions(truth, file, metric="accuracy", engine=engine).digest
            for team, file in files.items()
        }
        assert same_predictions(digests) == (("a", "b"),)


def test_predictions_give_the_losses_of_a_part():
    truth = read_truth(
        b"id,y,u\n1,a,Public\n2,b,Public\n3,a,Private\n4,b,Ignored\n",
        id="id",
        target="y",
        usage="u",
    )
    sent = b"id,y\n4,a\n3,b\n2,b\n1,b\n"
    found = read_predictions(truth, sent, metric="accuracy")
    assert found.losses("public").tolist() == [1, 0]
    assert found.losses("private").tolist() == [1]
    assert found.losses().tolist() == [1, 0, 1]
    assert len(found.losses("public")) == len(
        read_predictions(truth, sent, metric="macro_f1").losses("public")
    )
    faulty = read_predictions(truth, b"id,y\n9,a\n", metric="accuracy")
    assert faulty.counts == {"missing_id": 4, "unknown_id": 1}
    with pytest.raises(ScoringError):
        faulty.losses()


def test_lists_have_losses_too():
    truth = read_truth(b"id,y\n1,a b\n2,c\n", id="id", target="y", as_text=True)
    found = read_predictions(truth, b"id,y\n1,a b\n2,d c\n", metric="map@2")
    assert found.losses().tolist() == [0, 0.5]
