"""Saved views: one's own, for everyone who is signed in."""

from typing import Any

from bitgoeul.core.saved.models import SavedView
from tests.web.access import NOBODY, SIGNED_IN, Route, action, page
from tests.world import AT, World


def _view(world: World, role: str, ownership: str) -> dict[str, Any] | None:
    if ownership == "same" or (ownership == "own" and role == "public"):
        return None
    other = world.people["reviewer" if role != "reviewer" else "mentor"]
    view = SavedView.objects.create(
        person=world.people[role] if ownership == "own" else other,
        path="/labs/",
        query=f"q={role}",
        name=f"{role} {ownership}",
        created_at=AT,
    )
    return {"uuid": view.uuid}


OWN = {"own": SIGNED_IN, "same": NOBODY, "other": NOBODY}

ROUTES: dict[str, Route] = {
    "saved:list": page(SIGNED_IN),
    "saved:save": action(SIGNED_IN, data={"path": "/labs/", "query": "q=a", "name": "a"}),
    "saved:default": Route(allowed=OWN, kwargs=_view, method="post", ok=frozenset({302})),
    "saved:delete": Route(allowed=OWN, kwargs=_view, method="post", ok=frozenset({302})),
}
