"""What is withheld of a sum cannot be worked out: every possibility is tried."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.core.disclosure import is_small, protect_parts

THRESHOLD = 4


def possible(
    shown: tuple[int | None, ...], total: int | None, most: list[int] | None
) -> list[set[int]]:
    """Try every count below the threshold for each hole; keep what fits the sum."""
    lowest = 1 if most is None else 0
    holes = [place for place, count in enumerate(shown) if count is None]
    ranges = [
        range(lowest, min(THRESHOLD - 1, most[place] if most else THRESHOLD) + 1) for place in holes
    ]
    known = sum(count for count in shown if count is not None)
    fits = [tried for tried in product(*ranges) if total is None or known + sum(tried) == total]
    return [{tried[number] for tried in fits} for number in range(len(holes))]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_no_withheld_part_has_one_possible_value(counts: list[int]) -> None:
    parts = protect_parts(counts, threshold=THRESHOLD)
    assert all(
        (shown is None) == is_small(count, THRESHOLD)
        for shown, count in zip(parts.counts, counts, strict=True)
    )
    assert all(len(values) > 1 for values in possible(parts.counts, parts.total, None))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_known_seats_do_not_give_a_part_away(pools: list[tuple[int, int]]) -> None:
    most = [max(pool) for pool in pools]
    counts = [min(pool) for pool in pools]
    parts = protect_parts(counts, most=most, threshold=THRESHOLD)
    if parts.total is not None:
        assert all(len(values) > 1 for values in possible(parts.counts, parts.total, most))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
def test_a_sum_is_withheld_only_where_it_would_give_something_away(counts: list[int]) -> None:
    parts = protect_parts(counts, threshold=THRESHOLD)
    if parts.total is None:
        assert any(len(values) == 1 for values in possible(parts.counts, sum(counts), None))


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_the_installations_threshold_is_the_default(count: int, small: bool) -> None:
    assert is_small(count) is small
