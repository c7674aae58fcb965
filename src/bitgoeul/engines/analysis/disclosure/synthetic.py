"""Tables of counts from a seed."""

from __future__ import annotations

import numpy as np

from bitgoeul.engines.analysis.disclosure.table import Table


def make_table(*, rows: int, columns: int | None, seed: int, mean: float = 8.0) -> Table:
    """Counts as they come in practice: many small, a few large, some zero.

    >>> make_table(rows=2, columns=None, seed=1).cells == make_table(
    ...     rows=2, columns=None, seed=1).cells
    True
    """
    random = np.random.default_rng(seed)
    shape = (rows, 1 if columns is None else columns)
    counts = random.poisson(random.gamma(1.2, mean, size=shape))
    names = None if columns is None else tuple(f"c{k}" for k in range(columns))
    cells = tuple(tuple(int(count) for count in row) for row in counts)
    return Table(tuple(f"r{k}" for k in range(rows)), names, cells)
