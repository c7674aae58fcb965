"""The public board by the Ladder: only what is better by more than chance is shown."""

from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.forms import PhaseForm
from bitgoeul.apps.contests.models import Entry, Phase, Rung, Score
from bitgoeul.apps.contests.queries.boards import Board, boards_of
from bitgoeul.apps.contests.queries.entries import scored_rows
from bitgoeul.apps.contests.queries.ladder import climbs
from bitgoeul.apps.labs.services import Content
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.engines.scoring import Reads, metric_named, row_losses, score_of_loss
from tests.apps.contests.bench import DAY, TRUTH, Bench, answers, files, make_bench, solution
from tests.world import AT

HOUR = DAY / 24


@pytest.fixture
def bench(db: None) -> Bench:
    """A contest whose board is climbed by the Ladder."""
    return make_bench(board="ladder", daily_limit=9)


def _board(bench: Bench, user: Any = None, *, final: bool = False) -> Board:
    phase = Phase.objects.select_related("contest").get(pk=bench.phase.pk)
    return boards_of(phase, user or AnonymousUser(), at=AT, final=final)[0][0]


def _hand_in(bench: Bench, *right: int) -> list[Entry]:
    """Hand in one after the other, so many of the six public rows right."""
    team = bench.team(0)
    found = []
    for number, one in enumerate(right):
        found.append(bench.hand_in(team, answers(one), at=AT + number * HOUR))
        jobs.run_pending()
    return found


def _seen(bench: Bench, entries: list[Entry], user: Any) -> list[tuple[float | None, bool | None]]:
    rows = Entry.objects.filter(pk__in=[one.pk for one in entries]).order_by("pk")
    listed = list(rows.select_related("phase__contest", "team", "task"))
    found = scored_rows(listed, user, at=AT)
    return [(None if one.public is None else round(one.public * 6), one.improved) for one in found]


def test_what_is_not_better_by_more_than_chance_is_not_shown(bench: Bench) -> None:
    """One row of six more is chance (0.17 gained, 0.17 needed); three rows more are not."""
    entries = _hand_in(bench, 2, 3, 1, 5)
    team = _seen(bench, entries, bench.person(0))
    assert team == [(2, True), (2, False), (2, False), (5, True)]
    (line,) = _board(bench).lines
    assert line.public == pytest.approx(5 / 6)
    assert line.received_at == AT + 3 * HOUR
    assert _board(bench).ladder
    # The organiser sees every score as it is, and which of them the board does not show.
    everything = _seen(bench, entries, bench.officer)
    assert everything == [(2, True), (3, False), (1, False), (5, True)]
    assert Rung.objects.count() == Score.objects.count() == 4


def test_the_final_order_does_not_climb(bench: Bench) -> None:
    _hand_in(bench, 2, 3)
    board = _board(bench, bench.officer, final=True)
    assert not board.ladder
    assert board.lines[0].private == 1.0


def test_a_rejudge_climbs_anew_in_the_order_of_handing_in(bench: Bench) -> None:
    entries = _hand_in(bench, 2, 3, 5)
    truth = Content("solution.csv", solution([*TRUTH[:4], 1 - TRUTH[4], *TRUTH[5:]]))
    scorer = services.start_rejudge(
        task=bench.task, reason="정답이 틀렸음", truth=truth, by=bench.officer, at=AT
    )
    jobs.run_pending()
    assert Rung.objects.count() == 3
    assert _seen(bench, entries, bench.person(0)) == [(2, True), (2, False), (5, True)]
    services.switch_scorer(scorer=scorer, by=bench.officer, at=AT)
    assert Rung.objects.count() == 6
    # By the new truth the third is right in one row more than the first: that is chance.
    assert _seen(bench, entries, bench.person(0)) == [(3, True), (3, False), (3, False)]


def test_a_best_whose_file_is_gone_is_passed_by_the_largest_step_only(bench: Bench) -> None:
    entries = _hand_in(bench, 2)
    first = Entry.objects.get(pk=entries[0].pk)
    assert first.submission is not None
    first.submission.file.delete(save=True)
    more = [bench.hand_in(first.team, answers(right), at=AT + HOUR) for right in (4, 5)]
    jobs.run_pending()
    assert _seen(bench, more, bench.person(0)) == [(2, False), (5, True)]


def test_the_kind_of_board_stays_once_entries_are_in(bench: Bench) -> None:
    services.change_phase(phase=bench.phase, board="plain", by=bench.officer, at=AT)
    services.change_phase(phase=bench.phase, board="ladder", by=bench.officer, at=AT)
    _hand_in(bench, 2)
    with pytest.raises(Refused):
        services.change_phase(phase=bench.phase, board="plain", by=bench.officer, at=AT)


def test_other_metrics_and_plain_boards_show_every_score(db: None) -> None:
    bench = make_bench()
    entries = _hand_in(bench, 2, 3)
    assert _seen(bench, entries, bench.person(0)) == [(2, None), (3, None)]
    assert not Rung.objects.exists()
    bench.task.phase = Phase(board="ladder")
    assert bench.task.lab is not None
    for metric, expected in (("accuracy", True), ("rmse", True), ("roc_auc", False)):
        bench.task.lab.metric = metric
        assert climbs(bench.task) is expected


def test_a_form_without_a_board_leaves_it() -> None:
    form = PhaseForm({"title_ko": "예선"}, instance=Phase(board="plain"))
    form.is_valid()
    assert form.cleaned_data["board"] == "plain"


@pytest.mark.parametrize("name", ["accuracy", "micro_f1", "rmse", "mae", "rmsle", "mape", "smape"])
def test_a_mean_loss_becomes_the_score_again(name: str) -> None:
    metric = metric_named(name)
    truth, guess = np.array([1.0, 2.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0, 3.0])
    if metric.reads == Reads.LABELS:
        truth, guess = truth.astype(int), guess.astype(int)
    losses = row_losses(metric, truth, guess)
    assert losses is not None
    assert score_of_loss(metric, float(losses.mean())) == pytest.approx(
        metric.compute(truth, guess)
    )


def test_lower_is_better_climbs_down(db: None) -> None:
    """The mean absolute error: a little less is chance, much less is not."""
    bench = make_bench(board="ladder", daily_limit=9)
    task = services.add_prediction_task(
        phase=bench.phase, title_ko="값", task_ko="맞히세요.", metric="mae", id_column="id",
        target_column="target", usage_column="Usage", by=bench.officer, at=AT, **files(),
    )  # fmt: skip
    team, entries = bench.team(0), []
    for number, right in enumerate((2, 3, 6, 5)):
        entries.append(bench.hand_in(team, answers(right), task=task, at=AT + number * HOUR))
        jobs.run_pending()
    seen = _seen(bench, entries, bench.person(0))
    assert seen == [(4, True), (4, False), (0, True), (0, False)]
