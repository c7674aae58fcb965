"""Asking somebody by letter to act in a role, and what comes of it."""

import base64
import datetime as dt
import hashlib

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules
from bitgoeul.apps.alliance.enums import InvitationState
from bitgoeul.apps.alliance.models import Membership, Organisation, RoleInvitation, User
from bitgoeul.apps.alliance.services.organisations import check, give_membership
from bitgoeul.apps.alliance.services.people import register_person
from bitgoeul.core import clock, jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve

ROLE_INVITATION_DAYS = 7
FORGET_AFTER = dt.timedelta(days=90)
"""What came to nothing is forgotten: the address of somebody who never answered is not ours."""

_SALT = "bitgoeul.alliance.role_invitation"
# By its path: tasks stand above services, and only the queue looks the name up.
_LETTER_TASK = "bitgoeul.apps.alliance.tasks.send_role_invitation"


def invite_into_role(
    *,
    email: str,
    organisation: Organisation,
    role: str,
    by: User,
    at: dt.datetime,
    language: str = "ko",
) -> RoleInvitation:
    """Have the worker send a letter with a link that works once, for seven days.

    Raises
    ------
    Refused
        When `by` may not, an invitation waits already, or the person acts in the role.
    """
    if not rules.can_invite_into_role(by, organisation, role):
        raise Refused(_("You may not invite people into this role."))
    address = email.strip().lower()
    with transaction.atomic():
        _forget_what_came_to_nothing(at)
        _require_new(address, organisation, role)
        invitation = RoleInvitation(
            email=address,
            organisation=organisation,
            role=role,
            language=language,
            invited_by=by,
            invited_at=at,
            expires_at=at + dt.timedelta(days=ROLE_INVITATION_DAYS),
            letters=1,
        )
        invitation.token_sha256 = _checksum(_token(invitation))
        check(invitation)
        invitation.save(force_insert=True)
        _record(invitation, "role_invitation.sent", by=by, at=at)
        _send(invitation, by=by, at=at)
    return invitation


def resend_role_invitation(
    *, invitation: RoleInvitation, by: User, at: dt.datetime
) -> RoleInvitation:
    """Send a new link for seven days more; the old one dies."""
    with transaction.atomic():
        invitation = _locked(invitation)
        if not rules.can_manage_invitation(by, invitation):
            raise Refused(_("You may not invite people into this role."))
        if invitation.state(at=at) not in {InvitationState.OPEN, InvitationState.EXPIRED}:
            raise Refused(_("This invitation has come to its end. Send a new one."))
        invitation.expires_at = at + dt.timedelta(days=ROLE_INVITATION_DAYS)
        invitation.letters += 1
        invitation.token_sha256 = _checksum(_token(invitation))
        invitation.save(update_fields=["expires_at", "letters", "token_sha256"])
        _record(invitation, "role_invitation.resent", by=by, at=at)
        _send(invitation, by=by, at=at)
    return invitation


def revoke_role_invitation(
    *, invitation: RoleInvitation, by: User, at: dt.datetime
) -> RoleInvitation:
    """Take it back: the link dies at once."""
    with transaction.atomic():
        invitation = _locked(invitation)
        if not rules.can_manage_invitation(by, invitation):
            raise Refused(_("You may not invite people into this role."))
        if invitation.state(at=at) not in {InvitationState.OPEN, InvitationState.EXPIRED}:
            raise Refused(_("This invitation has come to its end already."))
        invitation.revoked_at, invitation.token_sha256 = at, ""
        invitation.save(update_fields=["revoked_at", "token_sha256"])
        _record(invitation, "role_invitation.revoked", by=by, at=at)
    return invitation


def send_role_invitation_letter(*, invitation: RoleInvitation, at: dt.datetime) -> None:
    """Send the letter, in the language it was asked for; nothing, when it was taken back.

    The key stands in the letter only: it is derived anew here, not kept with the job.
    """
    if invitation.state(at=at) != InvitationState.OPEN:
        return
    with translation.override(invitation.language):
        path = reverse("alliance:role_invitation", kwargs={"token": _token(invitation)})
        context = {
            "invitation": invitation,
            "link": settings.BITGOEUL.public_url + path,
            "days": ROLE_INVITATION_DAYS,
        }
        text = render_to_string("alliance/role_invitation_letter.txt", context)
        send_mail(_("You are invited to Bitgoeul"), text, None, [invitation.email])


