"""The room's operations for programs."""

from bitgoeul.apps.contests.api import contests as contests
from bitgoeul.apps.contests.api.room import room

__all__ = ["room"]
