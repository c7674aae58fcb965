"""Small random markets for the engine and for the twins alike."""

from __future__ import annotations

from random import Random

from bitgoeul.engines.matching import Choice, Lottery, Position, Problem, Reserve, Rules
from tests.engines.matching.twins import Small

KINDS = ("local", "youth")


def small_market(random: Random, *, people: int, positions: int) -> Small:
    """Distinct keys, incomplete lists, capacities from 0, types at random."""
    names = [f"p{k}" for k in range(positions)]
    who = [f"a{k}" for k in range(people)]
    key = {}
    for position in names:
        for rank, person in enumerate(random.sample(who, people)):
            key[position, person] = rank * random.choice((1, 1, 3)) * 10 + rank
    return Small(
        lists={w: random.sample(names, random.randint(1, positions)) for w in who},
        capacity={p: random.choice((0, 1, 1, 2, 2, 3)) for p in names},
        key=key,
        types={w: {kind for kind in KINDS if random.random() < 0.5} for w in who},
    )


def problem_of(market: Small, *, reserves: tuple[Reserve, ...] = ()) -> Problem:
    """The same market for the engine."""
    rows = [
        Choice(
            who,
            position,
            rank,
            market.key[position, who],
            0,
            {kind: "yes" if kind in market.types[who] else "no" for kind in KINDS},
        )
        for who, own in market.lists.items()
        for rank, position in enumerate(own, start=1)
    ]
    seats = [Position(name, capacity) for name, capacity in market.capacity.items()]
    rules = Rules(lottery=Lottery("seed", "1"), reserves=reserves)
    return Problem.build(choices=rows, positions=seats, rules=rules)
