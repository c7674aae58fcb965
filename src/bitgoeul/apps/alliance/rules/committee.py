"""Who may see and do what in the steering committee of an agreement.

Members see everything of their committee but documents that are for others; officers of the
parties see it, too: they answer for the agreement. Whoever is neither finds nothing here, except
the actions that are theirs and documents that are for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance.enums import (
    ActionState,
    DocumentAccess,
    MeetingState,
    Office,
)
from bitgoeul.apps.alliance.rules.roles import (
    PUBLIC_KINDS,
    officer_organisations,
    oversees_agreement,
)
from bitgoeul.core import access, clock

if TYPE_CHECKING:
    from bitgoeul.apps.alliance.models import (
        Action,
        Agreement,
        Committee,
        Decision,
        Meeting,
        Seat,
        SharedDocument,
    )
    from bitgoeul.apps.alliance.rules.roles import Person

LEADS = frozenset({Office.CHAIR, Office.DEPUTY})
RUNS = LEADS | {Office.SECRETARY}
CHANGEABLE = frozenset({MeetingState.PLANNED, MeetingState.CALLED, MeetingState.HELD})
"""While agenda, attendance and minutes may be written; circulated, they stand."""
_MEMO = "_bitgoeul_seats"


def seats_of(user: Person | None) -> list[Seat]:
    """Return the seats that a person holds today; one query for a request."""
    if user is None or not user.is_authenticated:
        return []
    today = clock.today()
    known = getattr(user, _MEMO, None)
    if known is None or known[0] != today:
        known = (today, list(user.seats.on(today).select_related("committee")))
        setattr(user, _MEMO, known)
    found: list[Seat] = known[1]
    return found


def forget_seats(user: Person) -> None:
    """Have the seats read again: they have just been changed."""
    user.__dict__.pop(_MEMO, None)


def _committees(user: Person | None, offices: Iterable[str] | None = None) -> set[int]:
    wanted = None if offices is None else set(offices)
    return {s.committee_id for s in seats_of(user) if wanted is None or s.office in wanted}


def _offices(user: Person | None, committee_id: int) -> set[str]:
    return {seat.office for seat in seats_of(user) if seat.committee_id == committee_id}


def committees_visible_to(user: Person | None, *, prefix: str = "") -> Q:
    """Let through one's own committees and those of one's organisation's agreements.

    `prefix` leads to the committee.
    """
    held, own = _committees(user), officer_organisations(user)
    if not held and not own:
        return access.NOBODY
    seen = Q(**{f"{prefix}pk__in": held})
    return seen | Q(**{f"{prefix}agreement__parties__in": own}) if own else seen


def can_view_committee(user: Person | None, committee: Committee) -> bool:
    """Tell whether `committees_visible_to` lets one committee through."""
    return is_member(user, committee) or _is_officer_of_party(user, committee)


def has_committee(user: Person | None) -> bool:
    """Tell whether there is any committee that a person sees: as a member, or as an officer."""
    return bool(seats_of(user) or officer_organisations(user))


def is_member(user: Person | None, committee: Committee) -> bool:
    """Tell whether a person sits in the committee today."""
    return committee.pk in _committees(user)


def _is_officer_of_party(
    user: Person | None, committee: Committee, *, public: bool = False
) -> bool:
    """Of a party of the committee's agreement; `public`: of its city or university."""
    own = officer_organisations(user, kinds=PUBLIC_KINDS if public else None)
    if user is None or not own:
        return False
    signed = committee.agreement.signatories.filter(organisation__in=own)
    question = ("alliance.party_officer", committee.agreement_id, public)
    return access.once(user, question, signed.exists)


def can_found_committee(user: Person | None, agreement: Agreement) -> bool:
    """An officer of the agreement's city or university founds its committee."""
    return oversees_agreement(user, agreement)


def can_manage_committee(user: Person | None, committee: Committee) -> bool:
    """Rules and seats are kept by chair, deputy and secretary, and by whoever may found it."""
    runs = bool(_offices(user, committee.pk) & RUNS)
    return runs or _is_officer_of_party(user, committee, public=True)


def can_run_meeting(user: Person | None, committee: Committee) -> bool:
    """Meetings are called and written down by chair, deputy and secretary."""
    return bool(_offices(user, committee.pk) & RUNS)


def meetings_visible_to(user: Person | None) -> Q:
    """Meetings are seen with their committee; one that is only being prepared by who runs it."""
    planned = Q(state=MeetingState.PLANNED) & ~Q(committee__in=_committees(user, RUNS))
    return committees_visible_to(user, prefix="committee__") & ~planned


def agenda_visible_to(user: Person | None) -> Q:
    """The agenda is seen with its meeting."""
    planned = Q(meeting__state=MeetingState.PLANNED) & ~Q(
        meeting__committee__in=_committees(user, RUNS)
    )
    return committees_visible_to(user, prefix="meeting__committee__") & ~planned


