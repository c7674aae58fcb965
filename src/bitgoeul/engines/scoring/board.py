"""A public board that cannot be climbed by luck: the parameter-free Ladder.

A team's public score only changes when the new submission is better than its best so far by more
than chance: by one standard error of the difference, row by row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bitgoeul.engines.scoring.metrics import Floats, Metric
from bitgoeul.engines.scoring.result import ScoringError


@dataclass(frozen=True)
class Rung:
    """What the board says to one submission.

    ``shown`` is the loss on the board: of this submission when it ``improved``, else of the best
    before it. ``needed`` is by how much it had to be better, ``gained`` by how much it was.
    """

    shown: float
    improved: bool
    gained: float
    needed: float


@dataclass(frozen=True)
class Ladder:
    """One team's place on the board: the losses of the rows of its best submission.

    Examples
    --------
    >>> ladder, first = Ladder().climb(np.array([1.0, 1.0, 0.0, 1.0]))
    >>> ladder, second = ladder.climb(np.array([1.0, 0.0, 0.0, 1.0]))
    >>> first.shown, second.improved, second.shown
    (0.75, False, 0.75)
    """

    best: Floats | None = None

    def climb(self, losses: Floats) -> tuple[Ladder, Rung]:
        """Show a submission to the board.

        Parameters
        ----------
        losses : floats, shape (n,)
            The loss of every public row, or its pseudo-value (`pseudo_values`); lower is better.

        Returns
        -------
        Ladder, Rung
            The board's state after it, and what it says.

        Raises
        ------
        ScoringError
            ``bad_losses`` when the numbers are not finite or not as many as before.

        Notes
        -----
        With n rows and s the standard deviation of the differences to the best so far, the step
        is s/√n, and a submission has to change what is shown.  Shown are rights and wrongs to
        1/n, as in the paper, whose losses lie between 0 and 1; losses of any other scale (squares,
        pseudo-values) to a hundredth of their standard error.  A team learns one bit per submission
        unless it really improves, so that the error of the best shown loss grows with the
        logarithm of the number of submissions, not with its root.

        References
        ----------
        Blum & Hardt (2015), The Ladder: a reliable leaderboard for machine learning
        competitions, ICML, algorithm 3.
        """
        rows = len(losses)
        if not rows or not np.isfinite(losses).all():
            raise ScoringError("bad_losses", value=rows)
        new = _shown(losses)
        if self.best is None:
            return Ladder(_kept(losses)), Rung(new, True, math.inf, 0.0)
        if len(self.best) != rows:
            raise ScoringError("bad_losses", value=rows, expected=str(len(self.best)))
        apart = self.best - losses
        gained = float(apart.mean())
        spread = float(apart.std(ddof=1)) if rows > 1 else 0.0
        needed = spread / math.sqrt(rows)
        before = _shown(self.best)
        if not gained > needed or new >= before:
            return self, Rung(before, False, gained, needed)
        return Ladder(_kept(losses)), Rung(new, True, gained, needed)


_ROOTS = frozenset({"rmse", "rmsle"})


def score_of_loss(metric: Metric, loss: float) -> float:
    """Turn a mean of row losses back into the metric's score.

    >>> from bitgoeul.engines.scoring.metrics import metric_named
    >>> score_of_loss(metric_named("accuracy"), 0.25), score_of_loss(metric_named("rmse"), 0.25)
    (0.75, 0.5)
    """
    if metric.higher_is_better:
        return 1 - loss
    return math.sqrt(loss) if metric.name.partition("@")[0] in _ROOTS else loss


def _shown(losses: Floats) -> float:
    rows, mean = len(losses), float(losses.mean())
    if ((losses == 0) | (losses == 1)).all():
        return round(mean * rows) / rows
    with np.errstate(over="ignore"):
        error = float(losses.std(ddof=1)) / math.sqrt(rows) if rows > 1 else 0.0
    if not 0 < error < math.inf:
        return mean
    return round(mean, 2 - math.floor(math.log10(error)))


def _kept(losses: Floats) -> Floats:
    own = np.array(losses, dtype=np.float64)
    own.flags.writeable = False
    return own


def row_losses(metric: Metric, truth: Any, guess: Any) -> Floats | None:
    """The loss of each row of a metric that grows with a mean over rows; None when it is none.

    >>> from bitgoeul.engines.scoring.metrics import metric_named
    >>> row_losses(metric_named("accuracy"), np.array([0, 1]), np.array([0, 0]))
    array([0., 1.])
    >>> row_losses(metric_named("roc_auc"), np.array([0, 1]), np.array([0.1, 0.2])) is None
    True
    """
    return None if metric.losses is None else metric.losses(truth, guess)


def pseudo_values(
    compute: Callable[[Any, Any], float | None],
    truth: Any,
    guess: Any,
    *,
    groups: int = 100,
    higher_is_better: bool = True,
) -> Floats:
    """Jackknife pseudo-values of a metric that is no mean over rows (F1, areas, R², …).

    Parameters
    ----------
    compute : callable
        The metric, of truth and guess.
    truth, guess : arrays of n rows
    groups : int
        Rows are left out in so many groups, the k-th with every row whose place is k modulo
        ``groups``.
    higher_is_better : bool
        Pseudo-values are losses: the sign is turned when higher is better.

    Returns
    -------
    floats, shape (groups,)
        g·all − (g − 1)·without group k; their mean is the metric but for its bias, and their
        differences between submissions have the spread the Ladder needs.

    Raises
    ------
    ScoringError
        ``undefined`` when the metric is not defined without one of the groups.

    References
    ----------
    Quenouille (1956); Miller (1974), The jackknife: a review. Busing, Meijer & van der Leeden
    (1999) for groups.

    Examples
    --------
    >>> guess = np.array([1.0, 2.0, 3.0, 4.0])
    >>> def mean(truth, guess):
    ...     return float(guess.mean())
    >>> pseudo_values(mean, np.zeros(4), guess, groups=4, higher_is_better=False).round(9)
    array([1., 2., 3., 4.])
    """
    rows = len(truth)
    groups = min(groups, rows)
    group = np.arange(rows) % max(groups, 1)
    whole = compute(truth, guess)
    without = [compute(truth[group != k], guess[group != k]) for k in range(groups)]
    if whole is None or groups < 2 or any(value is None for value in without):
        raise ScoringError("undefined", value=rows)
    found = groups * whole - (groups - 1) * np.array(without, dtype=np.float64)
    return -found if higher_is_better else found
