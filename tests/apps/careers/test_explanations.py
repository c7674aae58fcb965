"""What a graduate is told, against a search through every possible assignment."""

import itertools
import random

import pytest

from bitgoeul.apps.careers.queries.explanations import explanation_of
from tests.apps.careers.market import Market, build_market

pytestmark = pytest.mark.django_db

SEATS = {"V-1": 2, "V-2": 1, "V-3": 1}
PEOPLE = [f"g{number}" for number in range(1, 6)]
Assignment = dict[str, str | None]


class Tiny:
    """The same market as plain tables, solved by trying everything."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.lists = {who: chance.sample(sorted(SEATS), chance.randint(1, 3)) for who in PEOPLE}
        marks = iter(chance.sample(range(40, 100), 15))
        self.rating: dict[tuple[str, str], int | None] = {
            (who, number): None if chance.random() < 0.15 else next(marks)
            for who in PEOPLE
            for number in self.lists[who]
        }

    def acceptable(self, who: str) -> list[str]:
        return [n for n in self.lists[who] if self.rating[who, n] is not None]

    def place(self, who: str, number: str | None) -> int:
        return self.lists[who].index(number) if number else len(self.lists[who])

    def stable(self, given: Assignment) -> bool:
        for who, number in itertools.product(PEOPLE, SEATS):
            if number not in self.acceptable(who):
                continue
            if self.place(who, number) >= self.place(who, given[who]):
                continue
            inside = [other for other in PEOPLE if given[other] == number]
            if len(inside) < SEATS[number]:
                return False
            if any(self.rating[other, number] < self.rating[who, number] for other in inside):
                return False
        return True

    def best(self) -> Assignment:
        """The stable assignment that every graduate likes best."""
        choices = [[*self.acceptable(who), None] for who in PEOPLE]
        found = []
        for picked in itertools.product(*choices):
            given = dict(zip(PEOPLE, picked, strict=True))
            if all(picked.count(n) <= seats for n, seats in SEATS.items()) and self.stable(given):
                found.append(given)
        return min(found, key=lambda g: sum(self.place(who, g[who]) for who in PEOPLE))


def played(tiny: Tiny) -> Market:
    market = build_market(seats=SEATS, people=len(PEOPLE))
    market.wants(**{who: " ".join(wanted) for who, wanted in tiny.lists.items()})
    for number in SEATS:
        market.rates(
            number, **{w: tiny.rating[w, number] for w in PEOPLE if number in tiny.lists[w]}
        )
    market.run()
    market.publish()
    return market


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_sentence_agrees_with_the_search(seed: int) -> None:
    tiny = Tiny(seed)
    market, best = played(tiny), tiny.best()
    for who in PEOPLE:
        why = explanation_of(market.round, market.graduates[who])
        got = why.vacancy.number if why.vacancy else None
        assert got == best[who], who
        above = tiny.lists[who][: tiny.place(who, got)]
        assert [reason.vacancy.number for reason in why.reasons] == above
        for reason in why.reasons:
            number = reason.vacancy.number
            own = tiny.rating[who, number]
            assert reason.rating == (None if own is None else str(own))
            if own is None:
                assert reason.pools == ()
                continue
            (pool,) = reason.pools
            inside = [tiny.rating[other, number] for other in PEOPLE if best[other] == number]
            assert pool.cutoff == str(min(inside))
            ahead = [
                other
                for other in PEOPLE
                if number in tiny.acceptable(other)
                and tiny.place(other, number) < tiny.place(other, best[other])
                and tiny.rating[other, number] > own
            ]
            assert pool.places_behind == 1 + len(ahead)
            assert not pool.lottery_decided
        free = {
            n: seats - list(best.values()).count(n)
            for n, seats in SEATS.items()
            if list(best.values()).count(n) < seats and n not in tiny.lists[who]
        }
        told = {vacancy.number: left for vacancy, left in why.not_listed}
        assert told == (free if got is None and tiny.acceptable(who) else {})


def test_a_tie_is_told_as_a_lottery_and_follows_the_numbers() -> None:
    market = build_market(seats={"V-1": 1}, people=2)
    market.wants(g1="V-1", g2="V-1")
    market.rates("V-1", g1=80, g2=80)
    market.run()
    market.publish()
    why = {name: explanation_of(market.round, who) for name, who in market.graduates.items()}
    winner, loser = sorted(why, key=lambda name: why[name].lottery)
    assert why[winner].vacancy is not None
    assert why[loser].vacancy is None
    assert why[loser].reasons[0].pools[0].lottery_decided


def test_whoever_is_moved_by_the_local_share_is_told() -> None:
    market = build_market(seats={"V-1": 1}, people=3)
    market.vacancies["V-1"].local_share = 1
    market.vacancies["V-1"].save()
    market.wants(g1="V-1", g3="V-1")
    market.rates("V-1", g1=50, g3=99)  # g1 is local, g3 is not
    market.run()
    market.publish()
    local = explanation_of(market.round, market.graduates["g1"])
    other = explanation_of(market.round, market.graduates["g3"])
    assert local.through_reserve
    assert other.vacancy is None
    assert other.reasons[0].moved_by_quota
    pools = {pool.is_reserve: pool for pool in other.reasons[0].pools}
    assert pools[True].others_first
    assert not pools[False].others_first
