"""Rules compiled into a plain market: seat pools, strict keys, choice rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from bitgoeul.engines.matching._kernels import CHOOSES, Chooser
from bitgoeul.engines.matching.choosing import Candidate, Target, calling_order, chooser
from bitgoeul.engines.matching.problem import Problem
from bitgoeul.engines.matching.rules import MatchingError, Reserve, lottery_number

OPEN = "open"


@dataclass(frozen=True)
class Unit:
    """A seat pool of one position.

    ``targets`` is filled for a position with supernumerary targets: its one unit then chooses
    by `choosing.select`, and ``seats`` are the regular seats. ``held`` counts frozen people.
    """

    position: int
    label: str
    seats: int
    held: int = 0
    reserve: Reserve | None = None
    targets: tuple[Target, ...] = ()

    @property
    def free(self) -> int:
        """Seats that the round can give away."""
        return max(0, self.seats - self.held)


@dataclass(frozen=True, eq=False)
class Market:
    """A compiled problem.

    Slots are the steps of an applicant's way down the list: one per choice, or one per seat
    pool of a choice. ``entry[slot]`` leads back to the problem's entry; ``place[entry]`` is
    the place in the calling order (0 where there is none); ``frozen[i]`` is the unit that
    applicant ``i`` holds already, or -1.
    """

    problem: Problem
    units: tuple[Unit, ...]
    units_at: tuple[tuple[int, ...], ...]
    first: list[int]
    unit: list[int]
    key: list[int]
    entry: list[int]
    place: list[int]
    lottery: tuple[int, ...]
    frozen: list[int]

    def seats(self) -> list[int]:
        """Per unit, what the kernel wants to know."""
        return [CHOOSES if unit.targets else unit.free for unit in self.units]

    def choosers(self) -> dict[int, Chooser]:
        """The choice rules of the units that have one."""
        candidate = cache(self.candidate)
        return {
            number: chooser(candidate, unit.free, unit.targets)
            for number, unit in enumerate(self.units)
            if unit.targets
        }

    def candidate(self, slot: int) -> Candidate:
        """A slot at a position with targets, as its choice rule sees it."""
        entry = self.entry[slot]
        problem = self.problem
        reserves = reserves_at(problem, int(problem.choice[entry]))
        types = sum(member(problem, entry, r) << bit for bit, r in enumerate(reserves))
        standing = (int(problem.priority[entry]), problem.levels[problem.level[entry]])
        return Candidate(slot=slot, key=self.key[slot], standing=standing, types=types)

    def slots_of(self, applicant: int) -> range:
        """The way of one applicant down the list."""
        return range(self.first[applicant], self.first[applicant + 1])


def reserves_at(problem: Problem, position: int) -> tuple[Reserve, ...]:
    """The reserves that concern a position, in processing order."""
    row = problem.positions[position]
    held = problem.rules.reserves
    return tuple(reserve for reserve in held if reserve.concerns(row.position, row.capacity))


def member(problem: Problem, entry: int, reserve: Reserve) -> bool:
    """Whether an application is of the reserve's type."""
    return problem.groups[reserve.column][entry] == reserve.value


def compile_market(problem: Problem) -> Market:
    """Turn a problem and its rules into units, slots and strict integer keys.

    Notes
    -----
    A soft reserve becomes two seat pools of the position. People of the type apply to the
    reserve pool and then to the open one; everyone else to the open pool and then to what
    the reserve leaves over. In the reserve pool the type comes first. For one type this is
    the choice function of Hafalir, Yenmez & Yildirim; for overlapping types the pools are
    taken in the published processing order.

    Raises
    ------
    MatchingError
        ``frozen_over_capacity``.

    References
    ----------
    Hafalir, Yenmez & Yildirim (2013), Effective affirmative action in school choice.
    """
    rules = [reserves_at(problem, number) for number in range(len(problem.positions))]
    units: list[Unit] = []
    units_at = []
    for number, reserves in enumerate(rules):
        own = list(_units_of(problem, number, reserves))
        units_at.append(tuple(range(len(units), len(units) + len(own))))
        units += own
    numbers = _lottery(problem)
    keys = _keys(problem, numbers)
    place = _apply_calling_orders(problem, rules, keys)
    frozen = _freeze(problem, units, units_at)
    first, unit, key, entry = _slots(problem, units, units_at, keys, frozen)
    return Market(
        problem=problem,
        units=tuple(units),
        units_at=tuple(units_at),
        first=first,
        unit=unit,
        key=key,
        entry=entry,
        place=place,
        lottery=numbers,
        frozen=frozen,
    )


def _units_of(problem: Problem, position: int, reserves: Sequence[Reserve]) -> Iterator[Unit]:
    left = problem.positions[position].capacity
    mode = reserves[0].mode if reserves else ""
    if mode == "target":
        targets = tuple(
            Target(r.label, r.seats_of(left), r.extra_seats_of(left), r.floor) for r in reserves
        )
        yield Unit(position, OPEN, left, targets=targets)
        return
    if mode == "soft":
        for reserve in reserves:
            seats = min(left, reserve.seats_of(problem.positions[position].capacity))
            left -= seats
            yield Unit(position, reserve.label, seats, reserve=reserve)
    yield Unit(position, OPEN, left)


