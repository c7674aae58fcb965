"""Which numbers to withhold so that the small ones stay unknown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.analysis.disclosure.audit import audit
from bitgoeul.engines.analysis.disclosure.table import (
    DisclosureError,
    Integers,
    Suppressed,
    Table,
    hide,
    sums,
)

Mask = npt.NDArray[np.bool_]
Place = tuple[int, int]
"""Row and column in the layout of `Table.full`."""


def suppress(
    table: Table,
    *,
    threshold: int = 5,
    also: frozenset[Place] = frozenset(),
    known: frozenset[Place] = frozenset(),
) -> Suppressed:
    """Withhold every count from 1 to ``threshold - 1``, and what would give it away.

    Parameters
    ----------
    table : Table
    threshold : int
        The smallest count that may be shown; margins obey it too. Zeros are shown.
    also : frozenset of (int, int)
        Places of further numbers to withhold, such as those that would tell of few people
        beside another table. Zeros among them stay shown.
    known : frozenset of (int, int)
        Places of numbers that are published elsewhere, so that withholding them hides nothing.

    Returns
    -------
    Suppressed
        No withheld number in it can be worked out from the rest; this is audited before
        returning.

    Raises
    ------
    DisclosureError
        ``bad_threshold``; ``no_protection`` when there is no way, because too much is known.

    Notes
    -----
    For each withheld number that the sums still reveal, one linear program looks for the
    cheapest way to shift it by one while all sums hold, that is, the cheapest ring of other
    numbers to withhold with it; cheap means small, so totals stay as long as possible. The
    pattern is safe, not the smallest possible. Deterministic. Only the table itself is
    protected: two tables over overlapping people can still be subtracted from each other.
    That a number is withheld tells that it, or a neighbour, is small.

    References
    ----------
    Hundepool et al. (2012), Statistical disclosure control, chapter 4.
    Kelly, Golden & Assad (1992), Cell suppression: disclosure protection for sensitive
    tabular data.

    Examples
    --------
    >>> done = suppress(Table(("a", "b"), ("x", "y"), ((2, 20), (30, 40))))
    >>> done.cells, done.row_totals, done.total
    (((None, None), (None, None)), (22, 70), 92)
    """
    if threshold < 1:
        raise DisclosureError("bad_threshold", value=threshold, expected=">= 1")
    full = table.full()
    hidden: Mask = (full > 0) & (full < threshold)
    fixed: Mask = np.zeros(full.shape, dtype=np.bool_)
    for place in also:
        hidden[place] = full[place] > 0
    for place in known:
        fixed[place] = True
        if hidden[place]:
            raise DisclosureError("no_protection", value=place)
    equations = sums((full.shape[0], full.shape[1]))
    while True:
        found = audit(hide(table, hidden, threshold))
        if found.ok:
            return hide(table, hidden, threshold)
        more = hidden | _ring(full, hidden, fixed, found.exposed[0], equations)
        if (more == hidden).all():
            # Unreachable while ring and audit agree; without this a fault would never end.
            raise DisclosureError("no_protection", value=found.exposed[0])
        hidden = more


def _ring(
    full: Integers,
    hidden: Mask,
    fixed: Mask,
    place: Place,
    equations: npt.NDArray[np.float64],
) -> Mask:
    """The numbers that must be free for the exposed one to be one more than it is.

    Variables are the increase and the decrease of each number. Zeros stay zeros, since they
    are always shown; a withheld number is known to be at least 1. Doubling the whole table
    is one such shift, so there is always a solution unless some numbers are fixed.
    """
    values = full.ravel().astype(np.float64)
    free = hidden.ravel()
    size = len(values)
    target = place[0] * full.shape[1] + place[1]
    # Numbers already withheld cost nothing; among the others the count decides, and a small
    # price per number keeps rings short.
    price = np.where(free, 0.0, values + 1.0)
    moves = ~fixed.ravel()
    most = np.where((values > 0) & moves, np.inf, 0.0)
    bounds = [(0.0, high) for high in most]
    bounds += [(0.0, high) for high in np.where(moves, np.maximum(values - 1.0, 0.0), 0.0)]
    bounds[target] = (1.0, 1.0)
    bounds[size + target] = (0.0, 0.0)
    # A second of processor time that pages and jobs without it need not wait for.
    from scipy.optimize import linprog

    found = linprog(
        np.concatenate([price, price]),
        A_eq=np.hstack([equations, -equations]),
        b_eq=np.zeros(len(equations)),
        bounds=bounds,
        method="highs-ds",
    )
    if found.status != 0:
        raise DisclosureError("no_protection", value=found.message)
    moved = (found.x[:size] > 0.5) | (found.x[size:] > 0.5)
    return np.asarray(moved.reshape(full.shape), dtype=np.bool_)
