"""Metrics of numbers and of probabilities."""

from __future__ import annotations

import math

import numpy as np

from bitgoeul.engines.scoring.metrics.metric import EPSILON, Codes, Floats, mean


def log_loss(truth: Codes, chance: Floats) -> float | None:
    """Mean negative logarithm of the probability given to the true class.

    Parameters
    ----------
    truth : codes, shape (n,)
    chance : floats, shape (n,): the probability of class 1 of two, or shape (n, classes)

    Notes
    -----
    Probabilities are kept off 0 and 1 by the machine epsilon, as scikit-learn does.

    Examples
    --------
    >>> log_loss(np.array([0, 1]), np.array([0.5, 0.5])) == math.log(2)
    True
    """
    return mean(surprises(truth, chance))


def surprises(truth: Codes, chance: Floats) -> Floats:
    """−ln of the probability given to the true class, row by row."""
    if chance.ndim == 1:
        given = np.where(truth == 1, chance, 1 - chance)
    else:
        given = chance[np.arange(len(truth)), truth]
    np.clip(given, EPSILON, 1 - EPSILON, out=given)
    np.log(given, out=given)
    return np.negative(given, out=given)


def rmse(truth: Floats, guess: Floats) -> float | None:
    """Root of the mean squared difference.

    >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0])) == math.sqrt(12.5)
    True
    """
    return math.sqrt(mean(squares(truth, guess)))


def squares(truth: Floats, guess: Floats) -> Floats:
    """Squared differences."""
    with np.errstate(over="ignore"):
        apart = truth - guess
        return np.square(apart, out=apart)


def mae(truth: Floats, guess: Floats) -> float | None:
    """Mean absolute difference.

    >>> mae(np.array([0.0, 0.0]), np.array([3.0, -4.0]))
    3.5
    """
    return mean(distances(truth, guess))


def distances(truth: Floats, guess: Floats) -> Floats:
    """Absolute differences."""
    with np.errstate(over="ignore"):
        apart = truth - guess
        return np.abs(apart, out=apart)


def rmsle(truth: Floats, guess: Floats) -> float | None:
    """Root of the mean squared difference of ln(1 + x); neither may be negative.

    >>> rmsle(np.array([0.0]), np.array([math.e - 1]))
    1.0
    """
    return math.sqrt(mean(log_squares(truth, guess)))


def log_squares(truth: Floats, guess: Floats) -> Floats:
    """Squared differences of ln(1 + x)."""
    return squares(np.log1p(truth), np.log1p(guess))


def mape(truth: Floats, guess: Floats) -> float | None:
    """Mean of the absolute difference over the true value's size; a ratio, not per cent.

    A true value of 0 counts as the machine epsilon, as in scikit-learn.

    >>> mape(np.array([2.0, 4.0]), np.array([1.0, 4.0]))
    0.25
    """
    return mean(shares(truth, guess))


def shares(truth: Floats, guess: Floats) -> Floats:
    """Absolute differences over the true value's size."""
    with np.errstate(over="ignore"):
        return np.asarray(np.abs(truth - guess) / np.maximum(np.abs(truth), EPSILON))


def smape(truth: Floats, guess: Floats) -> float | None:
    """Mean of the absolute difference over the mean size of both; from 0 to 2, 0 where both are 0.

    References
    ----------
    Makridakis & Hibon (2000), The M3-Competition.

    Examples
    --------
    >>> smape(np.array([2.0, 0.0]), np.array([2.0, 1.0]))
    1.0
    """
    return mean(even_shares(truth, guess))


def even_shares(truth: Floats, guess: Floats) -> Floats:
    """Absolute differences over the mean size of both; 0 where both are 0."""
    with np.errstate(over="ignore"):
        # Halved before they are added: the sum of two sizes may leave the floats.
        size = np.abs(truth) / 2 + np.abs(guess) / 2
        apart = np.abs(truth - guess)
    return np.divide(apart, size, out=np.zeros_like(size), where=apart > 0)


def r2(truth: Floats, guess: Floats) -> float | None:
    """Share of the truth's variance that the guess explains; None for a constant truth.

    >>> r2(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    1.0
    """
    with np.errstate(over="ignore"):
        spread = mean(np.square(truth - mean(truth)))
        missed = mean(np.square(truth - guess))
    return 1 - missed / spread if spread else None


def pinball(truth: Floats, guess: Floats, *, quantile: float) -> float | None:
    """Mean loss of a quantile: ``quantile`` per unit guessed too low, the rest per unit too high.

    References
    ----------
    Koenker & Bassett (1978), Regression quantiles.

    Examples
    --------
    >>> pinball(np.array([1.0, 1.0]), np.array([0.0, 2.0]), quantile=0.75)
    0.5
    """
    return mean(slopes(truth, guess, quantile=quantile))


def slopes(truth: Floats, guess: Floats, *, quantile: float) -> Floats:
    """The loss of a quantile, row by row."""
    with np.errstate(over="ignore"):
        apart = truth - guess
        return np.maximum(quantile * apart, (quantile - 1) * apart)
