"""Suppression and its audit, against an attacker who tries every table there could be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.engines.analysis.disclosure import (
    DisclosureError,
    Suppressed,
    Table,
    audit,
    suppress,
)
from bitgoeul.engines.analysis.disclosure.synthetic import make_table
from bitgoeul.engines.evidence import seal_report, verify_report

MOST = 14  # the attacker's tables go up to here in every hole of the body


def _table(cells):
    width = len(cells[0])
    names = None if width == 1 else tuple(f"c{k}" for k in range(width))
    return Table(tuple(f"r{k}" for k in range(len(cells))), names, tuple(map(tuple, cells)))


def _lines(shown, total):
    """Every line of whole numbers that fits what is shown of it; holes are at least 1."""
    choices = [range(1, MOST + 1) if cell is None else (cell,) for cell in shown]
    return [line for line in itertools.product(*choices) if total in (None, sum(line))]


def _possible(published):
    """Every full table that fits what is shown, or None when there are too many to try."""
    one_way = len(published[0]) == 1
    rows = [(row, None) if one_way else (row[:-1], row[-1]) for row in published[:-1]]
    lines = [_lines(*row) for row in rows]
    if math.prod(map(len, lines)) > 40_000:
        return None
    found = []
    for body in itertools.product(*lines):
        sums = tuple(map(sum, zip(*body, strict=True)))
        full = [*body, sums] if one_way else [(*row, sum(row)) for row in (*body, sums)]
        if all(
            cell == value if cell is not None else value >= 1
            for shown, values in zip(published, full, strict=True)
            for cell, value in zip(shown, values, strict=True)
        ):
            found.append(full)
    return np.array(found)


def counts(*, most):
    """Bodies of two rows and two or three columns."""
    return st.integers(2, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, most), min_size=width, max_size=width), min_size=2, max_size=2
        )
    )


lists = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=1), min_size=1, max_size=4)


@given(st.one_of(counts(most=9), lists), st.integers(2, 5))
def test_nobody_can_work_out_a_withheld_number(cells, threshold):
    table = _table(cells)
    done = suppress(table, threshold=threshold)
    full = table.full()
    shown = done.published()
    tables = _possible(shown)
    for place, cell in np.ndenumerate(full):
        published = shown[place[0]][place[1]]
        assert published in (None, cell)
        assert published is None or not 0 < cell < threshold
        assert published is not None or cell > 0
        if published is None and tables is not None:
            values = tables[:, place[0], place[1]]
            assert values.min() < values.max(), (shown, place)
    assert audit(done).ok


@given(counts(most=3), st.data())
def test_the_audit_finds_the_exact_intervals(cells, data):
    """Oracle: every table there could be, where the shown margins keep their number finite."""
    full = _table(cells).full()
    body = [place for place in np.ndindex(len(cells), len(cells[0])) if full[place] > 0]
    holes = set(data.draw(st.lists(st.sampled_from(body), unique=True)) if body else [])
    rows = [
        tuple(None if (r, c) in holes else int(v) for c, v in enumerate(line))
        for r, line in enumerate(full[:-1, :-1])
    ]
    published = Suppressed(
        rows=tuple(f"r{k}" for k in range(len(rows))),
        columns=tuple(f"c{k}" for k in range(len(rows[0]))),
        cells=tuple(rows),
        row_totals=tuple(int(v) for v in full[:-1, -1]),
        column_totals=tuple(int(v) for v in full[-1, :-1]),
        total=int(full[-1, -1]),
        threshold=5,
    )
    found = audit(published).intervals
    assert set(found) == holes
    if holes:
        tables = _possible(published.published())
        for (r, c), interval in found.items():
            assert interval == (tables[:, r, c].min(), tables[:, r, c].max())


@given(counts(most=9), st.data())
def test_what_is_known_elsewhere_hides_nothing_and_what_shall_go_goes(cells, data):
    table = _table(cells)
    full = table.full()
    places = [place for place in np.ndindex(full.shape) if full[place] > 0]
    also = data.draw(st.frozensets(st.sampled_from(places), max_size=2)) if places else frozenset()
    known = frozenset((len(cells), column) for column in range(full.shape[1])) - also
    try:
        done = suppress(table, also=also, known=known)
    except DisclosureError:
        return
    shown = done.published()
    assert all(shown[row][column] is None for row, column in also)
    assert all(shown[row][column] == full[row, column] for row, column in known)
    assert audit(done).ok


def test_the_threshold_alone_leaks():
    """Why complements are needed: a lone hole is the rest of its row."""
    naive = Suppressed(("a", "b"), None, ((None,), (9,)), None, None, 12, 5)
    assert audit(naive).exposed == ((0, 0),)
    assert audit(naive).intervals == {(0, 0): (3, 3)}


def test_two_ones_that_add_up_to_two_are_known():
    """Zeros are always shown, so two holes with the sum 2 are 1 and 1; the total must go too."""
    table = _table([[1], [1], [0], [30]])
    done = suppress(table)
    assert done.cells[2] == (0,)
    assert audit(done).ok
    assert (done.total, done.cells[3]) != (32, (30,))


def test_safe_tables_are_left_alone_and_small_totals_are_not():
    safe = _table([[5, 6], [7, 0]])
    assert suppress(safe).withheld == 0
    assert suppress(_table([[2], [1]])).total is None


def test_the_complement_is_cheap():
    done = suppress(_table([[2, 20, 900], [30, 40, 800], [500, 600, 700]]))
    holes = {(r, c) for r, row in enumerate(done.cells) for c, v in enumerate(row) if v is None}
    assert holes == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert None not in (*done.row_totals, *done.column_totals, done.total)


@pytest.mark.parametrize("seed", range(4))
def test_tables_of_practical_size_pass_their_audit(seed):
    table = make_table(rows=10, columns=8, seed=seed)
    done = suppress(table)
    assert audit(done).ok
    full, shown = table.full(), done.published()
    small_ones = np.argwhere((full > 0) & (full < 5)).tolist()
    assert small_ones
    assert all(shown[r][c] is None for r, c in small_ones)


def test_a_suppressed_table_is_accepted_by_the_report_check():
    done = suppress(_table([[2, 20], [30, 40]]))
    head = {"report": {}, "as_of": "2026-11-22", "journal_head": "", "indicators": []}
    report = seal_report({**head, "tables": [{"key": "k", "title": {}, **done.as_dict()}]})
    assert verify_report(report).ok


@pytest.mark.parametrize("cells", [((1, 2),), ((1,), (2, 3)), ((-1,), (1,)), ((1.5,), (1,))])
def test_what_is_no_table_of_counts_is_refused(cells):
    with pytest.raises(DisclosureError):
        Table(("a", "b"), None, cells)


def test_a_threshold_below_one_and_an_impossible_table_are_refused():
    with pytest.raises(DisclosureError):
        suppress(_table([[1], [2]]), threshold=0)
    with pytest.raises(DisclosureError) as caught:
        audit(Suppressed(("a", "b"), None, ((None,), (9,)), None, None, 5, 5))
    assert caught.value.code == "impossible_table"
