"""The table of operations: each names the page whose rules it shares.

Who may call an operation is not said again: it is what `tests/web/access` says of the page, so the
two doors cannot drift apart. A page that no operation names stands in `pages_without.py` with its
reason; an operation without a row fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.access import Kwargs
from tests.world import World

Allowed = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Call:
    """A row: the page, and what of the call differs from it."""

    page: str
    more: Mapping[str, Any] = field(default_factory=dict)
    kwargs: Kwargs | None = None
    allowed: Allowed | None = None
    body: Mapping[str, Any] | Callable[[World], Mapping[str, Any]] = field(default_factory=dict)
    ok: frozenset[int] | None = None
    query: str = ""
    public: bool | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def like(page: str, **more: Any) -> Call:
    """Make the row of an operation that opens to whom its page opens."""
    return Call(page, **more)


CSV = {"form": "csv"}
EITHER_WAY = frozenset({200, 201, 202, 409, 422})
"""A change with an empty body: what matters is that it is neither 404 nor 5xx."""
