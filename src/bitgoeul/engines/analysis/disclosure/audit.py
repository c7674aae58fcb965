"""The attack: what can a reader of a published table work out about its holes?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bitgoeul.engines.analysis.disclosure.table import DisclosureError, Suppressed, sums


@dataclass(frozen=True)
class Audit:
    """For each withheld number, by its place in the full layout, the least and the most it can be.

    Places are (row, column), margins included; ``most`` is None when nothing bounds it.
    """

    intervals: dict[tuple[int, int], tuple[int, int | None]]

    @property
    def exposed(self) -> tuple[tuple[int, int], ...]:
        """The withheld numbers that are in fact known."""
        return tuple(place for place, (low, high) in self.intervals.items() if low == high)

    @property
    def ok(self) -> bool:
        """Whether no withheld number can be worked out."""
        return not self.exposed


def audit(table: Suppressed) -> Audit:
    """Bound every withheld number of a published table as an attacker would.

    The attacker knows all published numbers, that cells add up to their margins, that counts
    are whole, and that a zero is never withheld (so every hole is at least 1).

    Returns
    -------
    Audit

    Raises
    ------
    DisclosureError
        ``impossible_table`` when the published numbers contradict each other.

    Notes
    -----
    Two linear programs per hole. The equations of a two-way table form a network, so the
    programs' optima are whole numbers and the intervals exact.

    References
    ----------
    Fischetti & Salazar-González (2000), Models and algorithms for optimizing cell suppression.
    Hoffman & Kruskal (1956), on totally unimodular systems.

    Examples
    --------
    >>> from bitgoeul.engines.analysis.disclosure import Table
    >>> naive = Suppressed(("a", "b"), None, ((None,), (9,)), None, None, 12, 5)
    >>> audit(naive).exposed
    ((0, 0),)
    """
    published = table.published()
    shape = (len(published), len(published[0]))
    flat = [cell for row in published for cell in row]
    holes = [k for k, cell in enumerate(flat) if cell is None]
    if not holes:
        return Audit({})
    known = np.array([0 if cell is None else cell for cell in flat], dtype=np.float64)
    equations = sums(shape)
    system, right = equations[:, holes], -equations @ known
    intervals = {}
    for k, hole in enumerate(holes):
        low = _extreme(system, right, k, 1.0)
        high = _extreme(system, right, k, -1.0)
        if low is None:
            raise DisclosureError("unbounded_below", value=str(divmod(hole, shape[1])))
        intervals[divmod(hole, shape[1])] = (low, None if high is None else -high)
    return Audit(intervals)


def _extreme(
    system: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    right: np.ndarray[tuple[int], np.dtype[np.float64]],
    k: int,
    direction: float,
) -> int | None:
    cost = np.zeros(system.shape[1])
    cost[k] = direction
    # A second of processor time that pages and jobs without it need not wait for.
    from scipy.optimize import linprog

    found = linprog(cost, A_eq=system, b_eq=right, bounds=(1, None), method="highs")
    if found.status == 3:
        return None
    if found.status != 0:
        raise DisclosureError("impossible_table", value=found.message)
    return round(float(found.fun))
