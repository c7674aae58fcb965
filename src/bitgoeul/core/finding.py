"""One search box over all rooms: each answers for its own nouns, and only with what one may see.

A room that can be searched defines `queries.search(question, user)`, which returns groups of
hits. Rooms below cannot import rooms above, so they are asked from here; a room that defines none
is left out. What a room finds it filters by its own rules, in the statement itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps

SHOWN = 5
"""So many hits of each noun stand on the page; the room's own list has the rest."""
LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something found: its title, the route of its page, and whose data it is."""

    title: str
    route: str
    uuid: UUID
    note: str = ""
    subject: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """The hits of one noun; `more` when there are others, `route` of the list that has them."""

    label: Any
    hits: Sequence[Hit]
    more: bool = False
    route: str = ""


def group(label: Any, hits: Iterable[Hit], *, route: str = "") -> Group:
    """Make a group of at most `SHOWN` hits; give it one more to tell that there are others."""
    found = list(hits)
    return Group(label=label, hits=found[:SHOWN], more=len(found) > SHOWN, route=route)


def first(rows: Any) -> Any:
    """Return as many rows of a queryset as `group` needs."""
    return rows[: SHOWN + 1]


def search(question: str, user: Any) -> list[Group]:
    """Ask every installed room, the lowest first; groups without a hit are left out."""
    asked = question.strip()[:LONGEST]
    if not asked:
        return []
    found: list[Group] = []
    for config in reversed(list(apps.get_app_configs())):
        name = f"{config.name}.queries"
        if not config.name.startswith("bitgoeul.apps.") or find_spec(name) is None:
            continue
        ask: Any = getattr(import_module(name), "search", None)
        if ask is not None:
            found += [each for each in ask(asked, user) if each.hits]
    return found
