"""From two files to a score, with every faulty line named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import Source, source_name
from bitgoeul.engines.scoring.metrics import Metric, Reads, metric_named
from bitgoeul.engines.scoring.parquet import csv_of, is_parquet
from bitgoeul.engines.scoring.reading import Aligned, align_plainly, compared, limits_of
from bitgoeul.engines.scoring.result import Faults, ScoreResult
from bitgoeul.engines.scoring.truth import Truth, read_plainly

Engine = Literal["auto", "plain", "numba"]

# Importing numba and loading its kernels takes as long as reading so much row by row.
FAST_BYTES = 1 << 20


def read_truth(
    source: Source,
    *,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None = None,
    as_text: bool = False,
    engine: Engine = "auto",
) -> Truth:
    """Read a truth once, to score many submissions against it.

    Parameters
    ----------
    source : bytes, str or Path
        CSV or Parquet.
    id, target, usage : str
        Columns; see `score`.
    as_text : bool
        Keep the targets as they are written: for ``map@k``, ``ndcg@k`` and ``mask_iou``.
    engine : "auto", "plain" or "numba"
        Who reads; both come to the same.

    Raises
    ------
    ScoringError

    Examples
    --------
    >>> truth = read_truth(b"id,y\\n1,0\\n2,1\\n", id="id", target="y")
    >>> len(truth.ids), truth.classes
    (2, ('0', '1'))
    """
    if not as_text and _fast(source, engine):
        from bitgoeul.engines.scoring.indexing import read_fast
        from bitgoeul.engines.scoring.scanning import OddFile

        try:
            return read_fast(source, id=id, target=target, usage=usage)
        except OddFile:
            pass
    columns = (id, target, *([usage] if usage else []))
    plain = _plain(source, name=source_name(source, "truth"), columns=columns)
    return read_plainly(
        plain, name=source_name(source, "truth"), id=id, target=target, usage=usage,
        as_text=as_text,
    )  # fmt: skip


def score_all(
    truth: Truth, submission: Source, *, metrics: Sequence[str], engine: Engine = "auto"
) -> tuple[ScoreResult, ...]:
    """Score a submission by several metrics; those that compare the same read it once.

    Examples
    --------
    >>> truth = read_truth(b"id,y\\n1,0\\n2,1\\n", id="id", target="y")
    >>> found = score_all(truth, b"id,y\\n2,1\\n1,1\\n", metrics=("accuracy", "macro_f1"))
    >>> [one.score for one in found]
    [0.5, 0.3333333333333333]
    """
    chosen = [metric_named(metric) for metric in metrics]
    for metric in chosen:
        truth.check(metric)
    reads: dict[Any, tuple[Aligned, Faults]] = {}
    pairs: dict[Any, tuple[Any, Any]] = {}
    results = []
    for metric in chosen:
        form = (truth.columns(metric), metric.reads is Reads.LABELS, metric.reads.is_text)
        given, faults = reads.get(form, (None, None))
        limits = limits_of(metric, truth)
        if given is None or faults or not (metric.reads.is_text or limits.hold(given.cells)):
            given, faults = align(submission, truth=truth, metric=metric, engine=engine)
            reads[form] = (given, faults)
        kind = (form, metric.reads)
        if not faults and kind not in pairs:
            pairs[kind] = compared(truth, given, metric)
        pair = None if faults else pairs[kind]
        results.append(_result(metric, truth, given, faults or Faults(), pair))
    return tuple(results)


def _result(
    metric: Metric, truth: Truth, given: Aligned, faults: Faults, pair: tuple[Any, Any] | None
) -> ScoreResult:
    if pair is None:
        first, counts = faults.first(), faults.counts
        return ScoreResult(metric.name, None, None, None, given.rows, first, counts)
    own, guess = pair
    parts = {part: _part(metric, truth, own, guess, part) for part in ("all", "public", "private")}
    return ScoreResult(metric.name, parts["all"], parts["public"], parts["private"], given.rows)


def align(
    source: Source, *, truth: Truth, metric: Metric, engine: Engine
) -> tuple[Aligned, Faults]:
    """Read a submission into the order of the truth, with the reader that fits."""
    if not metric.reads.is_text and _fast(source, engine):
        from bitgoeul.engines.scoring.indexing import align_fast
        from bitgoeul.engines.scoring.scanning import OddFile

        try:
            return align_fast(source, truth=truth, metric=metric)
        except OddFile:
            pass
    name = source_name(source, "submission")
    columns = (truth.id_column, *truth.columns(metric))
    plain = _plain(source, name=name, columns=columns)
    return align_plainly(plain, name=name, truth=truth, metric=metric)


def _plain(source: Source, *, name: str, columns: tuple[str, ...]) -> Source:
    return csv_of(source, name=name, columns=columns) if is_parquet(source) else source


def _fast(source: Source, engine: Engine) -> bool:
    if engine != "auto":
        return engine == "numba"
    try:
        size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    except OSError:
        return False
    return size >= FAST_BYTES and find_spec("numba") is not None


def score(
    truth: Source,
    submission: Source,
    *,
    metric: str,
    id: str,  # noqa: A002 - the word of the command and of Kaggle's files
    target: str,
    usage: str | None = None,
    engine: Engine = "auto",
) -> ScoreResult:
    """Score a submission.

    Parameters
    ----------
    truth, submission : bytes, str or Path
        CSV (UTF-8 or cp949) or Parquet, as content or path.
    metric : str
        A key of `METRICS`; ``map@k``, ``ndcg@k`` and ``pinball@q`` name their parameter.
    id, target : str
        Columns in both files. For probabilities of more than two classes the submission has a
        column ``<target>_<class>`` per class instead of ``target``.
    usage : str, optional
        Column of the truth with Public, Private or Ignored.
    engine : "auto", "plain" or "numba"
        Who reads the files; both come to the same.

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
    as_text = metric_named(metric).reads.is_text
    known = read_truth(truth, id=id, target=target, usage=usage, as_text=as_text, engine=engine)
    return score_all(known, submission, metrics=(metric,), engine=engine)[0]


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
