"""From a problem to a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bitgoeul.engines.matching._kernels import deferred_acceptance
from bitgoeul.engines.matching.choosing import Selection, select
from bitgoeul.engines.matching.market import Market, Unit, compile_market
from bitgoeul.engines.matching.problem import Problem
from bitgoeul.engines.matching.rules import EXACT, MatchingError, number_text


@dataclass(frozen=True)
class Key:
    """An applicant's standing in one seat pool, in the order in which it is compared.

    ``member`` is given in reserve pools (the type comes first), ``place`` where a calling
    order decides instead of everything after it. ``lottery`` is hexadecimal, lowest first.
    """

    priority: int
    score: str
    lottery: str
    member: bool | None = None
    place: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values; what does not apply is left out."""
        values = {"priority": self.priority, "score": self.score, "lottery": self.lottery}
        optional = {"member": self.member, "place": self.place}
        return {**values, **{name: value for name, value in optional.items() if value is not None}}


@dataclass(frozen=True)
class Placement:
    """Where one applicant ended; ``choice`` counts the own list from 1."""

    applicant: str
    position: str | None = None
    pool: str | None = None
    choice: int | None = None
    frozen: bool = False


@dataclass(frozen=True)
class PoolResult:
    """A seat pool after the round.

    Parameters
    ----------
    seats : int
        Seats of the pool; for a target, the extra passes that the target called for.
    frozen, filled : int
        How many are taken by frozen placements and by the round.
    cutoff : Key, optional
        The last one admitted, when the round filled the pool; None when seats are free or
        the round had none to give.
    floor : dict, optional
        Of a target with a floor: the standing below which nobody passes as an extra.
    next : str, optional
        The best applicant who prefers the pool to their own outcome: the next in line, and
        the link that shows applicant-optimality.
    """

    position: str
    pool: str
    seats: int
    frozen: int
    filled: int
    cutoff: Key | None = None
    floor: dict[str, Any] | None = None
    next: str | None = None

    @property
    def state(self) -> str:
        """``free`` (seats left), ``full`` or ``closed`` (none to give in this round)."""
        if self.filled + self.frozen < self.seats:
            return "free"
        return "full" if self.filled else "closed"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the certificate."""
        return {
            "position": self.position,
            "pool": self.pool,
            "seats": self.seats,
            "frozen": self.frozen,
            "filled": self.filled,
            "state": self.state,
            "cutoff": self.cutoff.as_dict() if self.cutoff else None,
            "floor": self.floor,
            "next": self.next,
        }


@dataclass(frozen=True, eq=False)
class Result:
    """A matching with its cutoffs; ``market`` and ``taken`` (slot per applicant) explain it."""

    placements: tuple[Placement, ...]
    pools: tuple[PoolResult, ...]
    market: Market = field(repr=False)
    taken: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.placements) != len(self.taken):
            raise MatchingError("bad_shape", column="taken")

    def matches(self) -> dict[str, str | None]:
        """Applicant to position, None for the unmatched."""
        return {placed.applicant: placed.position for placed in self.placements}


def solve(problem: Problem, *, engine: str = "auto") -> Result:
    """Match by applicant-proposing deferred acceptance under the problem's rules.

    Parameters
    ----------
    problem : Problem
    engine : {"auto", "heapq"}
        The kernel; the result does not depend on it.

    Returns
    -------
    Result

    Raises
    ------
    MatchingError
        ``unsupported_engine``, ``frozen_over_capacity``.

    Notes
    -----
    Stable and applicant-optimal; truth-telling is best for applicants unless supernumerary
    targets are used (see `choosing.select`). Ties are broken by one lottery number per
    applicant, the same at every position. O(E log E) time, O(E) memory, never a table of
    applicants by positions.

    References
    ----------
    Gale & Shapley (1962); Roth & Sotomayor (1990), Two-sided matching.

    Examples
    --------
    >>> from bitgoeul.engines.matching import Choice, Position
    >>> rows = [Choice("kim", "lab", 1, 90), Choice("lee", "lab", 1, 95), Choice("kim", "it", 2, 1)]
    >>> seats = [Position("lab", 1), Position("it", 1)]
    >>> solve(Problem.build(choices=rows, positions=seats)).matches()
    {'kim': 'it', 'lee': 'lab'}
    """
    if engine not in ("auto", "heapq"):
        raise MatchingError("unsupported_engine", value=engine, expected="auto, heapq")
    market = compile_market(problem)
    taken = deferred_acceptance(
        first=market.first,
        unit=market.unit,
        key=market.key,
        seats=market.seats(),
        choosers=market.choosers(),
    )
    selections = select_targets(market, taken)
    return Result(
        placements=tuple(_placements(market, taken, selections)),
        pools=tuple(_pools(market, taken, selections)),
        market=market,
        taken=tuple(taken),
    )


def select_targets(market: Market, taken: Sequence[int]) -> dict[int, Selection]:
    """For each unit with targets, who holds a regular seat and who passed as an extra.

    The rule is applied to everyone who wants the unit at least as much as their own outcome,
    so that it also tells how many passes the target called for and did not find people for.
    """
    people: dict[int, list[int]] = {n: [] for n, unit in enumerate(market.units) if unit.targets}
    for who, slot in enumerate(taken) if people else ():
        for wanted in range(market.first[who], market.first[who + 1] if slot < 0 else slot + 1):
            if market.unit[wanted] in people:
                people[market.unit[wanted]].append(wanted)
    chosen = {}
    for number, slots in people.items():
        unit = market.units[number]
        chosen[number] = select([market.candidate(s) for s in slots], unit.free, unit.targets)
    return chosen


def key_of(market: Market, slot: int) -> Key:
    """The standing that decided about a slot."""
    problem, entry = market.problem, market.entry[slot]
    unit = market.units[market.unit[slot]]
    owner = _owner(market, entry)
    is_member = None
    if unit.reserve is not None:
        is_member = problem.groups[unit.reserve.column][entry] == unit.reserve.value
    return Key(
        priority=int(problem.priority[entry]),
        score=number_text(problem.levels[problem.level[entry]]),
        lottery=f"{market.lottery[owner]:064x}",
        member=is_member,
        place=market.place[entry] or None,
    )


def _owner(market: Market, entry: int) -> int:
    return int(market.problem.first.searchsorted(entry, side="right")) - 1


def _placements(
    market: Market, taken: list[int], selections: dict[int, Selection]
) -> Iterator[Placement]:
    problem = market.problem
    pool_of = {number: chosen.pool_of() for number, chosen in selections.items()}
    first = problem.first.tolist()
    for who, applicant in enumerate(problem.applicants):
        slot, frozen = taken[who], market.frozen[who]
        number = market.unit[slot] if slot >= 0 else frozen
        if number < 0:
            yield Placement(applicant)
            continue
        unit = market.units[number]
        label = unit.label
        if number in pool_of and slot >= 0 and pool_of[number][slot]:
            label = unit.targets[pool_of[number][slot] - 1].label
        own = problem.choice[first[who] : first[who + 1]].tolist()
        yield Placement(
            applicant=applicant,
            position=problem.positions[unit.position].position,
            pool=label,
            choice=own.index(unit.position) + 1,
            frozen=frozen >= 0,
        )


def _pools(
    market: Market, taken: list[int], selections: dict[int, Selection]
) -> Iterator[PoolResult]:
    filled = [0] * len(market.units)
    worst = [-1] * len(market.units)
    for slot in taken:
        if slot >= 0:
            number = market.unit[slot]
            filled[number] += 1
            if worst[number] < 0 or market.key[slot] < market.key[worst[number]]:
                worst[number] = slot
    waiting = first_waiting(market, taken)
    for number, unit in enumerate(market.units):
        name = market.problem.positions[unit.position].position
        if unit.targets:
            yield from _target_pools(market, unit, name, selections[number])
            continue
        full = filled[number] and filled[number] == unit.free
        yield PoolResult(
            position=name,
            pool=unit.label,
            seats=unit.seats,
            frozen=unit.held,
            filled=filled[number],
            cutoff=key_of(market, worst[number]) if full else None,
            next=waiting.get(number),
        )


def _target_pools(market: Market, unit: Unit, name: str, chosen: Selection) -> Iterator[PoolResult]:
    full = chosen.base and len(chosen.base) == unit.free
    last = chosen.base[-1] if chosen.base else None
    yield PoolResult(
        position=name,
        pool=unit.label,
        seats=unit.seats,
        frozen=unit.held,
        filled=len(chosen.base),
        cutoff=key_of(market, last.slot) if full and last else None,
    )
    for target, people, need in zip(unit.targets, chosen.extras, chosen.needs, strict=True):
        floor = None
        if target.floor is not None and full and last:
            score = number_text(EXACT.subtract(last.standing[1], target.floor))
            floor = {"priority": last.standing[0], "score": score}
        full_extra = people and len(people) == need
        yield PoolResult(
            position=name,
            pool=target.label,
            seats=need,
            frozen=0,
            filled=len(people),
            cutoff=key_of(market, people[-1].slot) if full_extra else None,
            floor=floor,
        )


def first_waiting(market: Market, taken: list[int]) -> dict[int, str]:
    """Per unit, the best applicant who prefers it to their own outcome."""
    best: dict[int, tuple[int, int]] = {}
    for who, slot in enumerate(taken):
        start, stop = market.first[who], market.first[who + 1]
        for other in range(start, stop if slot < 0 else slot):
            number = market.unit[other]
            if number not in best or market.key[other] > best[number][0]:
                best[number] = (market.key[other], who)
    return {number: market.problem.applicants[who] for number, (_, who) in best.items()}
