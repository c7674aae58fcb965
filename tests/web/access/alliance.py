"""Who may reach the alliance's pages."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import RoleInvitation, SecondFactorReset, User
from tests.web.access import ALL_OFFICERS, EVERYONE, OFFICERS, SIGNED_IN, Route, action, fixed, page
from tests.world import AT, World

ADMINISTRATOR = frozenset({"administrator"})

_AGREEMENT = fixed(uuid=lambda world: world.agreement.uuid)

_EMPLOYS = {
    "officer_city": "city",
    "officer_university": "university",
    "officer_company": "company",
}


def _organisation(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership == "own" and role in _EMPLOYS:
        return {"uuid": getattr(world, _EMPLOYS[role]).uuid}
    return {"uuid": world.employer.uuid} if ownership == "other" else None


def _person(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """Own: oneself. Same: staff of the parties (for officers). Other: a trainee."""
    if ownership == "own":
        return None if role == "public" else {"uuid": world.people[role].uuid}
    if ownership == "same":
        return {"uuid": world.people["instructor"].uuid}
    return {"uuid": world.people["stranger"].uuid}


def _stranger(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    return {"uuid": world.people["stranger"].uuid} if ownership == "other" else None


def _membership(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership != "other":
        return None
    return {"uuid": world.people["mentor"].memberships.get().uuid}


def _reset(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership != "other":
        return None
    reset, _new = SecondFactorReset.objects.get_or_create(
        person=world.people["stranger"],
        defaults={"asked_by": world.people["mentor"], "asked_at": AT, "reason": "신분증"},
    )
    return {"uuid": reset.uuid}


def _invitation(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership != "other":
        return None
    invited, _new = User.objects.get_or_create(
        email="invited@people.example", defaults={"full_name": "초대 받음", "password": "!none"}
    )
    return {"token": services.invitation_token(invited)}


def _asked_into_role(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """Own: of the officer's own organisation. Other: of an employer nobody here keeps."""
    if ownership == "same" or (ownership == "own" and role not in _EMPLOYS):
        return None
    organisation = getattr(world, _EMPLOYS[role]) if ownership == "own" else world.employer
    invitation = RoleInvitation.objects.create(
        email=f"asked-{uuid.uuid4().hex[:8]}@people.example", organisation=organisation,
        role="mentor", invited_by=world.people["administrator"], invited_at=AT,
        expires_at=AT + dt.timedelta(days=36500),
    )  # fmt: skip
    return {"uuid": invitation.uuid}


def _role_letter(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership != "other":
        return None
    RoleInvitation.objects.get_or_create(
        email="asked@people.example", organisation=world.employer, role="mentor",
        defaults={
            "invited_by": world.people["administrator"], "invited_at": AT,
            "expires_at": AT + dt.timedelta(days=36500),
            "token_sha256": hashlib.sha256(b"key").hexdigest(),
        },
    )  # fmt: skip
    return {"token": "key"}


_MANAGED = {"own": OFFICERS | {"officer_company"}, "other": ADMINISTRATOR}

ROUTES: dict[str, Route] = {
    "alliance:agreement_list": page(EVERYONE),
    "alliance:agreement_detail": page(EVERYONE, _AGREEMENT),
    "alliance:agreement_create": page(OFFICERS | ADMINISTRATOR),
    "alliance:commitment_create": page(OFFICERS | ADMINISTRATOR, _AGREEMENT),
    "alliance:organisation_list": page(EVERYONE),
    "alliance:organisation_detail": page(EVERYONE, _organisation),
    "alliance:organisation_create": page(OFFICERS | ADMINISTRATOR),
    "alliance:organisation_edit": Route(
        allowed={"own": OFFICERS | {"officer_company"}, "other": ADMINISTRATOR},
        kwargs=_organisation,
    ),
    "alliance:me": page(SIGNED_IN),
    "alliance:me_edit": page(SIGNED_IN),
    "alliance:consent_give": action(SIGNED_IN),
    "alliance:consent_withdraw": action(SIGNED_IN),
    "alliance:my_data": page(SIGNED_IN),
    "alliance:consent_text": page(
        EVERYONE, fixed(purpose=lambda world: "selection", version=lambda world: 1)
    ),
    "alliance:consent_history": page(SIGNED_IN),
    "alliance:consent_register": page(OFFICERS | ADMINISTRATOR),
    "alliance:consent_text_list": page(OFFICERS | ADMINISTRATOR),
    "alliance:consent_text_create": page(OFFICERS | ADMINISTRATOR),
    "alliance:person_list": page(ADMINISTRATOR),
    "alliance:person_create": page(ADMINISTRATOR),
    "alliance:person_detail": Route(
        allowed={
            "own": SIGNED_IN,
            "same": OFFICERS | ADMINISTRATOR | {"instructor"},
            "other": ADMINISTRATOR,
        },
        kwargs=_person,
    ),
    "alliance:person_edit": page(ADMINISTRATOR, _stranger),
    "alliance:person_invite": action(ADMINISTRATOR, _stranger),
    "alliance:reset_ask": action(ADMINISTRATOR, _stranger, data={"reason": "신분증"}),
    "alliance:reset_list": page(OFFICERS | ADMINISTRATOR),
    "alliance:reset_decide": action(OFFICERS | ADMINISTRATOR, _reset, data={"granted": "yes"}),
    "alliance:membership_add": action(ADMINISTRATOR, _stranger),
    "alliance:membership_end": action(
        ADMINISTRATOR,
        _membership,
        data={"ended_on": dt.date(2025, 6, 2).isoformat(), "reason": "Moved"},
    ),
    "alliance:invitation": page(EVERYONE, _invitation),
    "alliance:invitation_list": page(ALL_OFFICERS | ADMINISTRATOR),
    "alliance:invitation_create": page(ALL_OFFICERS | ADMINISTRATOR),
    "alliance:invitation_resend": Route(
        allowed=_MANAGED, kwargs=_asked_into_role, method="post", ok=frozenset({302})
    ),
    "alliance:invitation_revoke": Route(
        allowed=_MANAGED, kwargs=_asked_into_role, method="post", ok=frozenset({302})
    ),
    "alliance:role_invitation": page(EVERYONE, _role_letter),
}
