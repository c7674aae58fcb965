"""From two files to a score, with every faulty line named."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import Source
from bitgoeul.engines.scoring.metrics import Metric, metric_named
from bitgoeul.engines.scoring.reading import align, compared
from bitgoeul.engines.scoring.result import ScoreResult
from bitgoeul.engines.scoring.truth import Truth, read_truth


def score(
    truth: Source,
    submission: Source,
    *,
    metric: str,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None = None,
) -> ScoreResult:
    """Score a submission.

    Parameters
    ----------
    truth, submission : bytes, str or Path
        CSV content or path; UTF-8 or cp949.
    metric : str
        A key of `METRICS`; ``map@k``, ``ndcg@k`` and ``pinball@q`` name their parameter.
    id, target : str
        Columns in both files. For probabilities of more than two classes the submission has a
        column ``<target>_<class>`` per class instead of ``target``.
    usage : str, optional
        Column of the truth with Public, Private or Ignored.

    Returns
    -------
    ScoreResult

    Raises
    ------
    ScoringError
        When a file as a whole cannot be used: ``unknown_metric``, ``missing_column``,
        ``empty_file``, ``bad_encoding``, ``one_class``, faults of the truth, …

    Notes
    -----
    Order of rows does not matter. When every true label is a number, labels compare as
    numbers, so ``1.0`` is ``1``. Rows of class probabilities are divided by their sum.

    Examples
    --------
    >>> truth, guess = b"id,y\\n1,0\\n2,1\\n", b"id,y\\n2,1\\n1,1\\n"
    >>> score(truth, guess, metric="accuracy", id="id", target="y").score
    0.5
    """
    chosen = metric_named(metric)
    known = read_truth(truth, id=id, target=target, usage=usage, as_text=chosen.reads.is_text)
    known.check(chosen)
    given, faults = align(submission, truth=known, metric=chosen)
    if faults:
        first, counts = faults.first(), faults.counts
        return ScoreResult(metric, None, None, None, given.rows, first, counts)
    own, guess = compared(known, given, chosen)
    parts = {part: _part(chosen, known, own, guess, part) for part in ("all", "public", "private")}
    return ScoreResult(metric, parts["all"], parts["public"], parts["private"], given.rows)


def _part(metric: Metric, truth: Truth, own: Any, guess: Any, part: str) -> float | None:
    rows = truth.rows_of(part)
    if rows is None or not rows.any():
        return None
    value = metric.compute(_taken(own, rows), _taken(guess, rows))
    return value if value is not None and math.isfinite(value) else None


def _taken(column: Any, rows: npt.NDArray[np.bool_]) -> Any:
    if rows.all():
        return column
    if isinstance(column, np.ndarray):
        return column[rows]
    return [column[row] for row in np.flatnonzero(rows)]
