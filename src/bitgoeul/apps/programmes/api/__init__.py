"""The room's operations for programs."""

from bitgoeul.apps.programmes.api import applications, planning, running, selection
from bitgoeul.apps.programmes.api.room import room

__all__ = ["applications", "planning", "room", "running", "selection"]
