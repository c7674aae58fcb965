"""Tasks to people: as many as possible, as evenly as possible, checked by trying everything."""

import itertools
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitgoeul.engines.matching import MatchingError, assign


def _everything(
    needs: Sequence[int], allowed: Sequence[Sequence[int]], limits: Sequence[int]
) -> Iterator[list[int]]:
    """The loads of every possible assignment (each task gets at most what it needs)."""
    choices = [
        [set(c) for size in range(need + 1) for c in itertools.combinations(sorted(set(a)), size)]
        for need, a in zip(needs, allowed, strict=True)
    ]
    for picked in itertools.product(*choices):
        load = [sum(person in one for one in picked) for person in range(len(limits))]
        if all(n <= most for n, most in zip(load, limits, strict=True)):
            yield load


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_is_as_good_as_trying_everything(data: st.DataObject) -> None:
    people = data.draw(st.integers(1, 3))
    tasks = data.draw(st.integers(1, 4))
    needs = data.draw(st.lists(st.integers(0, 2), min_size=tasks, max_size=tasks))
    one = st.lists(st.integers(0, people - 1), max_size=3)
    allowed = data.draw(st.lists(one, min_size=tasks, max_size=tasks))
    limits = data.draw(st.lists(st.integers(0, 4), min_size=people, max_size=people))
    found = assign(needs, allowed, limits)
    loads = list(_everything(needs, allowed, limits))
    most = max(map(sum, loads))
    assert sum(found.load) == most
    assert sum(n * n for n in found.load) == min(
        sum(n * n for n in load) for load in loads if sum(load) == most
    )
    for task, own in enumerate(found.given):
        assert set(own) <= set(allowed[task])
        assert len(own) + found.short[task] == needs[task]


def test_the_loads_of_many_differ_by_one_at_most() -> None:
    found = assign([2] * 779, [range(20)] * 779, [100] * 20)
    assert max(found.load) - min(found.load) <= 1
    assert not any(found.short)


def test_what_somebody_has_already_counts() -> None:
    assert assign([1, 1], [[0, 1], [0, 1]], [9, 9], before=[2, 0]).given == ((1,), (1,))


def test_the_same_question_has_the_same_answer_and_is_not_changed() -> None:
    needs, allowed, limits = [1, 2], [[2, 0], [1, 2]], [1, 1, 2]
    first = assign(needs, allowed, limits)
    assert assign(needs, allowed, limits) == first
    assert (needs, allowed, limits) == ([1, 2], [[2, 0], [1, 2]], [1, 1, 2])
    assert assign([], [], []).given == ()


@pytest.mark.parametrize(
    "wrong", [([1], [], [1]), ([1], [[3]], [1]), ([-1], [[0]], [1]), ([1], [[0]], [-1])]
)
def test_nonsense_is_refused(wrong: tuple[list[int], list[list[int]], list[int]]) -> None:
    with pytest.raises(MatchingError, match="bad_shape"):
        assign(*wrong)
