"""Why somebody got this seat, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bitgoeul.engines.matching.certificate import same_but_lottery
from bitgoeul.engines.matching.choosing import Candidate, reaches
from bitgoeul.engines.matching.market import reserves_at
from bitgoeul.engines.matching.problem import Problem
from bitgoeul.engines.matching.rules import MatchingError
from bitgoeul.engines.matching.solving import PoolResult, Result, key_of, select_targets, solve


def explain(
    problem: Problem, result: Result, applicant: str, *, counterfactual: bool = True
) -> dict[str, Any]:
    """What one applicant may know about their own outcome.

    Parameters
    ----------
    problem, result : Problem, Result
    applicant : str
    counterfactual : bool
        Also solve the round once without each quota, to see which one moved them.

    Returns
    -------
    dict
        ``outcome`` (position, pool, choice) or None; ``frozen``; ``choices``: for each choice
        above the outcome (all of them for the unmatched) the own ``key``, and per seat pool
        open to them ``cutoff``, ``places_behind`` (1: next in line), ``lottery_decided``
        (tied with the last one in), ``below_floor``; ``quotas``: the quotas without which
        they would be there; ``without_quota``: per quota the position they would have;
        ``not_listed``: for the unmatched, positions with free seats they did not list.

    Raises
    ------
    MatchingError
        ``unknown_applicant``.

    Notes
    -----
    O(E) for the places, one run of `solve` per quota when ``counterfactual``.

    Examples
    --------
    >>> from bitgoeul.engines.matching import Choice, Position
    >>> rows = [Choice("kim", "lab", 1, 90), Choice("lee", "lab", 1, 95)]
    >>> problem = Problem.build(choices=rows, positions=[Position("lab", 1), Position("it", 1)])
    >>> why = explain(problem, solve(problem), "kim")
    >>> why["choices"][0]["pools"][0]["places_behind"], why["not_listed"]
    (1, [{'position': 'it', 'free': 1}])
    """
    if applicant not in problem.applicants:
        raise MatchingError("unknown_applicant", value=applicant)
    who = problem.applicants.index(applicant)
    placed = result.placements[who]
    outcome = None
    if placed.position is not None:
        outcome = {"position": placed.position, "pool": placed.pool, "choice": placed.choice}
    without = _without_quotas(problem, result, who) if counterfactual else {}
    choices = [] if placed.frozen else list(_choices(problem, result, who, without))
    unmatched = outcome is None
    return {
        "applicant": applicant,
        "outcome": outcome,
        "frozen": placed.frozen,
        "lottery": f"{result.market.lottery[who]:064x}",
        "choices": choices,
        "without_quota": [{"quota": k, "position": v} for k, v in without.items()],
        "not_listed": _not_listed(problem, result, who) if unmatched else [],
    }


def _without_quotas(problem: Problem, result: Result, who: int) -> dict[str, str | None]:
    actual = result.placements[who].position
    moved: dict[str, str | None] = {}
    for number, reserve in enumerate(problem.rules.reserves):
        others = problem.rules.reserves[:number] + problem.rules.reserves[number + 1 :]
        rules = replace(problem.rules, reserves=others)
        position = solve(replace(problem, rules=rules)).placements[who].position
        if position != actual:
            moved[reserve.label] = position
    return moved


def _choices(
    problem: Problem, result: Result, who: int, without: dict[str, str | None]
) -> Iterator[dict[str, Any]]:
    market = result.market
    slots = market.slots_of(who)
    taken = result.taken[who]
    end = taken if taken >= 0 else slots.stop
    stop_at = market.entry[taken] if taken >= 0 else None
    by_entry: dict[int, list[int]] = {}
    for slot in range(slots.start, end):
        if market.entry[slot] != stop_at:
            by_entry.setdefault(market.entry[slot], []).append(slot)
    pools = {(pool.position, pool.pool): pool for pool in result.pools}
    for number, own in enumerate(by_entry.values(), start=1):
        unit = market.units[market.unit[own[0]]]
        name = problem.positions[unit.position].position
        yield {
            "choice": number,
            "position": name,
            "key": key_of(market, own[0]).as_dict(),
            "pools": [row for slot in own for row in _pool_rows(result, slot, name, pools)],
            "quotas": [label for label, position in without.items() if position == name],
        }


def _pool_rows(
    result: Result, slot: int, name: str, pools: dict[tuple[str, str], PoolResult]
) -> Iterator[dict[str, Any]]:
    market = result.market
    unit = market.units[market.unit[slot]]
    if unit.targets:
        yield from _target_rows(result, slot, name, pools)
        return
    pool = pools[name, unit.label]
    rivals = _waiting(result, market.unit[slot])
    worst = _worst(result, market.unit[slot]) if pool.cutoff else None
    yield {
        "pool": unit.label,
        "key": key_of(market, slot).as_dict(),
        "cutoff": pool.cutoff.as_dict() if pool.cutoff else None,
        "state": pool.state,
        "places_behind": 1 + sum(market.key[rival] > market.key[slot] for rival in rivals),
        "lottery_decided": worst is not None and same_but_lottery(result, slot, worst),
        "below_floor": False,
    }


def _target_rows(
    result: Result, slot: int, name: str, pools: dict[tuple[str, str], PoolResult]
) -> Iterator[dict[str, Any]]:
    """A position with targets: the regular seats, and the extra passes of the own types."""
    market = result.market
    unit = market.units[market.unit[slot]]
    own = market.candidate(slot)
    rivals = [market.candidate(rival) for rival in _waiting(result, market.unit[slot])]
    chosen = select_targets(market, result.taken)[market.unit[slot]]
    bar = chosen.base[-1] if chosen.base else None
    groups: list[tuple[str, int, tuple[Candidate, ...], Decimal | None]]
    groups = [(unit.label, -1, chosen.base, None)]
    for bit, target in enumerate(unit.targets):
        if own.types >> bit & 1:
            groups.append((target.label, bit, chosen.extras[bit], target.floor))
    for label, bit, inside, floor in groups:
        pool = pools[name, label]
        ahead = [r for r in rivals if r.key > own.key and (bit < 0 or r.types >> bit & 1)]
        yield {
            "pool": label,
            "key": key_of(market, slot).as_dict(),
            "cutoff": pool.cutoff.as_dict() if pool.cutoff else None,
            "state": pool.state,
            "places_behind": 1 + len(ahead),
            "lottery_decided": bool(inside) and inside[-1].standing == own.standing,
            "below_floor": bar is not None and not reaches(own.standing, bar.standing, floor),
        }


def _waiting(result: Result, number: int) -> list[int]:
    """The slots of everyone who prefers a unit to their own outcome."""
    market = result.market
    waiting = []
    for who, taken in enumerate(result.taken):
        slots = market.slots_of(who)
        end = taken if taken >= 0 else slots.stop
        waiting += [slot for slot in range(slots.start, end) if market.unit[slot] == number]
    return waiting


def _worst(result: Result, number: int) -> int:
    market = result.market
    inside = (slot for slot in result.taken if slot >= 0 and market.unit[slot] == number)
    return min(inside, key=market.key.__getitem__)


def _not_listed(problem: Problem, result: Result, who: int) -> list[dict[str, Any]]:
    entries = slice(int(problem.first[who]), int(problem.first[who + 1]))
    listed = set(problem.choice[entries].tolist())
    free: dict[str, int] = {}
    positions = {row.position: number for number, row in enumerate(problem.positions)}
    plain = {result.market.units[u].label for own in result.market.units_at for u in own}
    for pool in result.pools:
        left = pool.seats - pool.filled - pool.frozen
        # Extra passes of a target are no seats anyone could have had.
        if left > 0 and pool.pool in plain and positions[pool.position] not in listed:
            if pool.pool in _extra_labels(problem, positions[pool.position]):
                continue
            free[pool.position] = free.get(pool.position, 0) + left
    return [{"position": position, "free": seats} for position, seats in free.items()]


def _extra_labels(problem: Problem, position: int) -> set[str]:
    return {r.label for r in reserves_at(problem, position) if r.mode == "target"}