def can_view_meeting(user: Person | None, meeting: Meeting) -> bool:
    """Tell whether `meetings_visible_to` lets one meeting through."""
    if meeting.state == MeetingState.PLANNED:
        return can_run_meeting(user, meeting.committee)
    return can_view_committee(user, meeting.committee)


def can_change_meeting(user: Person | None, meeting: Meeting) -> bool:
    """Agenda, attendance and minutes are written until the minutes are circulated."""
    return can_run_meeting(user, meeting.committee) and meeting.state in CHANGEABLE


def can_answer_meeting(user: Person | None, meeting: Meeting) -> bool:
    """Members answer a call until the meeting is written down."""
    return is_member(user, meeting.committee) and meeting.state == MeetingState.CALLED


def can_approve_minutes(user: Person | None, meeting: Meeting) -> bool:
    """Four eyes: chair or deputy, and not whoever wrote the minutes."""
    leads = bool(_offices(user, meeting.committee_id) & LEADS)
    return leads and user is not None and meeting.minutes_by_id != user.pk


def decisions_visible_to(user: Person | None) -> Q:
    """Decisions are seen with their committee."""
    return committees_visible_to(user, prefix="committee__")


def can_view_decision(user: Person | None, decision: Decision) -> bool:
    """Tell whether `decisions_visible_to` lets one decision through."""
    return can_view_committee(user, decision.committee)


def actions_visible_to(user: Person | None) -> Q:
    """Actions are seen with their committee, and by their owner."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    return committees_visible_to(user, prefix="committee__") | Q(owner=user.pk)


def can_view_action(user: Person | None, action: Action) -> bool:
    """Tell whether `actions_visible_to` lets one action through."""
    own = user is not None and user.is_authenticated and action.owner_id == user.pk
    return own or can_view_committee(user, action.committee)


def can_give_action(user: Person | None, committee: Committee) -> bool:
    """Actions are given by whoever runs the committee."""
    return can_run_meeting(user, committee)


def can_settle_action(user: Person | None, action: Action) -> bool:
    """Done: by its owner, or by whoever runs the committee."""
    own = user is not None and user.is_authenticated and action.owner_id == user.pk
    runs = can_run_meeting(user, action.committee)
    return (own or runs) and action.state == ActionState.OPEN


def can_drop_action(user: Person | None, action: Action) -> bool:
    """Dropped: by whoever runs the committee, never by the owner alone."""
    return can_run_meeting(user, action.committee) and action.state == ActionState.OPEN


def documents_visible_to(user: Person | None) -> Q:
    """The one rule of every document: whom it is for, until its last day, unless withdrawn."""
    standing = Q(withdrawn_at__isnull=True) & (
        Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today())
    )
    return standing & documents_meant_for(user)


def documents_meant_for(user: Person | None) -> Q:
    """Whom documents are for, whether or not they still stand."""
    seen = Q(access=DocumentAccess.PUBLIC)
    members = Q(access=DocumentAccess.MEMBERS)
    party = Q(access=DocumentAccess.PARTY)
    for seat in seats_of(user):
        seen |= members & Q(committee=seat.committee_id)
        seen |= party & Q(committee=seat.committee_id, party=seat.organisation_id)
    if own := officer_organisations(user):
        # A signatory's officer: the document's agreement is one that the organisation signed.
        seen |= Q(access=DocumentAccess.OFFICERS, committee__agreement__parties__in=own)
        seen |= party & Q(party__in=own)
    return seen


def can_read_document(user: Person | None, document: SharedDocument) -> bool:
    """Tell whether `documents_visible_to` lets one document through."""
    over = document.expires_on is not None and document.expires_on < clock.today()
    if document.withdrawn_at is not None or over:
        return False
    if document.access == DocumentAccess.PUBLIC:
        return True
    own = officer_organisations(user)
    seats = [seat for seat in seats_of(user) if seat.committee_id == document.committee_id]
    if document.access == DocumentAccess.MEMBERS:
        return bool(seats)
    if document.access == DocumentAccess.PARTY:
        parties = {seat.organisation_id for seat in seats} | own
        return document.party_id in parties
    return _is_officer_of_party(user, document.committee)


def can_share_document(user: Person | None, committee: Committee) -> bool:
    """Every member shares documents."""
    return is_member(user, committee)


def can_change_document(user: Person | None, document: SharedDocument) -> bool:
    """New versions and withdrawing: whoever may read it and runs the committee or shared it."""
    if user is None or not can_read_document(user, document):
        return False
    own = any(version.uploaded_by_id == user.pk for version in document.versions.all())
    member = is_member(user, document.committee)
    return member and (own or can_run_meeting(user, document.committee))


def superseded() -> Q:
    """The filter of decisions that another one has replaced."""
    return Q(superseded_by__isnull=False)


def overdue() -> Q:
    """The filter of open actions whose day has passed."""
    return Q(state=ActionState.OPEN, due_on__lt=clock.today())
