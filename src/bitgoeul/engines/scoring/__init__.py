"""Scoring a file of predictions against the truth."""

from bitgoeul.engines.scoring.metrics import METRICS, Metric
from bitgoeul.engines.scoring.scoring import RowError, ScoreResult, ScoringError, score

ENGINE_VERSION = "1"

__all__ = [
    "ENGINE_VERSION",
    "METRICS",
    "Metric",
    "RowError",
    "ScoreResult",
    "ScoringError",
    "score",
]
