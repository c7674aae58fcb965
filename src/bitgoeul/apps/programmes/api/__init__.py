"""The room's operations for programs."""

from bitgoeul.apps.programmes.api import (
    applications,
    design,
    offers,
    planning,
    questions,
    replaying,
    running,
    selection,
    stages,
)
from bitgoeul.apps.programmes.api.room import room

__all__ = [
    "applications",
    "design",
    "offers",
    "planning",
    "questions",
    "replaying",
    "room",
    "running",
    "selection",
    "stages",
]
