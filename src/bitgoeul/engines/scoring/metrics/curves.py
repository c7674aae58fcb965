"""Metrics of how well numbers order two or more classes."""

from __future__ import annotations

import math
from importlib.util import find_spec
from itertools import combinations

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.scoring.metrics.metric import Codes, Floats

Flags = npt.NDArray[np.bool_]

# From here on the compiled loop is worth its import.
_MANY = 100_000


def roc_auc(truth: Codes, score: Floats) -> float | None:
    """Probability that a positive row scores above a negative one; ties count a half.

    Parameters
    ----------
    truth : codes, shape (n,)
    score : floats, shape (n,) for two classes (1 is the positive one) or (n, classes)

    Returns
    -------
    float or None
        For more than two classes the mean over the classes, each against the rest; None when
        one of them is not in the truth: the area is then not defined.

    Notes
    -----
    Mann-Whitney: integer arithmetic on twice the count, so no rounding until the division.

    References
    ----------
    Hanley & McNeil (1982), The meaning and use of the area under a ROC curve.

    Examples
    --------
    >>> roc_auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    if score.ndim == 1:
        return _area(truth == 1, score)
    return _mean([_area(truth == code, score[:, code]) for code in range(score.shape[1])])


def roc_auc_ovo(truth: Codes, score: Floats) -> float | None:
    """Mean over all pairs of classes of the area between the two.

    References
    ----------
    Hand & Till (2001), A simple generalisation of the area under the ROC curve.

    Examples
    --------
    >>> roc_auc_ovo(np.array([0, 1, 2]), np.eye(3))
    1.0
    """
    if score.ndim == 1:
        return _area(truth == 1, score)
    areas = []
    for low, high in combinations(range(score.shape[1]), 2):
        rows = (truth == low) | (truth == high)
        own, given = truth[rows], score[rows]
        areas += [_area(own == low, given[:, low]), _area(own == high, given[:, high])]
    return _mean(areas)


def average_precision(truth: Codes, score: Floats) -> float | None:
    """Sum over thresholds of the precision times the gain of recall; no interpolation.

    Notes
    -----
    Rows of equal score enter together. For more than two classes the mean over the classes.

    Examples
    --------
    >>> average_precision(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    0.8333333333333333
    """
    if score.ndim == 1:
        return _precision(truth == 1, score)
    return _mean([_precision(truth == code, score[:, code]) for code in range(score.shape[1])])


def _mean(values: list[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there and len(there) == len(values) else None


def _area(positive: Flags, score: Floats) -> float | None:
    ups, downs = _sorted(score[positive]), _sorted(score[~positive])
    if not len(ups) or not len(downs):
        return None
    return _doubled(ups, downs) / (2 * len(ups) * len(downs))


def _sorted(values: Floats) -> Floats:
    if len(values) > _MANY and find_spec("numba") is not None:
        from bitgoeul.engines.scoring._kernels import spread

        low, high = float(values.min()), float(values.max())
        found, counts = np.empty_like(values), np.zeros(len(values) + 1, dtype=np.int32)
        apart = high - low > 1e-9 * max(abs(low), abs(high)) and math.isfinite(high - low)
        if apart and spread(values, low, high, counts, found):
            return found
    return np.sort(values)


def _doubled(ups: Floats, downs: Floats) -> int:
    """Twice the pairs in which the first is above, ties once; an integer whoever counts."""
    if len(ups) > _MANY and find_spec("numba") is not None:
        from bitgoeul.engines.scoring._kernels import doubled_area

        return int(doubled_area(ups, downs))
    below = np.searchsorted(downs, ups, "left")
    return int((below + np.searchsorted(downs, ups, "right")).sum())


def _precision(positive: Flags, score: Floats) -> float | None:
    order = np.argsort(-score, kind="stable")
    ups = np.cumsum(positive[order])
    if not len(ups) or not ups[-1] or ups[-1] == len(ups):
        return None
    ordered = score[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), len(ordered) - 1)
    right = ups[ends]
    gained = np.diff(right, prepend=0)
    return float((gained * (right / (ends + 1))).sum() / ups[-1])
