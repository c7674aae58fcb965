"""The room's operations for programs."""

from bitgoeul.apps.alliance.api import agreements, consents, me, organisations, people
from bitgoeul.apps.alliance.api.room import room

__all__ = ["agreements", "consents", "me", "organisations", "people", "room"]
