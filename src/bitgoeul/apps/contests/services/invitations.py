"""A captain invites: by a link that expires, or a letter whose link works once."""

import base64
import datetime as dt
import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestState, TeamState
from bitgoeul.apps.contests.models import Invitation, Team, TeamMember
from bitgoeul.apps.contests.services.permission import require
from bitgoeul.apps.contests.services.teams import add_member, locked_team
from bitgoeul.core import jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve

DAYS, MOST_OPEN = 7, 20
MOST_LETTERS = 20
"""Letters within a day, of a team and of a person: taking one back frees none."""
_DAY = dt.timedelta(days=1)
_SALT = "bitgoeul.contests.invitation"
# By its path: tasks stand above services, and only the queue looks the name up.
_LETTER_TASK = "bitgoeul.apps.contests.tasks.send_invitation_letter"


def invite_member(
    *, team: Team, by: User, at: dt.datetime, email: str = "", days: int = DAYS
) -> Invitation:
    """Make a link into a team; with an address it is sent there and works once.

    Raises
    ------
    Refused
        When `by` does not lead the team, the address is none, too many links are open, or too
        many letters were sent within a day.
    """
    email = email.strip().lower()
    _check_address(email)
    with transaction.atomic():
        team = locked_team(team)
        require(by, rules.can_lead_team, team)
        if open_invitations(team, at=at).count() >= MOST_OPEN:
            raise Refused(_("Too many invitations are open; take some back first."), code="full")
        if email and _letters_today(team, by, at=at) >= MOST_LETTERS:
            told = _("Too many letters within a day; pass on a link yourself, or wait a day.")
            raise Refused(told, code="full")
        invitation = Invitation(
            team=team,
            email=email,
            made_by=by,
            made_at=at,
            expires_at=at + dt.timedelta(days=min(max(days, 1), 30)),
        )
        invitation.key_sha256 = _checksum(key_of(invitation))
        invitation.save(force_insert=True)
        details = {"by_letter": bool(email)}
        journal.record(event="team.invited", by=by, at=at, on=team, details=details)
        if email:
            jobs.enqueue(
                resolve(_LETTER_TASK), by=by, at=at, dedupe=f"team-invitation:{invitation.uuid}",
                invitation=str(invitation.uuid),
            )  # fmt: skip
    return invitation


def revoke_invitation(*, invitation: Invitation, by: User, at: dt.datetime) -> Invitation:
    """Take an invitation back: the link dies at once."""
    with transaction.atomic():
        team = locked_team(invitation.team)
        require(by, rules.can_lead_team, team)
        if invitation.revoked_at is None:
            invitation.revoked_at = at
            invitation.save(update_fields=["revoked_at"])
            journal.record(event="team.invitation_revoked", by=by, at=at, on=team)
    return invitation


def join_team(*, key: str, person: User, by: User | None, at: dt.datetime) -> TeamMember:
    """Join a team by the key of an invitation.

    Raises
    ------
    Refused
        When the link works no more, the team is full, or the person may not take part.
    """
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone takes part for themselves."), code="not_allowed")
    found = invitation_of(key, at=at)
    if found is None:
        raise Refused(_("This link does not work any more. Ask for a new one."), code="gone")
    with transaction.atomic():
        team = locked_team(found.team)
        invitation = Invitation.objects.select_for_update().get(pk=found.pk)
        if invitation_of(key, at=at) is None:
            raise Refused(_("This link does not work any more. Ask for a new one."), code="gone")
        if team.state != TeamState.ACTIVE or team.contest.state not in _JOINABLE:
            raise Refused(_("This team takes nobody in any more."), code="wrong_state")
        if at > team.contest.registration_closes_at:
            raise Refused(_("Registration is not open now."), code="not_open")
        member = add_member(team=team, person=person, by=by, at=at)
        if invitation.email:
            invitation.used_at = at
            invitation.save(update_fields=["used_at"])
    return member


def send_invitation_letter(*, invitation: Invitation, at: dt.datetime) -> None:
    """Send the letter; nothing, when the link works no more."""
    if not invitation.email or invitation_of(key_of(invitation), at=at) is None:
        return
    team = invitation.team
    facts = {"team": team.name, "contest": team.contest.title, "link": link_of(invitation)}
    text = _(
        "You are invited to take part in “%(contest)s” in the team “%(team)s”.\n\n"
        "Open this link, sign in or make an account, and join:\n%(link)s\n\n"
        "The link works once and expires. If you do not know the team, do nothing."
    )
    send_mail(_("You are invited into a team"), text % facts, None, [invitation.email])


def invitation_of(key: str, *, at: dt.datetime) -> Invitation | None:
    """Return what a link belongs to; None when it is none, used, taken back or too old."""
    rows = Invitation.objects.filter(
        key_sha256=_checksum(key), revoked_at__isnull=True, used_at__isnull=True, expires_at__gt=at
    )
    return rows.select_related("team__contest__owner", "team__captain").first()


def open_invitations(team: Team, *, at: dt.datetime) -> QuerySet[Invitation]:
    """Return the invitations of a team that still work."""
    return team.invitations.filter(revoked_at__isnull=True, used_at__isnull=True, expires_at__gt=at)


def key_of(invitation: Invitation) -> str:
    """Derive the key of a link: 256 bits that only this installation can make."""
    digest = salted_hmac(_SALT, str(invitation.uuid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def link_of(invitation: Invitation) -> str:
    """Return the whole address of an invitation."""
    path = reverse("contests:invitation", kwargs={"key": key_of(invitation)})
    return f"{settings.BITGOEUL.public_url}{path}"


_JOINABLE = (ContestState.PUBLISHED, ContestState.RUNNING)


def _checksum(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _letters_today(team: Team, by: User, *, at: dt.datetime) -> int:
    sent = Invitation.objects.filter(Q(team=team) | Q(made_by=by), made_at__gt=at - _DAY)
    return sent.exclude(email="").count()


def _check_address(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
