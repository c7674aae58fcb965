"""Which submissions resemble each other more than two teams' would: flags for a person to judge."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.scoring.metrics import Floats
from bitgoeul.engines.scoring.result import ScoringError

FEW = 5
"""With fewer teams the hardness of a row cannot be told from what two of them share."""


@dataclass(frozen=True)
class AlikePair:
    """Two teams whose errors go together.

    ``correlation`` is that of their errors, without what is hard for everybody; ``same`` the
    share of rows with the same answer; ``same_wrong`` the number of rows on which both gave the
    same wrong answer.
    """

    first: str
    second: str
    correlation: float
    same: float
    same_wrong: int


def digest_of(guess: Any) -> str:
    """SHA-256 of predictions in the order of the truth, however they were written.

    Parameters
    ----------
    guess : array of numbers or sequence of texts

    Notes
    -----
    Numbers count as 64-bit floats, −0 as 0: order of rows, spaces, ``1.0`` for ``1`` and the
    kind of file make no difference.

    Examples
    --------
    >>> digest_of(np.array([0.0, 1.0])) == digest_of(np.array([-0.0, 1]))
    True
    >>> digest_of(["a", "b"]) == digest_of(["ab"])
    False
    """
    if isinstance(guess, np.ndarray):
        content = np.ascontiguousarray(guess, dtype="<f8") + 0.0
        shape = "x".join(map(str, guess.shape))
        return hashlib.sha256(shape.encode() + b"\n" + content.tobytes()).hexdigest()
    told = b"".join(b"%d:%b" % (len(one), one) for one in (str(text).encode() for text in guess))
    return hashlib.sha256(b"texts\n" + told).hexdigest()


def same_predictions(digests: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """The groups of submissions with one digest, each and all in order.

    >>> same_predictions({"b": "1", "a": "1", "c": "2"})
    (('a', 'b'),)
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(digests):
        groups[digests[key]].append(key)
    return tuple(sorted(tuple(group) for group in groups.values() if len(group) > 1))


def alike_errors(
    teams: Sequence[str],
    truth: npt.NDArray[Any],
    guesses: npt.NDArray[Any],
    *,
    labels: bool,
    least: float = 0.9,
) -> tuple[AlikePair, ...]:
    """The pairs of teams whose errors coincide.

    Parameters
    ----------
    teams : names, length t
    truth : shape (n,)
    guesses : shape (t, n)
    labels : bool
        Whether they are classes (an error is to be wrong) or numbers (an error is a distance).
    least : float
        The correlation of errors from which on a pair is told.

    Returns
    -------
    tuple of AlikePair
        Most alike first.

    Notes
    -----
    Two good models agree on most rows without anybody having copied; what gives copies away is
    that they are wrong on the same rows in the same way.  So from each row's errors their mean
    over all teams is taken, and what is left is correlated: one matrix product, O(t²·n).  With
    fewer than five teams the mean is left in.  A team without errors is in no pair.

    Examples
    --------
    >>> truth, random = np.zeros(200), np.random.default_rng(1)
    >>> guesses = random.normal(size=(6, 200))
    >>> guesses[5] = guesses[2] + random.normal(scale=0.01, size=200)
    >>> [(pair.first, pair.second) for pair in alike_errors("abcdef", truth, guesses, labels=False)]
    [('c', 'f')]
    """
    if guesses.ndim != 2 or guesses.shape != (len(teams), len(truth)):
        raise ScoringError("bad_losses", value=str(guesses.shape))
    wrong = guesses != truth
    errors = wrong.astype(np.float64) if labels else np.asarray(guesses - truth, dtype=np.float64)
    likeness = _correlation(errors)
    found = []
    for first, second in combinations(range(len(teams)), 2):
        if likeness[first, second] >= least:
            same = guesses[first] == guesses[second]
            found.append(
                AlikePair(
                    teams[first],
                    teams[second],
                    float(min(likeness[first, second], 1.0)),
                    float(same.mean()),
                    int((same & wrong[first]).sum()),
                )
            )
    return tuple(sorted(found, key=lambda pair: (-pair.correlation, pair.first, pair.second)))


def _correlation(errors: Floats) -> Floats:
    if len(errors) >= FEW:
        errors = errors - errors.mean(axis=0)
    errors = errors - errors.mean(axis=1, keepdims=True)
    size = np.sqrt(np.square(errors).sum(axis=1, keepdims=True))
    scaled = np.divide(errors, size, out=np.zeros_like(errors), where=size > 1e-12)
    return np.asarray(scaled @ scaled.T)
