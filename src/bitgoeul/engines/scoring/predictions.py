"""A submission's predictions beside the truth, row by row: for boards, ranks and likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bitgoeul.engines.csvfile import Source
from bitgoeul.engines.scoring.board import pseudo_values, row_losses
from bitgoeul.engines.scoring.likeness import digest_of
from bitgoeul.engines.scoring.metrics import Floats, Metric, metric_named
from bitgoeul.engines.scoring.reading import compared
from bitgoeul.engines.scoring.result import RowError, ScoringError
from bitgoeul.engines.scoring.scoring import Engine, align
from bitgoeul.engines.scoring.truth import Truth


@dataclass(frozen=True)
class Predictions:
    """What was handed in, in the order of the truth.

    ``own`` is the truth and ``guess`` the submission as the metric compares them; both are None
    when there are ``errors``.  ``digest`` is the same for the same predictions, however written.
    """

    metric: Metric
    truth: Truth
    own: Any
    guess: Any
    digest: str
    errors: tuple[RowError, ...]
    counts: Mapping[str, int]

    def losses(self, part: str = "all", *, groups: int = 100) -> Floats:
        """The loss of each row of a part; pseudo-values of groups where a row has none.

        Raises
        ------
        ScoringError
            ``bad_losses`` with errors or where the part has no rows; ``undefined``.
        """
        rows = self.truth.rows_of(part)
        if self.errors or rows is None or not rows.any():
            raise ScoringError("bad_losses", value=part)
        if self.metric.reads.is_text:
            places = np.flatnonzero(rows)
            own = np.array([self.own[place] for place in places] + [None], dtype=object)[:-1]
            guess = np.array([self.guess[place] for place in places] + [None], dtype=object)[:-1]
        else:
            own, guess = self.own[rows], self.guess[rows]
        found = row_losses(self.metric, own, guess)
        if found is not None:
            return found
        better = self.metric.higher_is_better
        return pseudo_values(
            self.metric.compute, own, guess, groups=groups, higher_is_better=better
        )


def read_predictions(
    truth: Truth, submission: Source, *, metric: str, engine: Engine = "auto"
) -> Predictions:
    """Read a submission and keep it beside the truth.

    Raises
    ------
    ScoringError

    Examples
    --------
    >>> from bitgoeul.engines.scoring import read_truth
    >>> truth = read_truth(b"id,y\\n1,0\\n2,1\\n", id="id", target="y")
    >>> found = read_predictions(truth, b"id,y\\n2,1\\n1,1\\n", metric="accuracy")
    >>> found.losses()
    array([1., 0.])
    >>> again = read_predictions(truth, b"id,y\\n1,1.0\\n2, 1\\n", metric="accuracy")
    >>> found.digest == again.digest
    True
    """
    chosen = metric_named(metric)
    truth.check(chosen)
    given, faults = align(submission, truth=truth, metric=chosen, engine=engine)
    if faults:
        return Predictions(chosen, truth, None, None, "", faults.first(), faults.counts)
    own, guess = compared(truth, given, chosen)
    known = (*truth.texts, *given.more)
    content: Any = given.cells
    if chosen.reads.is_text:
        content = given.texts
    elif known:
        content = [known[int(code)] for code in given.cells[:, 0].tolist()]
    return Predictions(chosen, truth, own, guess, digest_of(content), (), {})
