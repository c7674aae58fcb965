"""The metrics, on arrays. scikit-learn is the oracle of their tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Metric:
    """A metric and what it compares.

    ``reads`` is ``"labels"`` (class codes), ``"values"`` (numbers), ``"ranking"`` (binary truth
    and a number per row) or ``"probabilities"`` (class codes and a row of probabilities).
    """

    name: str
    reads: str
    higher_is_better: bool
    compute: Callable[..., float | None]


def accuracy(truth: Codes, guess: Codes) -> float | None:
    """Share of rows with the right class.

    >>> accuracy(np.array([0, 1, 1]), np.array([0, 1, 0])) == 2 / 3
    True
    """
    return int((truth == guess).sum()) / len(truth)


def macro_f1(truth: Codes, guess: Codes) -> float | None:
    """Mean over all classes seen, in truth or guess, of the F1 of each class.

    >>> macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]))
    0.6666666666666666
    """
    size = int(max(truth.max(), guess.max())) + 1
    right = np.bincount(truth[truth == guess], minlength=size)
    both = np.bincount(truth, minlength=size) + np.bincount(guess, minlength=size)
    seen = both > 0
    return float((2 * right[seen] / both[seen]).mean())


def roc_auc(truth: Codes, score: Floats) -> float | None:
    """Probability that a positive row scores above a negative one; ties count a half.

    Returns
    -------
    float or None
        None when only one class is there: the area is then not defined.

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
    _, place = np.unique(score, return_inverse=True)
    ups = np.bincount(place, weights=truth == 1).astype(np.int64)
    downs = np.bincount(place).astype(np.int64) - ups
    positives, negatives = int(ups.sum()), int(downs.sum())
    if not positives or not negatives:
        return None
    below = np.cumsum(downs) - downs
    doubled = int((ups * (2 * below + downs)).sum())
    return doubled / (2 * positives * negatives)


def log_loss(truth: Codes, chance: Floats) -> float | None:
    """Mean negative logarithm of the probability given to the true class.

    Parameters
    ----------
    truth : codes, shape (n,)
    chance : floats, shape (n, classes), rows summing to one

    Notes
    -----
    Probabilities are kept off 0 and 1 by the machine epsilon, as scikit-learn does.

    Examples
    --------
    >>> log_loss(np.array([0, 1]), np.array([[0.5, 0.5], [0.5, 0.5]])) == math.log(2)
    True
    """
    given = np.clip(chance[np.arange(len(truth)), truth], EPSILON, 1 - EPSILON)
    return math.fsum(-np.log(given)) / len(truth)


def rmse(truth: Floats, guess: Floats) -> float | None:
    """Root of the mean squared difference.

    >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == math.sqrt(12.5)
    True
    """
    with np.errstate(over="ignore"):
        squares = np.square(truth - guess)
    return math.sqrt(_sum(squares) / len(truth))


def mae(truth: Floats, guess: Floats) -> float | None:
    """Mean absolute difference.

    >>> mae(np.array([0.0, 0.0]), np.array([3.0, -4.0]))
    3.5
    """
    with np.errstate(over="ignore"):
        distances = np.abs(truth - guess)
    return _sum(distances) / len(truth)


def _sum(values: Floats) -> float:
    try:
        return math.fsum(values)
    except OverflowError:
        return math.inf


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "labels", True, accuracy),
        Metric("macro_f1", "labels", True, macro_f1),
        Metric("roc_auc", "ranking", True, roc_auc),
        Metric("log_loss", "probabilities", False, log_loss),
        Metric("rmse", "values", False, rmse),
        Metric("mae", "values", False, mae),
    )
}
