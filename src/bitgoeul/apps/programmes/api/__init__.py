"""The room's operations for programs."""

from bitgoeul.apps.programmes.api import (
    applications,
    design,
    planning,
    questions,
    replaying,
    running,
    selection,
)
from bitgoeul.apps.programmes.api.room import room

__all__ = [
    "applications",
    "design",
    "planning",
    "questions",
    "replaying",
    "room",
    "running",
    "selection",
]
