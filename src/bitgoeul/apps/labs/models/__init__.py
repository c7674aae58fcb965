"""The room's tables."""

from bitgoeul.apps.labs.models.lab import Lab, LabFile, Participant
from bitgoeul.apps.labs.models.practice import Practice
from bitgoeul.apps.labs.models.similarity import SimilarityReport
from bitgoeul.apps.labs.models.submission import Evaluation, Submission

__all__ = [
    "Evaluation",
    "Lab",
    "LabFile",
    "Participant",
    "Practice",
    "SimilarityReport",
    "Submission",
]
