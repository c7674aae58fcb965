"""The room's tables."""

from bitgoeul.apps.contests.models.contest import Acceptance, Contest, Terms
from bitgoeul.apps.contests.models.entry import Entry, Flag, Score
from bitgoeul.apps.contests.models.phase import Phase, ScorePolicy, Scorer, Task
from bitgoeul.apps.contests.models.rung import Rung
from bitgoeul.apps.contests.models.talk import Announcement, Question
from bitgoeul.apps.contests.models.team import Invitation, Merge, Team, TeamMember

__all__ = [
    "Acceptance",
    "Announcement",
    "Contest",
    "Entry",
    "Flag",
    "Invitation",
    "Merge",
    "Phase",
    "Question",
    "Rung",
    "Score",
    "ScorePolicy",
    "Scorer",
    "Task",
    "Team",
    "TeamMember",
    "Terms",
]
