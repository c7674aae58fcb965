"""The rooms that programs can use; the page for tokens offers a right to each."""

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .rooms import Room

_rooms: dict[str, "Room"] = {}


def register(room: "Room") -> None:
    """Make a room known."""
    _rooms[room.key] = room


def rooms() -> list["Room"]:
    """Every room, in the order in which they were made known."""
    import_module(settings.ROOT_URLCONF)  # it mounts them; a command may not have loaded it
    return list(_rooms.values())


def scope_names() -> set[str]:
    """Every right that a token can have."""
    return {f"{room.key}:{right}" for room in rooms() for right in ("read", "write")}
