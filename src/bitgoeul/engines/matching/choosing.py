"""The two choice rules that are more than "the best so many": targets and calling orders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bitgoeul.engines.matching.rules import EXACT

Standing = tuple[int, Decimal]  # priority class (lower first), score


@dataclass(frozen=True)
class Target:
    """A supernumerary target at one position, after frozen placements are taken off."""

    label: str
    wanted: int
    extra: int
    floor: Decimal | None


@dataclass(frozen=True)
class Candidate:
    """One applicant at a position with targets; ``types`` has a bit per target."""

    slot: int
    key: int
    standing: Standing
    types: int


@dataclass(frozen=True)
class Selection:
    """Who passes: regular seats, and beyond them the extra people of each target."""

    base: tuple[Candidate, ...]
    extras: tuple[tuple[Candidate, ...], ...]
    needs: tuple[int, ...]

    def pool_of(self) -> dict[int, int]:
        """Slot to pool: 0 for a regular seat, k + 1 for an extra of target k."""
        pools: dict[int, int] = {}
        for number, people in enumerate((self.base, *self.extras)):
            for candidate in people:
                pools.setdefault(candidate.slot, number)
        return pools


def reaches(standing: Standing, bar: Standing, floor: Decimal | None) -> bool:
    """Whether somebody is at most ``floor`` points below the last regular one.

    A later priority class never reaches an earlier one: otherwise a newcomer in a better
    class but with a lower score would lower the bar and call back people already refused.
    """
    if floor is None:
        return True
    if standing[0] != bar[0]:
        return standing[0] < bar[0]
    return standing[1] >= EXACT.subtract(bar[1], floor)


def select(people: Sequence[Candidate], seats: int, targets: Sequence[Target]) -> Selection:
    """Apply supernumerary targets (채용목표제) to everyone who wants a position.

    The best ``seats`` people pass. For each target whose type has fewer than ``wanted``
    among them, the best others of the type pass in addition: as many as are missing, at most
    ``extra``, none below the floor. Targets are counted independently of each other.

    Notes
    -----
    Substitutable (a union of substitutable rules), so deferred acceptance gives a stable
    result; not size-monotone: a stronger person of the type can reduce the number who pass.

    Examples
    --------
    >>> people = [Candidate(s, 9 - s, (0, Decimal(90 - s)), s // 2) for s in range(4)]
    >>> chosen = select(people, 2, [Target("local=yes", 1, 1, None)])
    >>> [one.slot for one in chosen.base], [one.slot for one in chosen.extras[0]]
    ([0, 1], [2])
    """
    ordered = sorted(people, key=lambda one: one.key, reverse=True)
    base, rest = tuple(ordered[:seats]), ordered[seats:]
    extras, needs = [], []
    for bit, target in enumerate(targets):
        inside = sum(one.types >> bit & 1 for one in base)
        need = max(0, min(target.wanted - inside, target.extra)) if base and rest else 0
        fit = [
            one
            for one in rest[: len(rest) if need else 0]
            if one.types >> bit & 1 and reaches(one.standing, base[-1].standing, target.floor)
        ]
        extras.append(tuple(fit[:need]))
        needs.append(need)
    return Selection(base, tuple(extras), tuple(needs))


def chooser(
    candidate_of: Callable[[int], Candidate], seats: int, targets: Sequence[Target]
) -> Callable[[list[int]], list[int]]:
    """The rule of `select` as the kernel wants it: slots in, refused slots out."""

    def choose(slots: list[int]) -> list[int]:
        passed = select([candidate_of(slot) for slot in slots], seats, targets).pool_of()
        return [slot for slot in slots if slot not in passed]

    return choose


def calling_order(types: Sequence[int], shares: Sequence[Decimal]) -> list[int]:
    """One strict order that keeps each share at every step, as far as people last.

    Parameters
    ----------
    types : sequence of int
        A bit mask per person, best person first; bit t means "of type t".
    shares : sequence of Decimal
        The part of every beginning of the order that type t must have; where two cannot be
        kept at once, the earlier one is.

    Returns
    -------
    list of int
        Indices into ``types`` in the order of calling.

    Notes
    -----
    O(people * distinct masks). Positions with such an order are plain positions for the
    matching: strategy-proof, one cutoff per position.

    References
    ----------
    Parcoursup, Document de présentation des algorithmes (2023), section 4.

    Examples
    --------
    >>> calling_order([0, 0, 1, 0], [Decimal("0.25")])
    [2, 0, 1, 3]
    """
    queues: dict[int, deque[int]] = {}
    for person, mask in enumerate(types):
        queues.setdefault(mask, deque()).append(person)
    left = [sum(mask >> bit & 1 for mask in types) for bit in range(len(shares))]
    called = [0] * len(shares)
    ratios = [share.as_integer_ratio() for share in shares]
    order: list[int] = []
    while len(order) < len(types):
        step = len(order) + 1
        lacking = [
            1 << bit
            for bit, (up, down) in enumerate(ratios)
            if left[bit] and called[bit] * down < up * step
        ]
        mask = _next_mask(queues, lacking)
        order.append(queues[mask].popleft())
        for bit in range(len(shares)):
            left[bit] -= mask >> bit & 1
            called[bit] += mask >> bit & 1
    return order


def _next_mask(queues: dict[int, deque[int]], lacking: list[int]) -> int:
    """The queue whose head is called: the best person of all types that are lacking now."""
    while True:
        wanted = sum(lacking)
        heads = [(q[0], mask) for mask, q in queues.items() if q and mask & wanted == wanted]
        if heads:
            return min(heads)[1]
        lacking = lacking[:-1]
