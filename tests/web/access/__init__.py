"""The table of who may reach which address.

Each room has a module here with `ROUTES = {"room:name": Route(...)}`. The test walks the URL
resolver: a route without a row fails, a row without a route fails, and every role × ownership is
requested. Hidden and absent answer alike: 404 for somebody signed in, the sign-in page (302) or
404 for the public.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.world import ROLES, World

OWNERSHIPS = ("own", "same", "other")
"""Whose object it is: the person's own, of their organisation or cohort, somebody else's."""

Kwargs = Callable[[World, str, str], Mapping[str, Any] | None]

EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {"public"}
OFFICERS = frozenset({"officer_city", "officer_university"})
"""Officers of the parties that run the cohort (the company's officer sees aggregates only)."""
ALL_OFFICERS = OFFICERS | {"officer_company"}
NOBODY: frozenset[str] = frozenset()


def fixed(**of_world: Callable[[World], Any]) -> Kwargs:
    """Address arguments that do not depend on who asks: `fixed(uuid=lambda w: w.lab.uuid)`."""

    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        if ownership != "other":
            return None
        return {name: value(world) for name, value in of_world.items()}

    return kwargs


def nothing(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """No address arguments: asked once per role."""
    return {} if ownership == "other" else None


@dataclass(frozen=True)
class Route:
    """A row of the table.

    `allowed` maps an ownership to the roles that get `ok`; everybody else must be refused.
    `kwargs` gives the address arguments of a role's object of an ownership, or None when that
    role has no such object (then it is not asked). `ok` are the good statuses: a POST with empty
    data may answer 200/302/422, what matters is that it is neither 404 nor 5xx.
    """

    allowed: Mapping[str, frozenset[str]]
    kwargs: Kwargs = nothing
    ok: frozenset[int] = frozenset({200})
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


def page(roles: frozenset[str], kwargs: Kwargs = nothing, **more: Any) -> Route:
    """Make the row of a page that does not depend on ownership."""
    return Route(allowed=dict.fromkeys(OWNERSHIPS, roles), kwargs=kwargs, **more)


def action(roles: frozenset[str], kwargs: Kwargs = nothing, **more: Any) -> Route:
    """Make the row of a POST that does not depend on ownership."""
    more.setdefault("ok", frozenset({200, 302, 422}))
    return page(roles, kwargs, method="post", **more)
