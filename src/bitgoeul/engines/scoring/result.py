"""What scoring answers: a score, or every fault by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bitgoeul.engines.errors import EngineError

# A file with a wrong id column would otherwise answer with as many errors as rows.
MOST_ERRORS = 1000


class ScoringError(EngineError):
    """A file, column or metric that makes scoring impossible as a whole."""


@dataclass(frozen=True)
class RowError:
    """One faulty line of the submission.

    Codes: ``unknown_id``, ``duplicate_id``, ``missing_id`` (the line is the last of the file,
    where the row should at latest have been), ``not_a_number``, ``not_finite``,
    ``out_of_range`` (a probability outside 0 to 1, or a row of zeros), ``negative_value``,
    ``bad_list`` (no runs of pixels). ``column`` is the column of the value.
    """

    line: int
    code: str
    value: str
    column: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of one error.

        >>> RowError(3, "unknown_id", "x", "id").as_dict()
        {'line': 3, 'code': 'unknown_id', 'value': 'x'}
        """
        return {"line": self.line, "code": self.code, "value": self.value}


@dataclass(frozen=True)
class ScoreResult:
    """A score, or the reasons why there is none.

    ``score`` is over all rows used; ``public`` and ``private`` over the parts of the usage
    column, None without one or where a part has no defined value. ``rows`` counts the
    submission's rows. With errors every score is None; ``errors`` are the first by line,
    ``counts`` how many of each code there are in all.
    """

    metric: str
    score: float | None
    public: float | None
    private: float | None
    rows: int
    errors: tuple[RowError, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.errors and self.score is not None:
            raise ScoringError("score_with_errors")

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `bitgoeul score`."""
        told: dict[str, Any] = {
            "metric": self.metric,
            "score": self.score,
            "public": self.public,
            "private": self.private,
            "rows": self.rows,
            "errors": [error.as_dict() for error in self.errors],
        }
        return told | ({"error_counts": dict(self.counts)} if self.errors else {})


class Faults:
    """Collects faulty lines: all are counted, the first by line and code are kept.

    >>> faults = Faults()
    >>> faults.add(9, "unknown_id", "x")
    >>> faults.add(2, "duplicate_id", "y")
    >>> [error.line for error in faults.first()], dict(faults.counts)
    ([2, 9], {'duplicate_id': 1, 'unknown_id': 1})
    """

    def __init__(self) -> None:
        self._kept: list[RowError] = []
        self._counts: Counter[str] = Counter()

    def add(self, line: int, code: str, value: str, column: str = "") -> None:
        """Keep one fault."""
        self._kept.append(RowError(line, code, value, column))
        self._counts[code] += 1
        if len(self._kept) > 8 * MOST_ERRORS:
            self._kept = list(self.first())

    def count(self, code: str, times: int) -> None:
        """Count faults that come after all that are kept, and need not be kept themselves."""
        if times:
            self._counts[code] += times

    def first(self) -> tuple[RowError, ...]:
        """The first faults, by line and then by code."""
        return tuple(sorted(self._kept, key=lambda one: (one.line, one.code))[:MOST_ERRORS])

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each code, by code."""
        return dict(sorted(self._counts.items()))

    def __bool__(self) -> bool:
        return bool(self._counts)
