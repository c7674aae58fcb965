"""Markets made from a seed, with lists, ties, types and quotas, for tests and benchmarks."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from bitgoeul.engines.matching.problem import Choice, Position, Problem
from bitgoeul.engines.matching.rules import Lottery, Reserve, Rules


def make_market(
    *,
    applicants: int,
    positions: int,
    seed: int,
    choices: int = 10,
    seats: float = 0.9,
    tie_levels: int = 0,
    types: float = 0.3,
    reserves: tuple[Reserve, ...] = (),
) -> Problem:
    """A random market.

    Parameters
    ----------
    applicants, positions, choices : int
        Everyone lists ``choices`` random positions (all, when there are fewer).
    seats : float
        All seats together, as a multiple of the applicants.
    tie_levels : int
        Number of distinct scores; 0 for practically no ties.
    types : float
        Probability that an applicant is ``local=yes``, and the same for ``youth=yes``.

    Examples
    --------
    >>> make_market(applicants=3, positions=2, seed=1).applicants
    ('a000000', 'a000001', 'a000002')
    """
    random = Random(seed)  # noqa: S311 - a market to test with, no secret
    names = [f"p{number:05d}" for number in range(positions)]
    each, over = divmod(round(applicants * seats), max(1, positions))
    capacity = [each + (number < over) for number in range(positions)]
    rows = []
    for who in range(applicants):
        groups = {c: "yes" if random.random() < types else "no" for c in ("local", "youth")}
        wanted = random.sample(names, min(choices, positions))
        for rank, position in enumerate(wanted, start=1):
            score = random.randrange(tie_levels) if tie_levels else random.randrange(10**6)
            exact = Decimal(score).scaleb(-2)
            rows.append(Choice(f"a{who:06d}", position, rank, exact, 0, groups))
    return Problem.build(
        choices=rows,
        positions=[Position(n, c) for n, c in zip(names, capacity, strict=True)],
        rules=Rules(lottery=Lottery(str(seed), "1"), reserves=reserves),
    )


def make_lists(
    *,
    residents: list[list[int]],
    hospitals: list[list[int]],
    capacities: list[int],
) -> Problem:
    """A textbook market from two sets of lists (numbers from 1); only mutual wishes count.

    >>> from bitgoeul.engines.matching import solve
    >>> both = {"residents": [[1], [1]], "hospitals": [[2, 1]], "capacities": [1]}
    >>> solve(make_lists(**both)).matches()
    {'1': None, '2': '1'}
    """
    rows = []
    for who, wanted in enumerate(residents, start=1):
        for rank, hospital in enumerate(wanted, start=1):
            order = hospitals[hospital - 1]
            if who in order:
                rows.append(Choice(str(who), str(hospital), rank, -order.index(who)))
    seats = [Position(str(number), seats) for number, seats in enumerate(capacities, start=1)]
    return Problem.build(choices=rows, positions=seats)
