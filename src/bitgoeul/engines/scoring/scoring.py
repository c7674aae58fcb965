"""From two files to a score, with every faulty line named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bitgoeul.engines.csvfile import CsvFile, Source, parse_float, read_csv, source_name
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring.metrics import METRICS, Codes, Floats, Metric

# A file with a wrong id column would otherwise answer with as many errors as rows.
MOST_ERRORS = 1000


class ScoringError(EngineError):
    """A file, column or metric that makes scoring impossible as a whole."""


@dataclass(frozen=True)
class RowError:
    """One faulty line of the submission.

    Codes: ``unknown_id``, ``duplicate_id``, ``missing_id`` (the line is the last of the file,
    where the row should at latest have been), ``not_a_number``, ``not_finite``,
    ``out_of_range`` (a probability outside 0 to 1, or a row of zeros).
    """

    line: int
    code: str
    value: str


@dataclass(frozen=True)
class ScoreResult:
    """A score, or the reasons why there is none.

    ``score`` is over all rows used; ``public`` and ``private`` over the parts of the usage
    column, None without one or where a part has no defined value. ``rows`` counts the
    submission's rows. With errors every score is None.
    """

    metric: str
    score: float | None
    public: float | None
    private: float | None
    rows: int
    errors: tuple[RowError, ...] = ()

    def __post_init__(self) -> None:
        if self.errors and self.score is not None:
            raise ScoringError("score_with_errors")

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `bitgoeul score`."""
        return {
            "metric": self.metric,
            "score": self.score,
            "public": self.public,
            "private": self.private,
            "rows": self.rows,
            "errors": [vars(error) for error in self.errors],
        }


@dataclass(frozen=True)
class _Truth:
    """The truth as arrays; ``row_of`` finds the row of an id."""

    row_of: Mapping[str, int]
    codes: Codes
    values: Floats
    classes: tuple[str, ...]
    numeric: bool
    parts: Mapping[str, Any]


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
        A key of `METRICS`.
    id, target : str
        Columns in both files. For ``log_loss`` of more than two classes the submission has a
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
        ``empty_file``, ``bad_encoding``, ``not_binary``, faults of the truth, …

    Notes
    -----
    Order of rows does not matter. When every true label is a number, labels compare as
    numbers, so ``1.0`` is ``1``. Rows of class probabilities are divided by their sum.

    Examples
    --------
    >>> truth, guess = b"id,y\\n1,0\\n2,1\\n", b"id,y\\n2,1\\n1,1\\n"
    >>> score(truth, guess, metric="accuracy", id="id", target="y")
    ScoreResult(metric='accuracy', score=0.5, public=None, private=None, rows=2, errors=())
    """
    if metric not in METRICS:
        raise ScoringError("unknown_metric", value=metric, expected=", ".join(METRICS))
    chosen = METRICS[metric]
    known = _read_truth(truth, chosen, id, target, usage)
    columns = _columns(known, chosen, target)
    name = source_name(submission, "submission")
    table = read_csv(submission, name=name, required=(id, *columns), refuse=ScoringError)
    order, errors = _order(table, known, id)
    guess = _read_guess(table, columns, known, chosen, errors)
    if errors:
        faults = tuple(sorted(errors, key=lambda error: (error.line, error.code))[:MOST_ERRORS])
        return ScoreResult(metric, None, None, None, len(table.rows), faults)
    aligned = np.empty_like(guess)
    aligned[order] = guess
    return ScoreResult(
        metric=metric,
        score=_part(chosen, known, aligned, "all"),
        public=_part(chosen, known, aligned, "public"),
        private=_part(chosen, known, aligned, "private"),
        rows=len(table.rows),
    )


def _part(metric: Metric, truth: _Truth, guess: Any, part: str) -> float | None:
    rows = truth.parts.get(part)
    if rows is None or not rows.any():
        return None
    own = truth.values if metric.reads == "values" else truth.codes
    value = metric.compute(own[rows], guess[rows])
    return value if value is not None and math.isfinite(value) else None


def _read_truth(
    source: Source, metric: Metric, id_column: str, target: str, usage: str | None
) -> _Truth:
    name = source_name(source, "truth")
    required = (id_column, target, *([usage] if usage else []))
    table = read_csv(source, name=name, required=required, refuse=ScoringError)
    at = {column: table.header.index(column) for column in required}
    row_of: dict[str, int] = {}
    for line, cells in table.rows:
        key = cells[at[id_column]]
        if not key or key in row_of:
            code = "duplicate_id" if key else "missing_value"
            raise ScoringError(code, file=name, line=line, column=id_column, value=key)
        row_of[key] = len(row_of)
    labels = [cells[at[target]] for _, cells in table.rows]
    numbers = [parse_float(label) for label in labels]
    numeric = all(isinstance(number, float) for number in numbers)
    if metric.reads == "values" and not numeric:
        line, value, code = next(
            (line, cells[at[target]], number)
            for (line, cells), number in zip(table.rows, numbers, strict=True)
            if isinstance(number, str)
        )
        raise ScoringError(code, file=name, line=line, column=target, value=value)
    classes = _classes(labels, numbers, numeric)
    code_of = {value: number for number, value in enumerate(classes)}
    keys = numbers if numeric else labels
    truth = _Truth(
        row_of=row_of,
        codes=np.array([code_of[key] for key in keys], dtype=np.int64),
        values=np.array(numbers if numeric else [], dtype=np.float64),
        classes=tuple(_class_name(value) for value in classes),
        numeric=numeric,
        parts=_parts(table, at.get(usage or "")),
    )
    if metric.reads == "ranking" and len(classes) != 2:
        raise ScoringError("not_binary", file=name, column=target, value=len(classes), expected="2")
    return truth


def _classes(labels: list[str], numbers: list[Any], numeric: bool) -> list[Any]:
    """The distinct labels in the order scikit-learn uses: the later of two is the positive."""
    return sorted(set(numbers)) if numeric else sorted(set(labels))


def _class_name(value: Any) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _parts(table: CsvFile, column: int | None) -> dict[str, Any]:
    if column is None:
        return {"all": np.ones(len(table.rows), dtype=bool)}
    words = [cells[column].lower() for _, cells in table.rows]
    for (line, cells), word in zip(table.rows, words, strict=True):
        if word not in ("public", "private", "ignored"):
            raise ScoringError(
                "bad_usage",
                file=table.name,
                line=line,
                column=table.header[column],
                value=cells[column],
                expected="Public, Private, Ignored",
            )
    given = np.array(words, dtype=object)
    parts = {part: given == part for part in ("public", "private")}
    return {**parts, "all": parts["public"] | parts["private"]}


def _columns(truth: _Truth, metric: Metric, target: str) -> tuple[str, ...]:
    if metric.reads == "probabilities" and len(truth.classes) > 2:
        return tuple(f"{target}_{name}" for name in truth.classes)
    return (target,)


def _order(table: CsvFile, truth: _Truth, id_column: str) -> tuple[Codes, list[RowError]]:
    """The truth's row of every submitted row, and what is wrong with the ids."""
    column = table.header.index(id_column)
    errors: list[RowError] = []
    rows: list[int] = []
    seen: set[str] = set()
    for line, cells in table.rows:
        key = cells[column]
        if key in seen:
            errors.append(RowError(line, "duplicate_id", key))
        elif key not in truth.row_of:
            errors.append(RowError(line, "unknown_id", key))
        seen.add(key)
        rows.append(truth.row_of.get(key, -1))
    for key in truth.row_of:
        if key not in seen:
            errors.append(RowError(table.last_line, "missing_id", key))
    return np.array(rows, dtype=np.int64), errors


