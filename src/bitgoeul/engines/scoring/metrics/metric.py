"""What a metric is: its name, what it compares and which way is better."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import parse_float, parse_integer

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

EPSILON = float(np.finfo(np.float64).eps)


class Reads(StrEnum):
    """What a metric compares, row by row.

    ``LABELS`` class codes; ``SCORES`` class codes and a number (two classes) or a row of
    probabilities (more); ``PROBABILITIES`` class codes and a row of probabilities; ``VALUES``
    numbers; ``LISTS`` relevant and ranked items; ``GAINS`` items with gains and ranked items;
    ``MASKS`` runs of pixels.
    """

    LABELS = "labels"
    SCORES = "scores"
    PROBABILITIES = "probabilities"
    VALUES = "values"
    LISTS = "lists"
    GAINS = "gains"
    MASKS = "masks"

    @property
    def is_text(self) -> bool:
        """Whether a cell is a text with a grammar of its own.

        >>> Reads.MASKS.is_text, Reads.VALUES.is_text
        (True, False)
        """
        return self in (Reads.LISTS, Reads.GAINS, Reads.MASKS)


class Needs(StrEnum):
    """What the truth must be like for a metric to be defined at all."""

    NOTHING = ""
    TWO_CLASSES = "one_class"
    SPREAD = "constant_truth"
    NOT_NEGATIVE = "negative_value"


@dataclass(frozen=True)
class Parameter:
    """The one number some metrics want, written after an at sign."""

    name: str
    least: float
    most: float
    whole: bool

    @property
    def range(self) -> str:
        """What is accepted, for a message."""
        return f"{self.least:g} … {self.most:g}"

    def parse(self, text: str) -> float | None:
        """The number, or None.

        >>> Parameter("k", least=1, most=9, whole=True).parse("5")
        5
        >>> Parameter("k", least=1, most=9, whole=True).parse("0.5") is None
        True
        """
        value = parse_integer(text) if self.whole else parse_float(text)
        if value is None or isinstance(value, str) or not self.least <= value <= self.most:
            return None
        return value


@dataclass(frozen=True)
class Metric:
    """A metric: ``compute(truth, guess)`` gives a float, or None where it is not defined.

    ``losses(truth, guess)`` gives the loss of every row where the metric grows or falls with
    their mean; None where it is no mean over rows.
    """

    name: str
    reads: Reads
    higher_is_better: bool
    compute: Callable[..., float | None]
    needs: Needs = Needs.NOTHING
    parameter: Parameter | None = None
    losses: Callable[..., Floats] | None = None

    def score_of(self, loss: float) -> float:
        """The metric's value for a mean loss, or for a mean of pseudo-values.

        >>> from bitgoeul.engines.scoring import metric_named
        >>> metric_named("accuracy").score_of(0.25), metric_named("rmse").score_of(4.0)
        (0.75, 2.0)
        >>> metric_named("roc_auc").score_of(-0.75)
        0.75
        """
        if self.losses is None:
            return -loss if self.higher_is_better else loss
        if self.higher_is_better:
            return 1 - loss
        return math.sqrt(loss) if self.name in ("rmse", "rmsle") else loss


def mean(values: Floats) -> float:
    """The mean; exactly rounded up to 10⁵ values, by pairwise summation beyond.

    >>> mean(np.array([1e100, 1.0, -1e100]))
    0.3333333333333333
    """
    if len(values) > 100_000:
        return float(values.mean())
    try:
        return math.fsum(values.tolist()) / len(values)
    except (OverflowError, ValueError):  # the sum leaves the floats, or infinities of both signs
        return math.nan
