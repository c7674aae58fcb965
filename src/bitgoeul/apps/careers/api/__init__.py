"""The room's operations for programs."""

from bitgoeul.apps.careers.api import choices, gap, placements, rounds, vacancies
from bitgoeul.apps.careers.api.room import room

__all__ = ["choices", "gap", "placements", "room", "rounds", "vacancies"]
