"""The room's operations for programs."""

from bitgoeul.apps.alliance.api import agreements, me, organisations, people
from bitgoeul.apps.alliance.api.room import room

__all__ = ["agreements", "me", "organisations", "people", "room"]
