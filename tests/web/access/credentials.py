"""Who may reach the pages of credentials."""

from collections.abc import Mapping
from typing import Any

from bitgoeul.apps.credentials.models import Achievement, Credential
from tests.apps.credentials.given import give, make_achievement, make_skill
from tests.web.access import (
    EVERYONE,
    OFFICERS,
    SIGNED_IN,
    Route,
    action,
    fixed,
    page,
)
from tests.world import World

WRITERS = frozenset({"instructor", "officer_university"})
OWNERS = frozenset({"trainee", "graduate"})


def _achievement(world: World) -> Achievement:
    if "achievement" not in world.more:
        world.more["achievement"] = make_achievement(world)
    return world.more["achievement"]  # type: ignore[no-any-return]  # what was put there above


def _credential_of(world: World, who: str) -> Credential:
    if f"credential {who}" not in world.more:
        world.more[f"credential {who}"] = give(world, _achievement(world), who)
    return world.more[f"credential {who}"]  # type: ignore[no-any-return]  # what was put there above


def _credential(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership == "own" and role in OWNERS:
        return {"uuid": _credential_of(world, role).uuid}
    return {"uuid": _credential_of(world, "stranger").uuid} if ownership == "other" else None


def _skill(world: World) -> Any:
    if "skill" not in world.more:
        world.more["skill"] = make_skill()
    return world.more["skill"].uuid


_ACHIEVEMENT = fixed(uuid=lambda world: _achievement(world).uuid)
_SKILL = fixed(uuid=_skill)
_CODE = fixed(code=lambda world: _credential_of(world, "graduate").code)
_LIST = fixed(uuid=lambda world: _credential_of(world, "graduate").status_list.uuid)
_VISIBLE = {"own": OWNERS, "other": OFFICERS}

ROUTES: dict[str, Route] = {
    "credentials:own_list": page(SIGNED_IN),
    "credentials:issued_list": page(OFFICERS),
    "credentials:issued_csv": page(OFFICERS),
    "credentials:issued_xlsx": page(OFFICERS),
    "credentials:verify": page(EVERYONE),
    "credentials:verify_file": action(EVERYONE),
    "credentials:verify_code": page(EVERYONE, _CODE),
    "credentials:status_list": page(EVERYONE, _LIST),
    "credentials:key_list": page(EVERYONE),
    "credentials:skill_list": page(EVERYONE),
    "credentials:skill_detail": page(EVERYONE, _SKILL),
    "credentials:skills_start": action(OFFICERS | {"administrator"}),
    "credentials:achievement_list": page(EVERYONE),
    "credentials:achievement_detail": page(EVERYONE, _ACHIEVEMENT),
    "credentials:achievement_create": page(OFFICERS | {"instructor"}),
    "credentials:achievement_change": page(WRITERS, _ACHIEVEMENT),
    "credentials:achievement_retire": action(WRITERS, _ACHIEVEMENT),
    "credentials:credential_detail": Route(allowed=_VISIBLE, kwargs=_credential),
    "credentials:credential_file": Route(allowed=_VISIBLE, kwargs=_credential),
    "credentials:credential_paper": Route(allowed=_VISIBLE, kwargs=_credential),
    "credentials:credential_revoke": Route(
        allowed={"other": frozenset({"officer_university"})},
        kwargs=_credential,
        method="post",
        ok=frozenset({302, 422}),
    ),
}
