"""The room's operations for programs."""

from bitgoeul.apps.contests.api import contests, entries, talk, tasks, teams
from bitgoeul.apps.contests.api.room import room

__all__ = ["contests", "entries", "room", "talk", "tasks", "teams"]
