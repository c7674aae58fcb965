"""The loop of deferred acceptance, on plain lists of integers."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence

# Given the slots that want a unit, the slots that it turns down.
Chooser = Callable[[list[int]], list[int]]

CHOOSES = -1  # in `seats`: the unit has a choice rule of its own instead of a number of seats


def deferred_acceptance(
    *,
    first: Sequence[int],
    unit: Sequence[int],
    key: Sequence[int],
    seats: Sequence[int],
    choosers: Mapping[int, Chooser],
) -> list[int]:
    """Applicant-proposing deferred acceptance with one heap per unit.

    Parameters
    ----------
    first : n + 1 integers
        Slots of applicant ``i`` are ``first[i]:first[i + 1]``, most wanted first.
    unit, key : one integer per slot
        The unit proposed to, and the place in its order; higher comes first. Keys at one
        unit are distinct.
    seats : one integer per unit
        Number of seats, or `CHOOSES`.
    choosers : mapping of unit to Chooser

    Returns
    -------
    list of int, length n
        The slot where each applicant ended, -1 when none.

    Notes
    -----
    O(slots * log seats). The outcome does not depend on the order in which applicants
    propose, because keys are strict and the choice rules are substitutable.

    References
    ----------
    Gale & Shapley (1962), College admissions and the stability of marriage.
    """
    taken = [-1] * (len(first) - 1)
    held: list[list[tuple[int, int]]] = [[] for _ in seats]
    upcoming = list(first[:-1])
    waiting = list(range(len(taken) - 1, -1, -1))
    push, replace = heapq.heappush, heapq.heapreplace
    while waiting:
        who = waiting.pop()
        slot, stop = upcoming[who], first[who + 1]
        while slot < stop:
            where = unit[slot]
            heap, room, own = held[where], seats[where], key[slot]
            slot += 1
            if len(heap) < room:
                push(heap, (own, who))
            elif room > 0 and own > heap[0][0]:
                loser = replace(heap, (own, who))[1]
                taken[loser] = -1
                waiting.append(loser)
            elif room != CHOOSES or not _offer(heap, (own, who), slot - 1, taken, choosers[where]):
                continue
            else:
                waiting += _turned_down(heap, taken)
            taken[who] = slot - 1
            break
        upcoming[who] = slot
    return taken


def _offer(
    heap: list[tuple[int, int]],
    newcomer: tuple[int, int],
    slot: int,
    taken: list[int],
    choose: Chooser,
) -> bool:
    """Let a choosing unit decide about a newcomer; whom it turns down, `taken` shows as -1."""
    who = newcomer[1]
    owner = {taken[other]: other for _, other in heap}
    owner[slot] = who
    for refused in choose(list(owner)):
        taken[owner[refused]] = -1
        owner[refused] = -1
    if owner[slot] != who:
        return False
    heap.append(newcomer)
    taken[who] = slot
    return True


def _turned_down(heap: list[tuple[int, int]], taken: list[int]) -> list[int]:
    gone = [who for _, who in heap if taken[who] == -1]
    heap[:] = [entry for entry in heap if taken[entry[1]] != -1]
    return gone
