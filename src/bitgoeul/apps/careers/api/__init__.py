"""The room's operations for programs."""

from bitgoeul.apps.careers.api import choices, placements, rounds, vacancies
from bitgoeul.apps.careers.api.room import room

__all__ = ["choices", "placements", "room", "rounds", "vacancies"]
