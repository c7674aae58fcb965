"""Who may reach the pages of privacy: everybody their own, officers the requests, all a proof."""

from collections.abc import Callable, Mapping
from typing import Any

from bitgoeul.core.privacy.models import Certificate, ErasureRequest
from tests.web.access import EVERYONE, OFFICERS, SIGNED_IN, Kwargs, Route, action, page
from tests.world import AT, World

DECIDING = OFFICERS | {"administrator"}


def _made(make: Callable[[World], Any]) -> Kwargs:
    def kwargs(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
        return {"uuid": make(world).uuid} if ownership == "other" else None

    return kwargs


def _request(world: World) -> ErasureRequest:
    found, _new = ErasureRequest.objects.get_or_create(
        person=world.people["stranger"], defaults={"asked_at": AT}
    )
    return found


def _certificate(world: World) -> Certificate:
    found, _new = Certificate.objects.get_or_create(digest="0" * 64, defaults={"at": AT})
    return found


ROUTES: dict[str, Route] = {
    "privacy:mine": page(SIGNED_IN),
    "privacy:my_file": page(SIGNED_IN),
    "privacy:withdraw": action(SIGNED_IN),
    "privacy:request_list": page(DECIDING),
    "privacy:request_detail": page(DECIDING, _made(_request)),
    "privacy:proof": page(EVERYONE, _made(_request)),
    "privacy:certificate": page(EVERYONE, _made(_certificate)),
}
