"""One's own news: for everyone who is signed in; a letter's link works for anybody who holds it."""

from typing import Any

from bitgoeul.core.notices import letters
from bitgoeul.core.notices.models import Notice
from tests.web.access import EVERYONE, NOBODY, SIGNED_IN, Route, action, page
from tests.world import AT, World


def _notice(world: World, role: str, ownership: str) -> dict[str, Any] | None:
    if ownership == "same" or (ownership == "own" and role == "public"):
        return None
    other = world.people["reviewer" if role != "reviewer" else "mentor"]
    owner = world.people[role] if ownership == "own" else other
    notice = Notice.objects.create(
        person=owner, topic="labs", message="labs.scored", path="/labs/", created_at=AT,
        values={"lab": "첫 실습"},
    )  # fmt: skip
    return {"uuid": notice.uuid}


def _letter(world: World, role: str, ownership: str) -> dict[str, Any] | None:
    if ownership != "other":
        return None
    address = letters.unsubscribe_address(world.people["trainee"], "labs")
    return {"token": address.rstrip("/").rsplit("/", 1)[1]}


OWN = {"own": SIGNED_IN, "same": NOBODY, "other": NOBODY}
MOVED = frozenset({302})

ROUTES: dict[str, Route] = {
    "notices:list": page(SIGNED_IN),
    "notices:settings": page(SIGNED_IN),
    "notices:read_all": action(SIGNED_IN),
    "notices:open": Route(allowed=OWN, kwargs=_notice, method="post", ok=MOVED),
    "notices:read": Route(allowed=OWN, kwargs=_notice, method="post", ok=MOVED),
    "notices:unsubscribe": page(EVERYONE, _letter),
}
