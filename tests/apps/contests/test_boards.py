"""Who stands where, who goes on, who sees what: by a table over phases, audiences and moments."""

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import Audience, ContestState, Shown
from bitgoeul.apps.contests.models import Contest, Entry, Phase, Score, ScorePolicy
from bitgoeul.apps.contests.queries.boards import Board, boards_of
from bitgoeul.apps.contests.queries.rejudging import changes_of, progress_of
from bitgoeul.apps.contests.queries.visibility import (
    EVERYTHING,
    scores_seen,
    sight_of,
    viewer_of,
)
from bitgoeul.apps.contests.services.advancing import goes_on
from bitgoeul.apps.labs.services import Content
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from tests.apps.contests.bench import DAY, TRUTH, Bench, answers, make_bench, solution
from tests.world import AT

HOUR = DAY / 24


def _three(bench: Bench) -> list[Entry]:
    """Three teams: the first is best on the public part, the last in the end."""
    found = [
        bench.hand_in(bench.team(number), answers(public, private), at=AT + number * HOUR)
        for number, (public, private) in enumerate([(6, 2), (5, 4), (4, 5)])
    ]
    jobs.run_pending()
    return found


def _board(bench: Bench, user: Any, *, final: bool = False, at: Any = AT) -> Board:
    phase = Phase.objects.select_related("contest").get(pk=bench.phase.pk)
    return boards_of(phase, user, at=at, final=final)[0][0]


def test_the_public_order_is_not_the_final_one(bench: Bench) -> None:
    _three(bench)
    assert [line.name for line in _board(bench, AnonymousUser()).lines] == ["팀 0", "팀 1", "팀 2"]
    final = _board(bench, bench.officer, final=True)
    assert [line.name for line in final.lines] == ["팀 2", "팀 1", "팀 0"]
    assert not _board(bench, AnonymousUser(), final=True).final


def test_equal_scores_stand_by_who_was_earlier_and_are_marked(db: None) -> None:
    bench = make_bench(prize_places=2)
    for number, right in enumerate([4, 6, 6, 6, 3]):
        bench.hand_in(bench.team(number), answers(right), at=AT + number * HOUR)
    jobs.run_pending()
    lines = _board(bench, AnonymousUser()).lines
    assert [line.name for line in lines] == ["팀 1", "팀 2", "팀 3", "팀 0", "팀 4"]
    assert [line.tied for line in lines] == [True, True, True, False, False]
    assert [line.prize for line in lines] == ["tied", "tied", "tied", "", ""]


def test_what_is_not_a_number_ranks_nowhere(bench: Bench) -> None:
    entries = _three(bench)
    Score.objects.filter(entry=entries[0]).update(public=None)
    assert [line.name for line in _board(bench, AnonymousUser()).lines] == ["팀 1", "팀 2"]


def test_a_team_that_was_excluded_leaves_the_board(bench: Bench) -> None:
    entries = _three(bench)
    services.exclude_team(team=entries[0].team, reason="규칙", by=bench.officer, at=AT)
    assert [line.name for line in _board(bench, AnonymousUser()).lines] == ["팀 1", "팀 2"]


def test_chosen_entries_count_in_the_end_else_the_best_public(bench: Bench) -> None:
    team = bench.team(0)
    entries = [bench.hand_in(team, answers(*right)) for right in [(6, 1), (5, 2), (1, 6)]]
    jobs.run_pending()
    (line,) = _board(bench, bench.officer, final=True).lines
    assert line.private == pytest.approx(2 / 6)
    chosen = [Entry.objects.get(pk=entries[2].pk)]
    services.choose_finals(team=team, task=bench.task, entries=chosen, by=team.captain, at=AT)
    (line,) = _board(bench, bench.officer, final=True).lines
    assert line.private == 1.0


SHOWN = {
    Shown.NEVER: (False, False, False),
    Shown.ALWAYS: (True, True, True),
    Shown.PHASE_END: (False, True, True),
    Shown.RESULTS: (False, False, True),
}
"""What each word means during the phase, after it, and after the contest."""
WIDER = {
    Audience.PUBLIC: [Audience.PUBLIC],
    Audience.PARTICIPANTS: [Audience.PUBLIC, Audience.PARTICIPANTS],
    Audience.TEAM: [Audience.PUBLIC, Audience.PARTICIPANTS, Audience.TEAM],
}


@pytest.mark.parametrize("part", ["public_score", "private_score", "rank"])
def test_every_audience_sees_what_the_policy_says_at_every_moment(part: str) -> None:
    """All 64 policies of three audiences, three moments, one part: nothing of it needs a row."""
    contest = Contest(state=ContestState.RUNNING)
    phase = Phase(contest=contest, opens_at=AT - DAY, closes_at=AT + 10 * DAY)
    moments = [(AT, "running"), (AT + 11 * DAY, "running"), (AT + 11 * DAY, "closed")]
    others = {"public_score": Shown.NEVER, "private_score": Shown.NEVER, "rank": Shown.NEVER}
    name = part.removesuffix("_score")
    for words in itertools.product(Shown.values, repeat=3):
        said = dict(zip(WIDER, words, strict=True))
        policies = [
            ScorePolicy(audience=audience, **(others | {part: word}))
            for audience, word in said.items()
        ]
        for number, (at, state) in enumerate(moments):
            contest.state = state
            for audience, wider in WIDER.items():
                expected = any(SHOWN[Shown(said[one])][number] for one in wider)
                sight = sight_of(audience, policies, phase, at=at)
                assert getattr(sight, name) == expected, (said, state, audience)
                rest = {"public", "private", "rank"} - {name}
                assert not any(getattr(sight, one) for one in rest)
            assert sight_of(Audience.ORGANISER, policies, phase, at=at) == EVERYTHING