def _read_guess(
    table: CsvFile,
    columns: tuple[str, ...],
    truth: _Truth,
    metric: Metric,
    errors: list[RowError],
) -> Any:
    if metric.reads == "labels" and not truth.numeric:
        return _label_codes(table, columns[0], truth)
    at = [table.header.index(column) for column in columns]
    guess = np.zeros((len(table.rows), len(columns)))
    for row, (line, cells) in enumerate(table.rows):
        for place, column in enumerate(at):
            number = parse_float(cells[column])
            if isinstance(number, str):
                errors.append(RowError(line, number, cells[column]))
            else:
                guess[row, place] = number
    if metric.reads == "labels":
        code_of = {value: code for code, value in enumerate(np.unique(truth.values).tolist())}
        return _codes(guess[:, 0].tolist(), code_of)
    if metric.reads == "probabilities":
        return _probabilities(table, at, guess, errors)
    return guess[:, 0]


def _label_codes(table: CsvFile, column: str, truth: _Truth) -> Codes:
    place = table.header.index(column)
    code_of = {name: code for code, name in enumerate(truth.classes)}
    return _codes([cells[place] for _, cells in table.rows], code_of)


def _codes(labels: list[Any], known: dict[Any, int]) -> Codes:
    """Class codes; a label the truth does not have gets a code of its own."""
    codes = dict(known)
    return np.array([codes.setdefault(label, len(codes)) for label in labels], dtype=np.int64)


def _probabilities(table: CsvFile, at: list[int], guess: Floats, errors: list[RowError]) -> Floats:
    faulty = {error.line for error in errors}
    for row, (line, cells) in enumerate(table.rows):
        own = guess[row]
        outside = ((own < 0) | (own > 1)).nonzero()[0]
        if line in faulty:
            continue
        if len(outside):
            errors.append(RowError(line, "out_of_range", cells[at[int(outside[0])]]))
        elif len(at) > 1 and not own.any():
            errors.append(RowError(line, "out_of_range", cells[at[0]]))
    if len(at) == 1:
        return np.column_stack([1 - guess[:, 0], guess[:, 0]])
    total = guess.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(guess, total, out=guess, where=total > 0))
