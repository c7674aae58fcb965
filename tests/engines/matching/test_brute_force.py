"""Every rule against trying everything, on markets of up to six people."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from bitgoeul.engines.matching import Reserve, solve, verify_result
from bitgoeul.engines.matching.verify import verify_content
from tests.engines.matching import twins
from tests.engines.matching.markets import problem_of, small_market

ROUNDS = 60


def _compare(market, rules, reserves):
    problem = problem_of(market, reserves=reserves)
    result = solve(problem)
    stable = twins.stable_matchings(market, rules)
    assert result.matches() == twins.best_for_applicants(market, stable)
    answer = verify_result(problem, result)
    assert answer["violation"] is None, answer
    return len(stable)


def _rounds(seed, people=6, positions=3):
    random = Random(seed)
    for _ in range(ROUNDS):
        yield random, small_market(random, people=people, positions=positions)


def test_plain_seats_give_the_best_stable_matching():
    several = 0
    for _, market in _rounds(1):
        rules = {p: twins.best(market, p) for p in market.capacity}
        several += _compare(market, rules, ()) > 1
    assert several, "no market had a choice between stable matchings"


def test_one_soft_reserve_is_the_choice_function_of_hafalir_yenmez_yildirim():
    for random, market in _rounds(2):
        seats = random.randint(0, 3)
        reserves = (Reserve("local", "yes", seats=seats),)
        rules = {
            p: twins.hyy(market, p, "local", min(seats, capacity))
            for p, capacity in market.capacity.items()
        }
        _compare(market, rules, reserves)


def test_overlapping_soft_reserves_are_filled_in_the_published_order():
    for random, market in _rounds(3, people=5):
        wanted = [(kind, random.randint(0, 2)) for kind in ("youth", "local")]
        reserves = tuple(
            Reserve(kind, "yes", seats=seats, order=order)
            for order, (kind, seats) in enumerate(wanted)
        )
        rules = {}
        for p, capacity in market.capacity.items():
            own = [(kind, min(seats, capacity)) for kind, seats in wanted]
            rules[p] = _remembered(twins.pools(market, p, own))
        _compare(market, rules, reserves)


def _remembered(rule):
    known = {}
    return lambda people: known.get(people) or known.setdefault(people, rule(people))


@pytest.mark.parametrize("floor", [None, 15])
def test_supernumerary_targets_pass_people_above_the_capacity(floor):
    above = 0
    for random, market in _rounds(4):
        wanted = [(kind, random.randint(0, 2)) for kind in ("local", "youth")]
        reserves = tuple(
            Reserve(kind, "yes", seats=seats, mode="target", floor=floor) for kind, seats in wanted
        )
        rules = {}
        for p, capacity in market.capacity.items():
            own = [(kind, min(seats, capacity), min(seats, capacity)) for kind, seats in wanted]
            rules[p] = twins.supernumerary(market, p, own, floor)
        _compare(market, rules, reserves)
        filled = list(solve(problem_of(market, reserves=reserves)).matches().values())
        above += any(filled.count(p) > capacity for p, capacity in market.capacity.items())
    assert above, "no target ever passed anybody"


def test_calling_orders_keep_the_share_at_every_step():
    for random, market in _rounds(5):
        shares = [(kind, Fraction(random.choice((1, 2, 5)), 10)) for kind in ("local", "youth")]
        reserves = tuple(
            Reserve(kind, "yes", share=f"{float(share)}", mode="calling") for kind, share in shares
        )
        rules = {p: twins.called(market, p, shares) for p in market.capacity}
        _compare(market, rules, reserves)


def test_the_verifier_agrees_with_brute_force_on_every_matching():
    """Stable and applicant-optimal, for every matching there is and not only for ours."""
    seen = {"stable": 0, "unstable": 0, "not optimal": 0}
    for _, market in _rounds(6, people=4):
        problem = problem_of(market)
        certificate, inputs = _published(problem)
        rules = {p: twins.best(market, p) for p in market.capacity}
        stable = twins.stable_matchings(market, rules)
        best = twins.best_for_applicants(market, stable)
        for placed in _within_capacity(market):
            lines = [f"{w},{p or ''},{'open' if p else ''}" for w, p in placed.items()]
            matches = "\n".join(["applicant,position,pool", *lines]).encode()
            answer = verify_content(certificate, matches, *inputs)
            assert answer["stable"] == (placed in stable)
            assert answer["applicant_optimal"] == ((placed == best) if placed in stable else None)
            assert (answer["violation"] is None) == (placed == best)
            seen["stable" if placed in stable else "unstable"] += 1
            seen["not optimal"] += placed in stable and placed != best
    assert all(seen.values()), seen


def _published(problem):
    from bitgoeul.engines.matching import certificate

    files = problem.input_files()
    shown = certificate(problem, solve(problem))
    return shown, (files["applicants.csv"], files["positions.csv"])


def _within_capacity(market):
    import itertools

    names = sorted(market.lists)
    for picks in itertools.product(*([*market.lists[who], None] for who in names)):
        if all(picks.count(p) <= capacity for p, capacity in market.capacity.items()):
            yield dict(zip(names, picks, strict=True))
