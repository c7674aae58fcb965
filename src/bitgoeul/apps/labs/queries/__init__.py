"""Reads over labs, submissions and evaluations."""

from bitgoeul.apps.labs.queries.finding import search
from bitgoeul.apps.labs.queries.listings import (
    Mark,
    attempts_left,
    attempts_left_altogether,
    job_of,
    labs_listed,
    marks_of,
    open_labs,
    personal_data_of,
    practice_of,
    submissions_listed,
    submissions_of,
)
from bitgoeul.apps.labs.queries.regrading import (
    Change,
    common_errors,
    pairs_shown,
    regrade_changes,
)
from bitgoeul.apps.labs.queries.scores import (
    Best,
    best_evaluations,
    best_score_of,
    best_scores_of_person,
    has_share,
    passes,
    people_waiting,
    share_of,
)

__all__ = [
    "Best",
    "Change",
    "Mark",
    "attempts_left",
    "attempts_left_altogether",
    "best_evaluations",
    "best_score_of",
    "best_scores_of_person",
    "common_errors",
    "has_share",
    "job_of",
    "labs_listed",
    "marks_of",
    "open_labs",
    "pairs_shown",
    "passes",
    "people_waiting",
    "personal_data_of",
    "practice_of",
    "regrade_changes",
    "search",
    "share_of",
    "submissions_listed",
    "submissions_of",
]
