"""What is withheld of a sum cannot be worked out: every possibility is tried."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.core.disclosure import is_small, protect_parts, protect_records

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


_LADDERS = {"age": (str, lambda age: str(age // 10)), "sex": (str,)}
_ROW = st.tuples(st.integers(0, 9), st.integers(20, 45), st.sampled_from("fm"))


@given(st.lists(_ROW, max_size=40))
def test_nobody_stands_among_fewer_than_the_threshold(rows: list[tuple[int, int, str]]) -> None:
    """Whoever has several rows is known by all of them together."""
    people = [person for person, _age, _sex in rows]
    telling = [{"age": age, "sex": sex} for _person, age, sex in rows]
    found = protect_records(people, telling, _LADDERS, threshold=THRESHOLD)
    looks: dict[int, list[tuple[str, ...]]] = {}
    for place, row in found.rows:
        assert people[place] not in found.withheld
        looks.setdefault(people[place], []).append((row["age"], row["sex"]))
    alike = Counter(tuple(sorted(each)) for each in looks.values())
    assert all(count >= THRESHOLD for count in alike.values())
    assert found.withheld | looks.keys() == set(people)
    assert len(found.rows) == sum(person not in found.withheld for person in people)


def test_a_column_is_made_coarser_only_where_too_many_would_be_left_out() -> None:
    telling = [{"age": age, "sex": "f"} for age in (21, 22, 23, 24)] * 3
    found = protect_records(range(12), telling, _LADDERS, threshold=THRESHOLD)
    assert found.levels == {"age": 1, "sex": 0}
    assert not found.withheld
    assert {row["age"] for _place, row in found.rows} == {"2"}
    kept = protect_records(range(12), telling, _LADDERS, threshold=3)
    assert kept.levels == {"age": 0, "sex": 0}
