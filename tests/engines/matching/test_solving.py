"""The kernel against a plain twin, explanations against re-runs, and speed."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest

from bitgoeul.engines.matching import (
    Choice,
    MatchingError,
    Position,
    Problem,
    Reserve,
    Rules,
    explain,
    solve,
    summary,
)
from bitgoeul.engines.matching._kernels import deferred_acceptance
from bitgoeul.engines.matching.synthetic import make_market


def _plain(lists, key, capacity):
    """Deferred acceptance as a textbook tells it: rounds, dictionaries, sorting."""
    upcoming = dict.fromkeys(lists, 0)
    held = {position: [] for position in capacity}
    while True:
        placed = {who for people in held.values() for who in people}
        free = [w for w in lists if w not in placed and upcoming[w] < len(lists[w])]
        if not free:
            return {who: p for p, people in held.items() for who in people}
        for who in free:
            position = lists[who][upcoming[who]]
            upcoming[who] += 1
            held[position].append(who)
            held[position].sort(key=lambda one, at=position: -key[one, at])
            held[position] = held[position][: capacity[position]]


@pytest.mark.parametrize("seed", range(20))
def test_the_kernel_is_the_plain_procedure(seed):
    random = Random(seed)
    people, positions = 40, 6
    lists = {
        w: random.sample(range(positions), random.randint(0, positions)) for w in range(people)
    }
    order = random.sample(range(10**6), people * positions)
    key = {(w, p): order[w * positions + p] for w in range(people) for p in range(positions)}
    capacity = {p: random.randint(0, 9) for p in range(positions)}
    first, unit = [0], []
    for own in lists.values():
        unit += own
        first.append(len(unit))
    keys = [key[w, p] for w, own in lists.items() for p in own]
    taken = deferred_acceptance(
        first=first, unit=unit, key=keys, seats=list(capacity.values()), choosers={}
    )
    found = {w: unit[slot] for w, slot in enumerate(taken) if slot >= 0}
    assert found == _plain(lists, key, capacity)


def test_an_unknown_engine_is_refused():
    with pytest.raises(MatchingError) as caught:
        solve(make_market(applicants=2, positions=1, seed=1), engine="numba")
    assert (caught.value.code, caught.value.value) == ("unsupported_engine", "numba")


def test_the_summary_counts_what_the_placements_say():
    problem = make_market(applicants=60, positions=5, seed=4, choices=3, seats=0.8)
    result = solve(problem)
    counts = summary(problem, result)
    matched = [one for one in result.placements if one.position]
    assert counts["matched"] == len(matched) == sum(counts["by_choice"].values())
    assert counts["by_choice"]["1"] == sum(one.choice == 1 for one in matched)
    assert counts["free_seats"] == counts["seats"] - counts["matched"]
    assert counts["matched"] + counts["unmatched"] == counts["applicants"] == 60


def test_places_behind_is_how_many_more_seats_it_takes():
    """Oracle: one position, and the same round again with so many seats more."""
    rows = [Choice(f"a{k}", "x", 1, score) for k, score in enumerate((9, 3, 7, 7, 5, 1))]

    def round_with(seats):
        problem = Problem.build(choices=rows, positions=[Position("x", seats)])
        return problem, solve(problem)

    problem, result = round_with(2)
    for one in result.placements:
        if one.position is None:
            why = explain(problem, result, one.applicant)
            behind = why["choices"][0]["pools"][0]["places_behind"]
            assert round_with(2 + behind)[1].matches()[one.applicant] == "x"
            assert round_with(1 + behind)[1].matches()[one.applicant] is None


def test_the_explanation_says_when_the_lottery_decided():
    rows = [Choice(who, "x", 1, score) for who, score in (("a", 5), ("b", 5), ("c", 4))]
    problem = Problem.build(choices=rows, positions=[Position("x", 1)])
    result = solve(problem)
    loser = next(who for who in "ab" if result.matches()[who] is None)
    for who, decided in ((loser, True), ("c", False)):
        pool = explain(problem, result, who)["choices"][0]["pools"][0]
        assert (pool["lottery_decided"], pool["state"]) == (decided, "full")
        assert pool["cutoff"]["score"] == "5"


def test_the_explanation_names_the_quota_that_moved_somebody():
    rows = [
        Choice("other", "lab", 1, 90, 0, {"local": "no"}),
        Choice("local", "lab", 1, 80, 0, {"local": "yes"}),
        Choice("other", "it", 2, 90, 0, {"local": "no"}),
    ]
    rules = Rules(reserves=(Reserve("local", "yes", seats=1, positions=("lab",)),))
    seats = [Position("lab", 1), Position("it", 1)]
    problem = Problem.build(choices=rows, positions=seats, rules=rules)
    result = solve(problem)
    why = explain(problem, result, "other")
    assert why["outcome"] == {"position": "it", "pool": "open", "choice": 2}
    assert why["choices"][0]["quotas"] == ["local=yes"]
    assert why["without_quota"] == [{"quota": "local=yes", "position": "lab"}]
    reserve, open_seats = sorted(why["choices"][0]["pools"], key=lambda row: row["pool"])
    assert (reserve["key"]["member"], reserve["cutoff"]["member"]) == (False, True)
    assert open_seats["state"] == "closed"
    plain = replace(problem, rules=Rules())
    assert explain(plain, solve(plain), "local")["not_listed"] == [{"position": "it", "free": 1}]


def test_the_explanation_of_a_target_tells_the_floor():
    rows = [Choice(f"n{k}", "x", 1, 90 - k, 0, {"local": "no"}) for k in range(4)]
    rows += [Choice(f"l{k}", "x", 1, s, 0, {"local": "yes"}) for k, s in enumerate((85, 40, 39))]
    reserve = Reserve("local", "yes", seats=2, mode="target", floor=10)
    problem = Problem.build(
        choices=rows, positions=[Position("x", 3)], rules=Rules(reserves=(reserve,))
    )
    result = solve(problem)
    assert {one.applicant: one.pool for one in result.placements if one.pool} == {
        "n0": "open",
        "n1": "open",
        "n2": "open",
        "l0": "local=yes",
    }
    pools = {row["pool"]: row for row in explain(problem, result, "l2")["choices"][0]["pools"]}
    assert pools["local=yes"]["below_floor"]
    assert pools["local=yes"]["places_behind"] == 2
    assert pools["open"]["places_behind"] == 3  # n3, l1 and then l2
    assert not pools["open"]["below_floor"]


def test_nobody_is_explained_who_is_not_there():
    problem = make_market(applicants=2, positions=1, seed=1)
    with pytest.raises(MatchingError) as caught:
        explain(problem, solve(problem), "ghost")
    assert caught.value.code == "unknown_applicant"


def test_ten_thousand_applicants_take_well_under_a_second():
    problem = make_market(applicants=10_000, positions=200, seed=5)
    started = time.process_time()
    result = solve(problem)
    assert time.process_time() - started < 1.0
    assert summary(problem, result)["matched"] == 9_000
