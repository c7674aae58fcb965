"""Who looks at what: tasks to people, evenly, within limits, never where it is forbidden."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from bitgoeul.engines.matching.rules import MatchingError


@dataclass(frozen=True)
class Assignment:
    """What `assign` found.

    Parameters
    ----------
    given : tuple of tuple of int
        Per task the people who have it, in ascending order.
    load : tuple of int
        Per person how many tasks they have now, what they had before included.
    short : tuple of int
        Per task how many people are missing; all zero when everything could be given.
    """

    given: tuple[tuple[int, ...], ...]
    load: tuple[int, ...]
    short: tuple[int, ...]


def assign(
    needs: Sequence[int],
    allowed: Sequence[Sequence[int]],
    limits: Sequence[int],
    *,
    before: Sequence[int] = (),
) -> Assignment:
    """Give every task as many different people as it needs, as evenly as possible.

    Parameters
    ----------
    needs : sequence of int, length n
        How many different people each task needs.
    allowed : sequence of sequence of int, length n
        Per task the indices of the people who may have it.
    limits : sequence of int, length m
        How many tasks a person may have at most.
    before : sequence of int, length m, optional
        How many of these each person has already.

    Returns
    -------
    Assignment

    Raises
    ------
    MatchingError
        ``bad_shape`` when lengths differ, a number is negative or a person does not exist.

    Notes
    -----
    An optimal semi-matching with capacities: every unit is added along a shortest alternating
    path to the least loaded person that can be reached, so no exchange could make the loads more
    even, and as many units as possible are given. Of equally loaded people the one with the lower
    index gets the task: who wants another order permutes the people. O(units × pairs) at worst;
    where nothing is forbidden, a path has one step.

    References
    ----------
    N. J. A. Harvey, R. E. Ladner, L. Lovász, T. Tamir: Semi-matchings for bipartite graphs and
    load balancing. Journal of Algorithms 59 (2006).

    Examples
    --------
    >>> assign([1, 1, 1], [[0, 1], [0], [0]], [2, 2]).given
    ((1,), (0,), (0,))
    >>> assign([2], [[0]], [5, 5]).short
    (1,)
    """
    load = list(before) or [0] * len(limits)
    _check(needs, allowed, limits, load)
    given: list[set[int]] = [set() for _task in needs]
    held: list[set[int]] = [set() for _person in limits]
    short = [0] * len(needs)
    options = [sorted(set(people)) for people in allowed]
    for task, wanted in enumerate(needs):
        for _unit in range(wanted):
            path = _path(task, options, given, held, load, limits)
            if not path:
                short[task] += 1
                continue
            _augment(path, given, held, load)
    return Assignment(tuple(tuple(sorted(g)) for g in given), tuple(load), tuple(short))


def _check(
    needs: Sequence[int],
    allowed: Sequence[Sequence[int]],
    limits: Sequence[int],
    load: Sequence[int],
) -> None:
    same = len(needs) == len(allowed) and len(limits) == len(load)
    known = all(0 <= person < len(limits) for people in allowed for person in people)
    if not same or not known or any(number < 0 for number in (*needs, *limits, *load)):
        raise MatchingError("bad_shape")


def _path(
    task: int,
    options: Sequence[Sequence[int]],
    given: Sequence[set[int]],
    held: Sequence[set[int]],
    load: Sequence[int],
    limits: Sequence[int],
) -> list[tuple[int, int]]:
    """The steps (task, person) to the least loaded person in reach; empty when there is none."""
    free = [load[person] for person in range(len(limits)) if load[person] < limits[person]]
    if not free:
        return []
    least = min(free)
    came: dict[int, tuple[int, int]] = {}  # person: (task before, person before that, or -1)
    queue: deque[tuple[int, int]] = deque([(task, -1)])
    best = -1
    while queue:
        here, through = queue.popleft()
        for person in options[here]:
            if person in came or person in given[here]:
                continue
            came[person] = (here, through)
            if load[person] < limits[person] and (best < 0 or load[person] < load[best]):
                best = person
                if load[best] == least:
                    return _steps(best, came)
            queue.extend((other, person) for other in sorted(held[person]))
    return _steps(best, came) if best >= 0 else []


def _steps(person: int, came: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
    steps = []
    while person >= 0:
        task, before = came[person]
        steps.append((task, person))
        person = before
    return steps


def _augment(
    steps: Sequence[tuple[int, int]],
    given: Sequence[set[int]],
    held: Sequence[set[int]],
    load: list[int],
) -> None:
    """Walk back from the free person: each task on the way moves on to the next person."""
    load[steps[0][1]] += 1
    for (task, person), (_before, former) in zip(steps, [*steps[1:], (-1, -1)], strict=True):
        if former >= 0:
            given[task].discard(former)
            held[former].discard(task)
        given[task].add(person)
        held[person].add(task)