def test_the_one_statement_gives_each_reader_what_the_policy_says(bench: Bench) -> None:
    entries = _three(bench)
    users = {
        Audience.PUBLIC: AnonymousUser(),
        Audience.PARTICIPANTS: bench.person(1),
        Audience.TEAM: bench.person(0),
        Audience.ORGANISER: bench.officer,
    }
    everything = {"public_score": Shown.ALWAYS, "private_score": Shown.ALWAYS, "rank": Shown.ALWAYS}
    nothing = dict.fromkeys(everything, Shown.NEVER)
    order = [Audience.PUBLIC, Audience.PARTICIPANTS, Audience.TEAM, Audience.ORGANISER]
    for given in order[:-1]:
        bench.phase.policies.update(**nothing)
        bench.phase.policies.filter(audience=given).update(**everything)
        phase = Phase.objects.select_related("contest").get(pk=bench.phase.pk)
        for audience, user in users.items():
            seen = order.index(audience) >= order.index(given)
            row = scores_seen(phase, viewer_of(phase, user, at=AT)).get(entry=entries[0])
            assert (row.seen_public is not None) == seen, (given, audience)
            assert (row.seen_private is not None) == seen
            names = [line.name for line in _board(bench, user).lines]
            assert ("팀 0" in names) == seen


def test_a_blind_phase_shows_nothing_to_anybody_but_the_organiser(db: None) -> None:
    bench = make_bench(blind=True)
    entries = _three(bench)
    for user in (AnonymousUser(), bench.person(0), bench.person(1)):
        board = _board(bench, user, at=AT + 20 * DAY)
        assert board.hidden
        assert list(board.lines) == []
    assert len(_board(bench, bench.officer).lines) == len(entries)


def test_the_best_go_on_with_whoever_is_tied_at_the_cut(db: None) -> None:
    bench = make_bench(advances=2)
    final = services.plan_phase(
        contest=bench.contest, title_ko="본선", opens_at=AT + 10 * DAY, closes_at=AT + 20 * DAY,
        by=bench.officer, at=AT,
    )  # fmt: skip
    for number, right in enumerate([6, 5, 5, 2]):
        bench.hand_in(bench.team(number), answers(right, right))
    jobs.run_pending()
    assert services.advance_due_phases(at=AT) == 0
    with pytest.raises(Refused):
        services.advance_phase(phase=bench.phase, by=bench.officer, at=AT)
    later = AT + 11 * DAY
    assert services.advance_due_phases(at=later) == 1
    assert {team.name for team in final.teams.all()} == {"팀 0", "팀 1", "팀 2"}
    assert services.advance_due_phases(at=later) == 0
    assert goes_on([(1, 1), (2, 2), (3, 2), (4, 4)], 2) == [1, 2, 3]


def test_a_rejudge_adds_scores_shows_the_difference_and_switches_at_once(bench: Bench) -> None:
    entries = _three(bench)
    right = [1 - TRUTH[0], *TRUTH[1:]]
    truth = Content("solution.csv", solution(right))
    facts = {"task": bench.task, "by": bench.officer, "at": AT}
    with pytest.raises(Refused):
        services.start_rejudge(reason="", truth=truth, **facts)
    scorer = services.start_rejudge(reason="1번 정답이 틀렸음", truth=truth, **facts)
    with pytest.raises(Refused):
        services.start_rejudge(reason="또", truth=truth, **facts)
    with pytest.raises(Refused):
        services.switch_scorer(scorer=scorer, by=bench.officer, at=AT)
    before = [line.public for line in _board(bench, AnonymousUser()).lines]
    jobs.run_pending()
    assert [line.public for line in _board(bench, AnonymousUser()).lines] == before
    late = bench.hand_in(entries[0].team, answers(6, 6))
    assert not progress_of(scorer).ready
    jobs.run_pending()
    assert progress_of(scorer).ready
    assert len(changes_of(scorer)) == 4
    services.switch_scorer(scorer=scorer, by=bench.officer, at=AT)
    assert Score.objects.count() == 8
    assert Score.objects.filter(entry=late).count() == 2
    after = [line.public for line in _board(bench, AnonymousUser()).lines]
    assert after == pytest.approx([5 / 6, 4 / 6, 3 / 6])
    fresh = bench.hand_in(entries[0].team, answers(5, 6), at=AT + DAY)
    jobs.run_pending()
    assert Score.objects.get(entry=fresh).scorer == scorer


def test_a_candidate_that_is_given_up_changes_nothing(bench: Bench) -> None:
    _three(bench)
    scorer = services.start_rejudge(task=bench.task, reason="확인", by=bench.officer, at=AT)
    jobs.run_pending()
    assert changes_of(scorer) == []
    services.drop_scorer(scorer=scorer, by=bench.officer, at=AT)
    with pytest.raises(Refused):
        services.switch_scorer(scorer=scorer, by=bench.officer, at=AT)
