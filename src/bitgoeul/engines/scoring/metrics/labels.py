"""Metrics of class codes. Codes stand in the order of the classes (numbers, else text)."""

from __future__ import annotations

import math

import numpy as np

from bitgoeul.engines.scoring.metrics.metric import Codes, Floats


def _counts(truth: Codes, guess: Codes) -> tuple[Codes, Codes, Codes]:
    """Of each class: rows got right, rows of the truth, rows of the guess."""
    size = int(max(truth.max(), guess.max())) + 1
    right = np.bincount(truth[truth == guess], minlength=size)
    return right, np.bincount(truth, minlength=size), np.bincount(guess, minlength=size)


def accuracy(truth: Codes, guess: Codes) -> float | None:
    """Share of rows with the right class.

    >>> accuracy(np.array([0, 1, 1]), np.array([0, 1, 0])) == 2 / 3
    True
    """
    return int(np.count_nonzero(truth == guess)) / len(truth)


def misses(truth: Codes, guess: Codes) -> Floats:
    """1 for each row with the wrong class."""
    return np.asarray(truth != guess, dtype=np.float64)


def balanced_accuracy(truth: Codes, guess: Codes) -> float | None:
    """Mean over the true classes of the share of their rows that were got right.

    >>> balanced_accuracy(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0]))
    0.5
    """
    right, of_truth, _ = _counts(truth, guess)
    there = of_truth > 0
    return float((right[there] / of_truth[there]).mean())


def macro_f1(truth: Codes, guess: Codes) -> float | None:
    """Mean over all classes seen, in truth or guess, of the F1 of each class.

    >>> macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]))
    0.6666666666666666
    """
    right, of_truth, of_guess = _counts(truth, guess)
    both = of_truth + of_guess
    seen = both > 0
    return float((2 * right[seen] / both[seen]).mean())


def micro_f1(truth: Codes, guess: Codes) -> float | None:
    """F1 of all decisions together; with one label a row it is the accuracy.

    >>> micro_f1(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1]))
    0.5
    """
    return accuracy(truth, guess)


def weighted_f1(truth: Codes, guess: Codes) -> float | None:
    """Mean of the F1 of each class, weighted by its rows in the truth.

    >>> weighted_f1(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0]))
    0.6428571428571428
    """
    right, of_truth, of_guess = _counts(truth, guess)
    both = np.maximum(of_truth + of_guess, 1)
    return float((of_truth * (2 * right / both)).sum() / len(truth))


def mean_iou(truth: Codes, guess: Codes) -> float | None:
    """Mean over all classes seen of intersection over union; a row is a pixel.

    >>> mean_iou(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    0.5833333333333333
    """
    right, of_truth, of_guess = _counts(truth, guess)
    union = of_truth + of_guess - right
    seen = union > 0
    return float((right[seen] / union[seen]).mean())


def mcc(truth: Codes, guess: Codes) -> float | None:
    """Matthews correlation for any number of classes; 0 when the guess is constant.

    Notes
    -----
    Sums of integers, exact; None when the truth has one class only.

    References
    ----------
    Gorodkin (2004), Comparing two K-category assignments by a K-category correlation
    coefficient.

    Examples
    --------
    >>> mcc(np.array([1, 1, 1, 0]), np.array([1, 0, 1, 1]))
    -0.3333333333333333
    """
    counts = _counts(truth, guess)
    right, of_truth, of_guess = ([int(n) for n in part] for part in counts)
    rows = len(truth)
    both = rows * sum(right) - sum(t * g for t, g in zip(of_truth, of_guess, strict=True))
    spread = rows * rows - sum(n * n for n in of_truth)
    if not spread:
        return None
    product = spread * (rows * rows - sum(n * n for n in of_guess))
    return both / math.sqrt(product) if product else 0.0


def quadratic_kappa(truth: Codes, guess: Codes) -> float | None:
    """Agreement beyond chance, where a miss costs the square of its distance.

    Notes
    -----
    Distances are between places in the ordered list of the classes seen, as in scikit-learn:
    grades 1, 2, 5 lie one step apart. None when truth and guess are one and the same class.
    The double sum over classes is expanded into first and second moments, so that the cost is
    O(rows + classes).

    References
    ----------
    Cohen (1968), Weighted kappa.

    Examples
    --------
    >>> quadratic_kappa(np.array([0, 1, 2, 3]), np.array([0, 1, 2, 2])) > 0.85
    True
    """
    _, of_truth, of_guess = _counts(truth, guess)
    place = np.cumsum((of_truth + of_guess) > 0) - 1
    rows = len(truth)
    found = int(np.square(place[truth] - place[guess]).sum())
    steps = [int(step) for step in place]
    first, second = ([int(n) for n in part] for part in (of_truth, of_guess))
    squares = sum(s * s * (t + g) for s, t, g in zip(steps, first, second, strict=True))
    mixed = sum(s * t for s, t in zip(steps, first, strict=True)) * sum(
        s * g for s, g in zip(steps, second, strict=True)
    )
    by_chance = rows * squares - 2 * mixed
    return 1 - rows * found / by_chance if by_chance else None
