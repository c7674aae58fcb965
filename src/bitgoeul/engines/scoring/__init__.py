"""Scoring a file of predictions against the truth."""

from bitgoeul.engines.scoring.board import (
    Ladder,
    Rung,
    pseudo_values,
    row_losses,
    score_of_loss,
)
from bitgoeul.engines.scoring.fingerprints import (
    Pair,
    code_of,
    fingerprints,
    similar_pairs,
)
from bitgoeul.engines.scoring.likeness import (
    AlikePair,
    alike_errors,
    digest_of,
    same_predictions,
)
from bitgoeul.engines.scoring.metrics import METRICS, Metric, Reads, metric_named
from bitgoeul.engines.scoring.predictions import Predictions, read_predictions
from bitgoeul.engines.scoring.ranking import RankInterval, Standing, rank_intervals
from bitgoeul.engines.scoring.result import MOST_ERRORS, RowError, ScoreResult, ScoringError
from bitgoeul.engines.scoring.scoring import read_truth, score, score_all
from bitgoeul.engines.scoring.truth import Truth

ENGINE_VERSION = "2"

__all__ = [
    "ENGINE_VERSION",
    "METRICS",
    "MOST_ERRORS",
    "AlikePair",
    "Ladder",
    "Metric",
    "Pair",
    "Predictions",
    "RankInterval",
    "Reads",
    "RowError",
    "Rung",
    "ScoreResult",
    "ScoringError",
    "Standing",
    "Truth",
    "alike_errors",
    "code_of",
    "digest_of",
    "fingerprints",
    "metric_named",
    "pseudo_values",
    "rank_intervals",
    "read_predictions",
    "read_truth",
    "row_losses",
    "same_predictions",
    "score",
    "score_all",
    "score_of_loss",
    "similar_pairs",
]
