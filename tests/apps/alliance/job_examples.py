"""A runnable example of each task: what it needs, and its arguments."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bitgoeul.apps.alliance import services, tasks
from bitgoeul.apps.alliance.models import RoleInvitation, SecondFactorReset
from tests.apps.alliance.committee_rows import board_of
from tests.world import AT, build_world


def _imported_person() -> dict[str, Any]:
    person = services.register_person(
        email="new@people.example", full_name="새 사람", by=None, at=AT
    )
    return {"person": str(person.uuid)}


def _asked_reset() -> dict[str, Any]:
    one, other = (
        services.register_person(email=f"{name}@people.example", full_name=name, by=None, at=AT)
        for name in ("owner", "asker")
    )
    reset = SecondFactorReset.objects.create(
        person=one, asked_by=other, asked_at=AT, reason="신분증"
    )
    return {"reset": str(reset.uuid)}


def _overdue_action() -> dict[str, Any]:
    board_of(build_world())
    return {}


def _asked_into_a_role() -> dict[str, Any]:
    keeper = services.register_person(
        email="keeper@people.example", full_name="관리자", by=None, at=AT
    )
    organisation = services.create_organisation(name_ko="한빛시", kind="city", by=None, at=AT)
    invitation = RoleInvitation.objects.create(
        email="asked@people.example", organisation=organisation, role="mentor",
        invited_by=keeper, invited_at=AT, expires_at=AT + dt.timedelta(days=36500),
    )  # fmt: skip
    return {"invitation": str(invitation.uuid)}


EXAMPLES: dict[Any, Callable[[], dict[str, Any]]] = {
    tasks.send_invitation: _imported_person,
    tasks.send_reset_letter: _asked_reset,
    tasks.remind_committees: _overdue_action,
    tasks.send_role_invitation: _asked_into_a_role,
}
