"""The room's operations for programs."""

from bitgoeul.apps.alliance.api import (
    agreements,
    committees,
    consents,
    decisions,
    invitations,
    me,
    organisations,
    people,
)
from bitgoeul.apps.alliance.api.room import room

__all__ = [
    "agreements",
    "committees",
    "consents",
    "decisions",
    "invitations",
    "me",
    "organisations",
    "people",
    "room",
]
