"""Reads over labs, submissions and evaluations."""

from bitgoeul.apps.labs.queries.finding import search
from bitgoeul.apps.labs.queries.listings import (
    Mark,
    attempts_left,
    job_of,
    labs_listed,
    marks_of,
    personal_data_of,
    submissions_listed,
    submissions_of,
)
from bitgoeul.apps.labs.queries.scores import (
    Best,
    best_evaluations,
    best_score_of,
    best_scores_of_person,
    passes,
)

__all__ = [
    "Best",
    "Mark",
    "attempts_left",
    "best_evaluations",
    "best_score_of",
    "best_scores_of_person",
    "job_of",
    "labs_listed",
    "marks_of",
    "passes",
    "personal_data_of",
    "search",
    "submissions_listed",
    "submissions_of",
]
