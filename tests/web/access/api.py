"""Who may reach the pages about the interface: one's own tokens, and the public reference."""

from collections.abc import Mapping
from typing import Any

from bitgoeul.core.api.models import Token
from tests.web.access import EVERYONE, NOBODY, SIGNED_IN, Route, action, page
from tests.world import AT, World


def _token(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership == "same" or (ownership == "own" and role == "public"):
        return None
    owner = world.people[role if ownership == "own" else "stranger"]
    token, _new = Token.objects.get_or_create(
        owner=owner,
        defaults={
            "name": "t",
            "prefix": f"{owner.pk:08x}"[-8:],
            "digest": "0" * 64,
            "created_at": AT,
            "expires_at": AT,
        },
    )
    return {"uuid": token.uuid}


ROUTES: dict[str, Route] = {
    "api_reference": page(EVERYONE),
    "api_openapi": page(EVERYONE),
    "api:token_list": page(SIGNED_IN),
    "api:token_create": page(SIGNED_IN),
    "api:token_revoke": Route(
        allowed={"own": SIGNED_IN, "other": NOBODY},
        kwargs=_token,
        method="post",
        ok=action(NOBODY).ok,
    ),
}
