"""The room's operations for programs."""

from bitgoeul.apps.programmes.api import (
    allowances,
    applications,
    care,
    design,
    lessons,
    limits,
    offers,
    planning,
    presence,
    projects,
    questions,
    replaying,
    running,
    selection,
    stages,
    timetable,
    transcripts,
)
from bitgoeul.apps.programmes.api.room import room

__all__ = [
    "allowances",
    "applications",
    "care",
    "design",
    "lessons",
    "limits",
    "offers",
    "planning",
    "presence",
    "projects",
    "questions",
    "replaying",
    "room",
    "running",
    "selection",
    "stages",
    "timetable",
    "transcripts",
]
