"""Tables that stand beside each other must not tell of a few people together."""

import datetime as dt
from itertools import combinations
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.apps.reports.queries.protection import tables_of
from bitgoeul.core import indicators
from bitgoeul.core.indicators import Evidence, Indicator, Value

DAY = dt.date(2026, 3, 15)
SPACE = UUID(int=7)
THRESHOLD = 5


def row(number: int, region: str, kind: str) -> Evidence:
    return Evidence(
        kind=kind,
        uuid=uuid5(SPACE, f"{kind}{number}"),
        state={},
        subject=uuid5(SPACE, str(number)),
        groups={"residence": region},
    )


def counted(key: str, people: dict[int, str]) -> tuple[Indicator, Value]:
    rows = [row(number, region, key) for number, region in people.items()]
    value = indicators.count(rows=rows, as_of=DAY)
    indicator = Indicator(
        key=key,
        title=key,
        definition="",
        unit="count",
        compute=lambda scope, day: value,
        group_by=("residence",),
    )
    return indicator, value


def test_a_cell_that_tells_of_one_person_beside_another_is_withheld() -> None:
    regions = ["24"] * 20 + ["21"] * 9 + ["22"] * 6
    enrolled = dict(enumerate(regions))
    completed = {number: region for number, region in enrolled.items() if number != 34}
    tables = tables_of(
        [counted("a.enrolled", enrolled), counted("a.completed", completed)],
        threshold=THRESHOLD,
    )
    first, second = tables.shown
    assert first["rows"] == second["rows"] == ["21", "22", "24"]
    assert (first["cells"], first["total"]) == ([[9], [6], [20]], 35)
    assert (second["cells"], second["total"]) == ([[None], [None], [20]], 34)
    assert tables.withheld == []


def test_a_table_of_which_nothing_would_remain_is_withheld() -> None:
    enrolled = dict.fromkeys(range(20), "24")
    completed = dict.fromkeys(range(19), "24")
    tables = tables_of(
        [counted("a.enrolled", enrolled), counted("a.completed", completed)],
        threshold=THRESHOLD,
    )
    assert tables.withheld == ["a.completed.residence"]


def test_tables_whose_difference_is_large_stand_side_by_side() -> None:
    enrolled = dict.fromkeys(range(30), "24")
    completed = dict.fromkeys(range(20), "24")
    tables = tables_of(
        [counted("a.enrolled", enrolled), counted("a.completed", completed)],
        threshold=THRESHOLD,
    )
    assert tables.withheld == []


def test_a_person_with_several_rows_counts_once_per_row() -> None:
    twice = counted("a.handed_in", dict.fromkeys(range(6), "24"))
    again = [row(number, "24", "b") for number in range(6)]
    value = indicators.count(rows=[*twice[1].numerator, *again], as_of=DAY)
    tables = tables_of([(twice[0], value)], threshold=THRESHOLD)
    assert tables.shown[0]["total"] == 12


@given(
    st.lists(
        st.dictionaries(st.integers(0, 25), st.sampled_from(["11", "24"]), min_size=5),
        min_size=2,
        max_size=4,
    )
)
def test_no_two_shown_cells_leave_a_few_people_between_them(
    people: list[dict[int, str]],
) -> None:
    """Brute force over every pair of shown cells of nested people."""
    # One person lives in one region, whatever the number.
    home = {number: region for each in people for number, region in each.items()}
    sets = [{number: home[number] for number in each} for each in people]
    numbers = [counted(f"a.n{place}", each) for place, each in enumerate(sets)]
    tables = tables_of(numbers, threshold=THRESHOLD)
    shown: list[tuple[str, frozenset[int]]] = []
    for table in tables.shown:
        place = int(table["indicator"].removeprefix("a.n"))
        shown += list(_cells(table, sets[place]))
    for (where, one), (there, other) in combinations(shown, 2):
        if where == there and (one <= other or other <= one):
            assert not 0 < len(one ^ other) < THRESHOLD


def _cells(table: dict[str, Any], people: dict[int, str]) -> Any:
    for region, cells in zip(table["rows"], table["cells"], strict=True):
        if cells[0] is not None:
            yield region, frozenset(n for n, home in people.items() if home == region)


@pytest.mark.parametrize("count", [1, 4])
def test_a_small_number_has_no_table(count: int) -> None:
    few = counted("a.few", dict.fromkeys(range(count), "24"))
    tables = tables_of([few], threshold=THRESHOLD)
    assert tables.shown == []
