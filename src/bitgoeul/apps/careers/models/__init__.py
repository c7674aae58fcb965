"""The room's tables."""

from bitgoeul.apps.careers.models.matching_round import Application, MatchingRound, Offer
from bitgoeul.apps.careers.models.placement import (
    OutcomeExclusion,
    Placement,
    RetentionCheck,
)
from bitgoeul.apps.careers.models.profile import Profile
from bitgoeul.apps.careers.models.vacancy import Vacancy

__all__ = [
    "Application",
    "MatchingRound",
    "Offer",
    "OutcomeExclusion",
    "Placement",
    "Profile",
    "RetentionCheck",
    "Vacancy",
]
