"""Records of people at moments of their course, and a logistic model kept as plain numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_ROUNDS = 1_000
_NEVER = 2.0
"""A threshold that no probability reaches."""


class WarningError(ValueError):
    """Records or a model that cannot be used, in words."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """One row per person and moment.

    Attributes
    ----------
    names : tuple of str
        What each column of `signs` measures.
    signs : array, shape (rows, names)
        What was known of a person at that moment; finite.
    dropped : array of bool, shape (rows,)
        Whether the person did not complete.
    warned : array of bool, shape (rows,)
        Whether the rules warned of them at that moment.
    cohort, moment : array of int, shape (rows,)
        Of which cohort the row is, and at which moment of its course.

    Raises
    ------
    WarningError
        When shapes differ or a sign is not finite.
    """

    names: tuple[str, ...]
    signs: Floats
    dropped: Flags
    warned: Flags
    cohort: Numbers
    moment: Numbers

    def __post_init__(self) -> None:
        """Refuse what cannot be one row per person and moment."""
        rows = len(self.dropped)
        if self.signs.shape != (rows, len(self.names)):
            raise WarningError("signs must have a row per person and a column per name")
        if any(len(each) != rows for each in (self.warned, self.cohort, self.moment)):
            raise WarningError("every column needs a value per row")
        if not np.isfinite(self.signs).all():
            raise WarningError("a sign is not a finite number")

    def part(self, which: Flags) -> "Records":
        """Return some of the rows."""
        return Records(
            names=self.names,
            signs=self.signs[which],
            dropped=self.dropped[which],
            warned=self.warned[which],
            cohort=self.cohort[which],
            moment=self.moment[which],
        )


@dataclass(frozen=True, kw_only=True)
class Model:
    """A logistic model in plain numbers: nothing of it has to be unpickled.

    Attributes
    ----------
    names : tuple of str
        The signs, in order.
    means, scales, weights : tuple of float
        Per sign: what is subtracted, what it is divided by, what it then weighs (log odds).
    intercept : float
        Log odds of somebody with the mean of every sign.
    threshold : float
        From this probability on somebody is warned of; chosen so that on the records it was
        trained on the model warns of as many as the rules do.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def __post_init__(self) -> None:
        """Refuse numbers that do not belong to the signs, or that are none."""
        if not len(self.names) == len(self.means) == len(self.scales) == len(self.weights):
            raise WarningError("every sign needs its mean, scale and weight")
        numbers = (*self.means, *self.scales, *self.weights, self.intercept, self.threshold)
        if not np.isfinite(numbers).all() or min(self.scales, default=1.0) <= 0:
            raise WarningError("a number of the model is none")

    def contributions(self, signs: Sequence[float]) -> dict[str, float]:
        """Return what each sign adds to the log odds of somebody, beside the mean person."""
        values = zip(self.names, signs, self.means, self.scales, self.weights, strict=True)
        return {name: (x - mean) / scale * weight for name, x, mean, scale, weight in values}

    def probability(self, signs: Sequence[float]) -> float:
        """Return how probably somebody drops out."""
        odds = self.intercept + sum(self.contributions(signs).values())
        return float(1.0 / (1.0 + np.exp(-np.clip(odds, -500, 500))))

    def probabilities(self, signs: Floats) -> Floats:
        """Return the same for many, shape (rows,)."""
        scaled = (signs - np.array(self.means)) / np.array(self.scales)
        odds = np.clip(self.intercept + scaled @ np.array(self.weights), -500, 500)
        found: Floats = 1.0 / (1.0 + np.exp(-odds))
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the model in JSON types."""
        return {
            "names": list(self.names),
            "means": list(self.means),
            "scales": list(self.scales),
            "weights": list(self.weights),
            "intercept": self.intercept,
            "threshold": self.threshold,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Model":
        """Read a stored model.

        Raises
        ------
        WarningError
            When it is not whole.
        """
        try:
            return cls(
                names=tuple(map(str, stored["names"])),
                means=tuple(map(float, stored["means"])),
                scales=tuple(map(float, stored["scales"])),
                weights=tuple(map(float, stored["weights"])),
                intercept=float(stored["intercept"]),
                threshold=float(stored["threshold"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise WarningError("the stored model is not whole") from error


def fit(records: Records) -> Model | None:
    """Fit a logistic model with a ridge penalty to standardised signs.

    Returns
    -------
    Model or None
        None where everybody of the records dropped out, or nobody did.

    Notes
    -----
    Signs are standardised with the records' own means and deviations; a sign that never differs
    weighs nothing. scikit-learn fits (lbfgs, C = 1), which is deterministic; only its numbers are
    kept. O(rows x signs x rounds).

    References
    ----------
    Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 2nd ed., section 4.4.
    """
    # Whoever only reads a model's numbers need not wait for the library that made them.
    from sklearn.linear_model import LogisticRegression

    if len(set(records.dropped.tolist())) < 2:
        return None
    means, scales = records.signs.mean(axis=0), records.signs.std(axis=0)
    scales = np.where(scales > 1e-9, scales, 1.0)
    fitted = LogisticRegression(max_iter=_ROUNDS).fit(
        (records.signs - means) / scales, records.dropped.astype(int)
    )
    bare = Model(
        names=records.names,
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
        weights=tuple(map(float, fitted.coef_[0])),
        intercept=float(fitted.intercept_[0]),
        threshold=_NEVER,
    )
    found = np.sort(bare.probabilities(records.signs))[::-1]
    number = int(records.warned.sum())
    threshold = float(found[number - 1]) if number else _NEVER
    return Model(**{**bare.__dict__, "threshold": threshold})