def _lottery(problem: Problem) -> tuple[int, ...]:
    lottery = problem.rules.lottery
    return tuple(lottery_number(lottery.seed, lottery.round, a) for a in problem.applicants)


def _keys(problem: Problem, numbers: Sequence[int]) -> list[int]:
    """One integer per entry that orders by priority class, score, lottery; higher first."""
    people = len(problem.applicants)
    order = sorted(range(people), key=numbers.__getitem__, reverse=True)
    luck = np.empty(people, dtype=np.int64)
    luck[order] = np.arange(people)
    classes, place = np.unique(problem.priority, return_inverse=True)
    standing = (len(classes) - 1 - place) * max(1, len(problem.levels)) + problem.level
    owner = np.repeat(np.arange(people), np.diff(problem.first))
    keys: list[int] = (standing * max(1, people) + luck[owner]).tolist()
    return keys


def _apply_calling_orders(
    problem: Problem, rules: Sequence[Sequence[Reserve]], keys: list[int]
) -> list[int]:
    """Replace the keys of positions with calling orders by the places in them."""
    place = [0] * len(keys)
    for position, reserves in enumerate(rules):
        if not reserves or reserves[0].mode != "calling":
            continue
        entries = np.flatnonzero(problem.choice == position).tolist()
        entries.sort(key=keys.__getitem__, reverse=True)
        types = [sum(member(problem, e, r) << b for b, r in enumerate(reserves)) for e in entries]
        shares = [reserve.share for reserve in reserves if reserve.share is not None]
        for number, index in enumerate(calling_order(types, shares), start=1):
            place[entries[index]] = number
            keys[entries[index]] = len(entries) - number
    return place


def _way(
    problem: Problem, units: Sequence[Unit], own: Sequence[int], entry: int
) -> tuple[list[int], list[int]]:
    """The units of a position that an application goes through: as a member, and the rest.

    Own reserves first, then the open seats, then what other reserves leave over.
    """
    inside: list[int] = []
    outside: list[int] = []
    for number in own[:-1]:
        reserve = units[number].reserve
        assert reserve is not None
        (inside if member(problem, entry, reserve) else outside).append(number)
    return inside, [own[-1], *outside]


def _freeze(problem: Problem, units: list[Unit], units_at: Sequence[tuple[int, ...]]) -> list[int]:
    frozen = [-1] * len(problem.applicants)
    index = {applicant: number for number, applicant in enumerate(problem.applicants)}
    for applicant, position in problem.rules.frozen:
        who = index[applicant]
        entries = range(int(problem.first[who]), int(problem.first[who + 1]))
        entry = next(
            e for e in entries if problem.positions[problem.choice[e]].position == position
        )
        inside, others = _way(problem, units, units_at[problem.choice[entry]], entry)
        possible = (u for u in inside + others if _takes_frozen(problem, units[u], entry))
        chosen = next(possible, None)
        if chosen is None:
            raise MatchingError("frozen_over_capacity", column="frozen", value=position)
        units[chosen] = _with_frozen(problem, units[chosen], entry)
        frozen[who] = chosen
    return frozen


def _takes_frozen(problem: Problem, unit: Unit, entry: int) -> bool:
    if unit.held < unit.seats:
        return True
    reserves = reserves_at(problem, unit.position)
    extras = zip(unit.targets, reserves, strict=False)
    return any(target.extra and member(problem, entry, reserve) for target, reserve in extras)


def _with_frozen(problem: Problem, unit: Unit, entry: int) -> Unit:
    """One more frozen person: a seat or an extra pass is gone, the target is nearer."""
    targets = []
    beyond = unit.held >= unit.seats
    for target, reserve in zip(unit.targets, reserves_at(problem, unit.position), strict=False):
        counted = member(problem, entry, reserve)
        wanted = max(0, target.wanted - counted)
        spent = beyond and counted
        targets.append(replace(target, wanted=wanted, extra=max(0, target.extra - spent)))
    return replace(unit, held=unit.held + 1, targets=tuple(targets))


def _slots(
    problem: Problem,
    units: Sequence[Unit],
    units_at: Sequence[tuple[int, ...]],
    keys: list[int],
    frozen: Sequence[int],
) -> tuple[list[int], list[int], list[int], list[int]]:
    first, choice = problem.first.tolist(), problem.choice.tolist()
    if len(units) == len(problem.positions) and not any(f >= 0 for f in frozen):
        return first, choice, keys, list(range(len(keys)))
    # Lifts a member above everyone else in a reserve pool; a multiple of the number of people,
    # so that the lottery stays the remainder of every key.
    people = max(1, len(problem.applicants))
    bonus = (max(keys, default=0) // people + 1) * people
    starts, unit, key, entry = [0], [], [], []
    for who in range(len(problem.applicants)):
        for e in range(first[who], first[who + 1] if frozen[who] < 0 else first[who]):
            inside, others = _way(problem, units, units_at[choice[e]], e)
            unit += inside + others
            key += [keys[e] + bonus] * len(inside) + [keys[e]] * len(others)
            entry += [e] * (len(inside) + len(others))
        starts.append(len(unit))
    return starts, unit, key, entry
