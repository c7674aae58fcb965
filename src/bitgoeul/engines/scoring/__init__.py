"""Scoring a file of predictions against the truth."""

from bitgoeul.engines.scoring.metrics import METRICS, Metric, Reads, metric_named
from bitgoeul.engines.scoring.result import MOST_ERRORS, RowError, ScoreResult, ScoringError
from bitgoeul.engines.scoring.scoring import read_truth, score, score_all
from bitgoeul.engines.scoring.truth import Truth

ENGINE_VERSION = "2"

__all__ = [
    "ENGINE_VERSION",
    "METRICS",
    "MOST_ERRORS",
    "Metric",
    "Reads",
    "RowError",
    "ScoreResult",
    "ScoringError",
    "Truth",
    "metric_named",
    "read_truth",
    "score",
    "score_all",
]
