"""The room's operations for programs."""

from bitgoeul.apps.labs.api import labs, practice, submissions, task_labs, teaching
from bitgoeul.apps.labs.api.room import room

__all__ = ["labs", "practice", "room", "submissions", "task_labs", "teaching"]