def role_invitation_of(token: str, *, at: dt.datetime) -> RoleInvitation | None:
    """Return what a link belongs to; None when it is none, used, taken back or too old."""
    found = RoleInvitation.objects.filter(token_sha256=_checksum(token))
    waiting = found.in_state(InvitationState.OPEN, at=at)
    for invitation in waiting.select_related("organisation", "invited_by"):
        if rules.can_invite_into_role(
            invitation.invited_by, invitation.organisation, invitation.role
        ):
            return invitation
    return None


def accept_role_invitation(
    *, invitation: RoleInvitation, token: str, person: User, at: dt.datetime
) -> Membership:
    """Take the role, as the person whose address was invited and who is signed in.

    Raises
    ------
    Refused
        When the link no longer works, or belongs to another address.
    """
    with transaction.atomic():
        invitation = _open_under_lock(invitation, token, at=at)
        if queries.account_of(invitation.email) != person:
            raise Refused(_("This invitation was sent to another address than yours."))
        return _accepted(invitation, person, at=at)


def join_by_role_invitation(
    *,
    invitation: RoleInvitation,
    token: str,
    full_name: str,
    password: str,
    at: dt.datetime,
) -> Membership:
    """Make the account of the invited address, or give it its first password, and take the role.

    Raises
    ------
    Refused
        When the link no longer works, the address has an account that signs in, or the password
        is too weak.
    """
    with transaction.atomic():
        invitation = _open_under_lock(invitation, token, at=at)
        person = register_person(
            email=invitation.email,
            full_name=full_name,
            language=invitation.language,
            by=None,
            at=at,
        )
        person = User.objects.select_for_update().get(pk=person.pk)
        if queries.can_sign_in(person) or not person.is_active:
            raise Refused(_("This address has an account. Sign in first."))
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), code="invalid") from error
        person.set_password(password)
        person.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        return _accepted(invitation, person, at=at)


def _accepted(invitation: RoleInvitation, person: User, *, at: dt.datetime) -> Membership:
    invitation.accepted_at, invitation.accepted_by, invitation.token_sha256 = at, person, ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "token_sha256"])
    _record(invitation, "role_invitation.accepted", by=person, at=at)
    return give_membership(
        person=person,
        organisation=invitation.organisation,
        role=invitation.role,
        started_on=at.astimezone(clock.SEOUL).date(),
        by=person,
        at=at,
    )


def _open_under_lock(invitation: RoleInvitation, token: str, *, at: dt.datetime) -> RoleInvitation:
    sender = invitation.invited_by
    allowed = rules.can_invite_into_role(sender, invitation.organisation, invitation.role)
    # Looked at again under the lock: of two windows with the same letter one wins.
    locked = _locked(invitation)
    same = constant_time_compare(locked.token_sha256, _checksum(token))
    if not allowed or not same or locked.state(at=at) != InvitationState.OPEN:
        raise Refused(_("This link has been used or is too old. Ask for a new one."))
    return locked


def _locked(invitation: RoleInvitation) -> RoleInvitation:
    rows = RoleInvitation.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=invitation.pk)


def _require_new(email: str, organisation: Organisation, role: str) -> None:
    waiting = RoleInvitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    if waiting.filter(email=email, organisation=organisation, role=role).exists():
        raise Refused(_("An invitation of this address into this role waits already."))
    acting = Membership.objects.filter(organisation=organisation, role=role)
    if acting.filter(person__email=email, ended_on__isnull=True).exists():
        raise Refused(_("This person already has this role in this organisation."))


def _forget_what_came_to_nothing(at: dt.datetime) -> None:
    old = RoleInvitation.objects.filter(accepted_at__isnull=True, expires_at__lt=at - FORGET_AFTER)
    old.delete()


def _record(invitation: RoleInvitation, event: str, *, by: User, at: dt.datetime) -> None:
    details = {"role": invitation.role, "organisation": str(invitation.organisation.uuid)}
    journal.record(event=event, by=by, at=at, on=invitation, details=details)


def _send(invitation: RoleInvitation, *, by: User, at: dt.datetime) -> None:
    jobs.enqueue(
        resolve(_LETTER_TASK),
        by=by,
        at=at,
        dedupe=f"role-invitation:{invitation.uuid}:{at.isoformat()}",
        invitation=str(invitation.uuid),
    )


def _token(invitation: RoleInvitation) -> str:
    """Derive the key of the newest letter: 256 bits that only this installation can make."""
    held = f"{invitation.uuid}:{invitation.letters}"
    digest = salted_hmac(_SALT, held, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
