"""Metrics of cells that hold a list: ranked items, items with gains, runs of pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from bitgoeul.engines.csvfile import parse_float
from bitgoeul.engines.scoring.metrics.metric import Floats, mean

Items = tuple[str, ...]
Gains = Mapping[str, float]
Runs = tuple[tuple[int, int], ...]

_RUN = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def parse_items(text: str) -> Items | None:
    """Items between spaces, in their order.

    >>> parse_items("a b"), parse_items("")
    (('a', 'b'), ())
    """
    return tuple(text.split())


def parse_gains(text: str) -> Gains | None:
    """Items with a gain after a colon; without one the gain is 1. None when a gain is none.

    >>> parse_gains("a:3 b")
    {'a': 3.0, 'b': 1.0}
    >>> parse_gains("a:-3") is None
    True
    """
    gains: dict[str, float] = {}
    for part in text.split():
        item, colon, after = part.rpartition(":")
        gain = parse_float(after) if colon else 1.0
        name = item if colon else after
        if isinstance(gain, str) or gain < 0 or not name or name in gains:
            return None
        gains[name] = gain
    return gains


def parse_mask(text: str) -> Runs | None:
    """Runs ``start length start length …``: pixels from 1, in order, without overlap.

    >>> parse_mask("1 3 10 2")
    ((1, 4), (10, 12))
    >>> parse_mask("5 2 1 1") is None
    True
    """
    words = text.split()
    if len(words) % 2 or not all(map(_RUN.fullmatch, words)):
        return None
    numbers = list(map(int, words))
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    runs = tuple((start, start + length) for start, length in pairs)
    apart = all(left[1] <= right[0] for left, right in pairwise(runs))
    return runs if apart else None


def mean_average_precision(truth: Sequence[Items], guess: Sequence[Items], *, k: int) -> float:
    """Mean over the rows of the average precision of the first ``k`` items.

    Notes
    -----
    The sum of the precisions at each hit, over min(relevant items, k). An item guessed twice
    counts the first time only.

    Examples
    --------
    >>> mean_average_precision([("a", "b")], [("a", "x", "b")], k=3)
    0.8333333333333333
    """
    return 1 - mean(precision_lost(truth, guess, k=k))


def precision_lost(truth: Sequence[Items], guess: Sequence[Items], *, k: int) -> Floats:
    """1 − average precision, row by row."""
    return np.array([1 - _precision(t, g, k) for t, g in zip(truth, guess, strict=True)])


def _precision(relevant: Items, ranked: Items, k: int) -> float:
    left, hits, total = set(relevant), 0, 0.0
    size = min(len(left), k)
    for place, item in enumerate(ranked[:k], start=1):
        if item in left:
            left.remove(item)
            hits += 1
            total += hits / place
    return total / size if size else 0.0


def ndcg(truth: Sequence[Gains], guess: Sequence[Items], *, k: int) -> float:
    """Mean over the rows of the discounted gain of the first ``k`` items over the best possible.

    Notes
    -----
    Gains count as they are (not 2^gain − 1), divided by log₂(place + 1). An item guessed twice
    counts the first time only. A row without any gain counts 0, as in scikit-learn.

    References
    ----------
    Järvelin & Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques.

    Examples
    --------
    >>> ndcg([{"a": 3.0, "b": 1.0}], [("a", "b")], k=2)
    1.0
    """
    return 1 - mean(gain_lost(truth, guess, k=k))


def gain_lost(truth: Sequence[Gains], guess: Sequence[Items], *, k: int) -> Floats:
    """1 − discounted gain over the best possible, row by row."""
    return np.array([1 - _gain(t, g, k) for t, g in zip(truth, guess, strict=True)])


def _gain(gains: Gains, ranked: Items, k: int) -> float:
    left = dict(gains)
    found = [left.pop(item, 0.0) for item in ranked[:k]]
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return _discounted(found) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place) for place, gain in enumerate(gains, start=2))


def mask_iou(truth: Sequence[Runs], guess: Sequence[Runs]) -> float:
    """Mean over the rows of intersection over union of two masks; two empty masks agree.

    >>> mask_iou([((1, 5),)], [((3, 5),)])
    0.5
    """
    return 1 - mean(overlap_lost(truth, guess))


def overlap_lost(truth: Sequence[Runs], guess: Sequence[Runs]) -> Floats:
    """1 − intersection over union, row by row."""
    return np.array([1 - _overlap(t, g) for t, g in zip(truth, guess, strict=True)])


def _overlap(first: Runs, second: Runs) -> float:
    common = left = right = 0
    while left < len(first) and right < len(second):
        start = max(first[left][0], second[right][0])
        end = min(first[left][1], second[right][1])
        common += max(0, end - start)
        if first[left][1] <= second[right][1]:
            left += 1
        else:
            right += 1
    union = sum(end - start for start, end in (*first, *second)) - common
    return common / union if union else 1.0
