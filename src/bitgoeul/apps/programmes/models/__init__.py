"""The room's tables."""

from bitgoeul.apps.programmes.models.application import Application, Choice, StageScore
from bitgoeul.apps.programmes.models.enrolment import (
    Assignment,
    Attendance,
    CompletionVerdict,
    Enrolment,
)
from bitgoeul.apps.programmes.models.programme import (
    Cohort,
    Programme,
    RuleSet,
    Stage,
    Track,
)
from bitgoeul.apps.programmes.models.selection import Selection, SelectionRound

__all__ = [
    "Application",
    "Assignment",
    "Attendance",
    "Choice",
    "Cohort",
    "CompletionVerdict",
    "Enrolment",
    "Programme",
    "RuleSet",
    "Selection",
    "SelectionRound",
    "Stage",
    "StageScore",
    "Track",
]
