"""How sure the order of a board is: bootstrap intervals of ranks, the same rows for all teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.scoring.metrics import Floats
from bitgoeul.engines.scoring.result import ScoringError

# So many weights are drawn at a time: 64 MB of 32-bit floats.
_CELLS = 1 << 24


@dataclass(frozen=True)
class RankInterval:
    """The place of a team, and between which places it would be on other rows of the kind."""

    team: str
    rank: int
    lowest: int
    highest: int
    loss: float


@dataclass(frozen=True)
class Standing:
    """All teams, best first, and who cannot be told apart at the prize cut.

    ``tied`` names the teams on both sides of the cut that are not clearly better or worse than
    the last one above it; empty when the cut is clear.
    """

    teams: tuple[RankInterval, ...]
    tied: tuple[str, ...]


def rank_intervals(
    teams: Sequence[str],
    losses: npt.NDArray[np.floating],
    *,
    seed: int,
    replicates: int = 1000,
    level: float = 0.95,
    prizes: int | None = None,
) -> Standing:
    """Ranks with their uncertainty.

    Parameters
    ----------
    teams : names, length t
    losses : floats, shape (t, n)
        The loss of each team on each row, or pseudo-values; lower is better.
    seed : int
    replicates : int
        Bootstrap samples.
    level : float
        Of the intervals.
    prizes : int, optional
        So many teams win; asks for the tied group at that cut.

    Returns
    -------
    Standing

    Raises
    ------
    ScoringError
        ``bad_losses``: shapes that do not fit or numbers that are not finite.

    Notes
    -----
    A bootstrap sample gives each row a Poisson(1) weight; the losses of all teams under all
    samples are then one matrix product, O(replicates · n · t).  All teams get the same weights:
    what is hard for everybody does not widen anybody's interval.  Equal losses share the better
    rank.  The group at the cut: the difference to the last winner changes its sign in more than
    (1 − level)/2 of the samples.

    References
    ----------
    Efron (1979), Bootstrap methods; Chamandy et al. (2012), Estimating uncertainty for massive
    data streams (Poisson weights). Hall & Miller (2009), Using the bootstrap to quantify the
    authority of an empirical ranking.

    Examples
    --------
    >>> losses = np.array([[0.0] * 50, [0.0, 1.0] * 25, [1.0, 0.0] * 25])
    >>> found = rank_intervals(["a", "b", "c"], losses, seed=1, prizes=2)
    >>> [(team.team, team.rank, team.lowest, team.highest) for team in found.teams]
    [('a', 1, 1, 1), ('b', 2, 2, 3), ('c', 2, 2, 3)]
    >>> found.tied
    ('b', 'c')
    """
    rows = np.ascontiguousarray(losses, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != len(teams) or not rows.size or not np.isfinite(rows).all():
        raise ScoringError("bad_losses", value=str(np.shape(losses)))
    means = np.asarray(losses, dtype=np.float64).mean(axis=1)
    samples = _samples(rows, seed=seed, replicates=replicates)
    ranks = _ranks(samples)
    tail = (1 - level) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="nearest").astype(int)
    own = _ranks(means[None, :])[0]
    order = sorted(range(len(teams)), key=lambda team: (own[team], teams[team]))
    found = tuple(
        RankInterval(teams[k], int(own[k]), int(low[k]), int(high[k]), float(means[k]))
        for k in order
    )
    tied = () if prizes is None else _tied(samples, order, prizes=prizes, tail=tail)
    return Standing(found, tuple(teams[k] for k in tied))


def _samples(rows: npt.NDArray[np.float32], *, seed: int, replicates: int) -> Floats:
    """The mean loss of every team in every sample."""
    random = np.random.default_rng(seed)
    teams, size = rows.shape
    # Taken around the mean of the row: 32-bit floats then hold what tells the teams apart.
    centre = rows.mean(axis=0)
    apart = np.ascontiguousarray((rows - centre).T)
    found = np.empty((replicates, teams))
    step = max(1, min(replicates, _CELLS // size))
    for start in range(0, replicates, step):
        weights = _poisson(random, min(step, replicates - start), size)
        total = np.maximum(weights.sum(axis=1, dtype=np.float64), 1.0)
        shared = weights @ centre
        found[start : start + step] = (weights @ apart + shared[:, None]) / total[:, None]
    return found


# Thresholds of the Poisson(1) distribution on 16 random bits, and how often each count comes.
_STEPS = (np.cumsum([1 / np.e / f for f in (1, 1, 2, 6, 24, 120, 720, 5040)]) * 65536).round()
_COUNTS = np.searchsorted(_STEPS, np.arange(65536), side="right").astype(np.float32)


def _poisson(random: np.random.Generator, count: int, size: int) -> npt.NDArray[np.float32]:
    """Weights by a table over 16 random bits: a fifth of the time of the generator's own."""
    bits = random.integers(0, 65536, count * size, dtype=np.uint16)
    return _COUNTS[bits].reshape(count, size)


def _ranks(losses: Floats) -> npt.NDArray[np.int64]:
    """1 + the number of strictly better teams, sample by sample."""
    order = np.argsort(losses, axis=1, kind="stable")
    ordered = np.take_along_axis(losses, order, axis=1)
    fresh = np.ones(losses.shape, dtype=bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.where(fresh, np.arange(losses.shape[1]), 0)
    ranks = np.empty(losses.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1) + 1, axis=1)
    return ranks


def _tied(samples: Floats, order: list[int], *, prizes: int, tail: float) -> list[int]:
    """The teams that chance might have put on the other side of the cut."""
    if not 0 < prizes < len(order):
        return []
    last = samples[:, order[prizes - 1]]
    worse = (samples > last[:, None]).mean(axis=0)
    better = (samples < last[:, None]).mean(axis=0)
    near = [k for k in order if worse[k] < 1 - tail and better[k] < 1 - tail]
    return near if any(k in near for k in order[prizes:]) else []
