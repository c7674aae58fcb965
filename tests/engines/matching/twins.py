"""Slow plain twins of the rules, written from their definitions: the oracles of these tests.

Keys are distinct integers, higher first. A choice rule takes a set of people and returns whom
the position takes. None of this looks at the engine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

Rule = Callable[[frozenset[str]], frozenset[str]]


@dataclass
class Small:
    """A market small enough to try everything."""

    lists: dict[str, list[str]]
    capacity: dict[str, int]
    key: dict[tuple[str, str], int]  # (position, person): higher first
    types: dict[str, set[str]] = field(default_factory=dict)

    def ordered(self, position: str, people: Iterable[str]) -> list[str]:
        return sorted(people, key=lambda who: -self.key[position, who])


def best(market: Small, position: str) -> Rule:
    """The best so many."""
    seats = market.capacity[position]
    return lambda people: frozenset(market.ordered(position, people)[:seats])


def hyy(market: Small, position: str, kind: str, reserved: int) -> Rule:
    """Hafalir, Yenmez & Yildirim for one type: its best first, then the best of all."""

    def choose(people: frozenset[str]) -> frozenset[str]:
        order = market.ordered(position, people)
        inside = [who for who in order if kind in market.types[who]][:reserved]
        rest = [who for who in order if who not in inside]
        return frozenset(inside + rest[: market.capacity[position] - len(inside)])

    return choose


@dataclass
class _Pools:
    """The seat pools of one position and what people think of them."""

    market: Small
    position: str
    kinds: list[str]
    seats: dict[str, int]

    def way(self, who: str) -> list[str]:
        own = [kind for kind in self.kinds if kind in self.market.types[who]]
        return [*own, "open", *[kind for kind in self.kinds if kind not in own]]

    def standing(self, who: str, pool: str) -> tuple[bool, int]:
        return (pool in self.market.types[who], self.market.key[self.position, who])

    def envied(self, placed: dict[str, str | None], who: str, pool: str) -> bool:
        inside = [self.standing(other, pool) for other, there in placed.items() if there == pool]
        if len(inside) < self.seats[pool]:
            return True
        return bool(inside) and self.standing(who, pool) > min(inside)

    def stable(self, placed: dict[str, str | None]) -> bool:
        for who, pool in placed.items():
            above = itertools.takewhile(lambda other, own=pool: other != own, self.way(who))
            if any(self.envied(placed, who, other) for other in above):
                return False
        return all(list(placed.values()).count(pool) <= seats for pool, seats in self.seats.items())

    def steps(self, placed: dict[str, str | None]) -> int:
        last = len(self.kinds) + 1
        return sum(self.way(who).index(pool) if pool else last for who, pool in placed.items())


def pools(market: Small, position: str, reserves: list[tuple[str, int]]) -> Rule:
    """Overlapping soft reserves: the assignment of people to pools that all of them like best.

    Every assignment is tried; kept are the stable ones; among them the one that is best for
    everybody (there is one) gives the people taken.
    """
    left = market.capacity[position]
    seats = {}
    for kind, wanted in reserves:
        seats[kind] = min(left, wanted)
        left -= seats[kind]
    seats["open"] = left
    here = _Pools(market, position, [kind for kind, _ in reserves], seats)

    def choose(people: frozenset[str]) -> frozenset[str]:
        names = sorted(people)
        every = itertools.product([*seats, None], repeat=len(names))
        found = [dict(zip(names, picks, strict=True)) for picks in every]
        top = min((placed for placed in found if here.stable(placed)), key=here.steps)
        return frozenset(who for who, pool in top.items() if pool)

    return choose


def supernumerary(
    market: Small,
    position: str,
    targets: list[tuple[str, int, int]],
    floor: int | None = None,
) -> Rule:
    """Regular seats by key; then, per target, the best missing people of the type beyond them."""

    def choose(people: frozenset[str]) -> frozenset[str]:
        order = market.ordered(position, people)
        base = order[: market.capacity[position]]
        taken = set(base)
        if not base or len(order) == len(base):
            return frozenset(taken)
        for kind, wanted, most in targets:
            missing = min(wanted - sum(kind in market.types[who] for who in base), most)
            bar = -math.inf if floor is None else market.key[position, base[-1]] - floor
            others = [who for who in order[len(base) :] if kind in market.types[who]]
            fit = [who for who in others if market.key[position, who] >= bar]
            taken.update(fit[: max(0, missing)])
        return frozenset(taken)

    return choose


def called(market: Small, position: str, shares: list[tuple[str, Fraction]]) -> Rule:
    """A calling order over everyone who lists the position, then the best so many of it."""
    left = market.ordered(position, [w for w, own in market.lists.items() if position in own])
    order: list[str] = []
    while left:
        step = len(order) + 1
        short = [
            kind
            for kind, share in shares
            if any(kind in market.types[who] for who in left)
            and sum(kind in market.types[who] for who in order) < share * step
        ]
        while True:
            fit = [who for who in left if set(short) <= market.types[who]]
            if fit:
                break
            short.pop()
        order.append(fit[0])
        left.remove(fit[0])
    seats = market.capacity[position]
    return lambda people: frozenset(sorted(people, key=order.index)[:seats])


def stable_matchings(market: Small, rules: dict[str, Rule]) -> list[dict[str, str | None]]:
    """Every matching in which each position keeps its people and wants nobody who wants it."""
    names = sorted(market.lists)
    found = []
    for picks in itertools.product(*([*market.lists[who], None] for who in names)):
        placed = dict(zip(names, picks, strict=True))
        inside = {p: frozenset(w for w in names if placed[w] == p) for p in market.capacity}
        if all(rules[p](inside[p]) == inside[p] for p in inside) and not any(
            who in rules[p](inside[p] | {who})
            for who in names
            for p in _above(market.lists[who], placed[who])
        ):
            found.append(placed)
    return found


def _above(own: list[str], placed: str | None) -> list[str]:
    return own if placed is None else own[: own.index(placed)]


def best_for_applicants(market: Small, found: list[dict[str, str | None]]) -> dict[str, str | None]:
    """The one stable matching that nobody would leave for another."""

    def place(who: str, position: str | None) -> int:
        return market.lists[who].index(position) if position else len(market.lists[who])

    top = min(found, key=lambda placed: sum(place(w, p) for w, p in placed.items()))
    for other in found:
        assert all(place(w, top[w]) <= place(w, other[w]) for w in top)
    return top
