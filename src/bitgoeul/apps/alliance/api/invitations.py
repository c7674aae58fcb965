"""Invitations into a role: listed, sent, sent again, taken back."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import Made, as_file, made, room
from bitgoeul.apps.alliance.forms import InvitationFilter, RoleInvitationForm
from bitgoeul.apps.alliance.models import RoleInvitation
from bitgoeul.apps.alliance.views import invitations as pages
from bitgoeul.core import access, clock, journal
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Row, listed


class InvitationRow(Row):
    """An invitation; it waits as long as neither accepted nor taken back, until `expires_at`."""

    uuid: UUID
    email: str
    organisation: Annotated[UUID, At("organisation__uuid")]
    organisation_name: Annotated[str, At("organisation__name_ko")]
    role: str
    invited_at: dt.datetime
    expires_at: dt.datetime
    accepted_at: dt.datetime | None
    revoked_at: dt.datetime | None


@room.lists("/invitations", InvitationRow, filters=InvitationFilter)
def invitation_list(request: Request) -> Any:
    """List invitations by address and state; the reading is recorded."""
    user, asked = request.user, request.asked
    access.require(rules.can_send_invitations(user))
    visible = rules.invitations_visible_to(user)
    name, state = asked["q"] or "", asked["state"] or ""
    found = queries.invitations_listed(visible, name=name, state=state, at=clock.now())
    page = listed(request, found, InvitationRow)
    journal.note_page(
        request,
        (),
        what="alliance.invitation_list",
        purpose=_("Keeping accounts and roles"),
        unnamed=len(page["items"]),
    )
    return page


room.hands_out(
    "/invitations.{form}",
    as_file(pages.invitation_list),
    CSV,
    XLSX,
    name="invitation_file",
    filters=InvitationFilter,
)


@room.writes("/invitations", Made, status=201, body=RoleInvitationForm)
def invitation_create(request: Request) -> Made:
    """Ask an address into a role."""
    access.require(rules.can_send_invitations(request.user))
    form = bind(request, RoleInvitationForm, person=request.user)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.invite_into_role(**facts))


@room.writes("/invitations/{uuid:uuid}/letter", Made)
def invitation_resend(request: Request, uuid: UUID) -> Made:
    """Send a new link; the old one dies."""
    facts = {"invitation": _managed(request, uuid), "by": request.user, "at": clock.now()}
    return made(services.resend_role_invitation(**facts))


@room.writes("/invitations/{uuid:uuid}/end", Made)
def invitation_revoke(request: Request, uuid: UUID) -> Made:
    """Take an invitation back."""
    facts = {"invitation": _managed(request, uuid), "by": request.user, "at": clock.now()}
    return made(services.revoke_role_invitation(**facts))


def _managed(request: Request, uuid: UUID) -> RoleInvitation:
    rows = RoleInvitation.objects.select_related("organisation")
    invitation = access.get(rows, rules.invitations_visible_to(request.user), uuid=uuid)
    access.require(rules.can_manage_invitation(request.user, invitation))
    return invitation
