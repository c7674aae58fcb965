"""Minutes: written, circulated, given back or approved by other eyes, then fixed for good."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules, workflow
from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.apps.alliance.models import AgendaItem, Meeting, User
from bitgoeul.apps.alliance.queries import minutes_content
from bitgoeul.apps.alliance.services.committee_news import tell_members
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.engines import evidence


def write_minutes(
    *,
    meeting: Meeting,
    minutes: str,
    by: User | None,
    at: dt.datetime,
    items: Mapping[AgendaItem, str] | None = None,
) -> Meeting:
    """Write the minutes, as a whole and item by item; whoever wrote last is their writer."""
    if by is not None and not rules.can_run_meeting(by, meeting.committee):
        raise Refused(_("Minutes are written by chair, deputy and secretary."))
    if meeting.state != MeetingState.HELD:
        raise Refused(_("Minutes are written after the attendance, until they are circulated."))
    with transaction.atomic():
        meeting.minutes = minutes
        meeting.minutes_by = by
        check(meeting)
        meeting.save(update_fields=["minutes", "minutes_by"])
        for item, text in (items or {}).items():
            if item.meeting_id != meeting.pk:
                raise Refused(_("The item belongs to another meeting."))
            item.minutes = text
            check(item)
            item.save(update_fields=["minutes"])
        journal.record(
            event="minutes.written",
            by=by,
            at=at,
            on=meeting,
            after={"minutes": minutes, "items": [i.minutes for i in items or {}]},
            details={"meeting": meeting.key},
        )
    return meeting


def circulate_minutes(*, meeting: Meeting, by: User | None, at: dt.datetime) -> Meeting:
    """Circulate the minutes: members read them, nothing of the meeting can be changed."""
    if by is not None and not rules.can_run_meeting(by, meeting.committee):
        raise Refused(_("Minutes are circulated by chair, deputy and secretary."))
    state = workflow.meeting_after(meeting.state, "circulate")
    written = meeting.minutes.strip() or meeting.agenda.exclude(minutes="").exists()
    if not written or meeting.minutes_by_id is None:
        raise Refused(_("There is nothing to circulate yet. Write the minutes first."))
    with transaction.atomic():
        meeting.state = state
        meeting.circulated_at = at
        meeting.returned_reason = ""
        meeting.save(update_fields=["state", "circulated_at", "returned_reason"])
        digest = evidence.digest(minutes_content(meeting))
        journal.record(
            event="minutes.circulated",
            by=by,
            at=at,
            on=meeting,
            details={"meeting": meeting.key, "digest": digest},
        )
        tell_members("committee.circulated", meeting=meeting, people=_members(meeting), at=at)
    return meeting


def give_back_minutes(*, meeting: Meeting, reason: str, by: User, at: dt.datetime) -> Meeting:
    """Give circulated minutes back to their writer, saying what is wrong."""
    if not rules.can_approve_minutes(by, meeting):
        raise Refused(_("Minutes are approved by chair or deputy, and not by who wrote them."))
    if not reason.strip():
        raise Refused(_("Say what is wrong with the minutes."))
    with transaction.atomic():
        meeting.state = workflow.meeting_after(meeting.state, "give_back")
        meeting.returned_reason = reason.strip()
        check(meeting)
        meeting.save(update_fields=["state", "returned_reason"])
        journal.record(
            event="minutes.given_back",
            by=by,
            at=at,
            on=meeting,
            reason=meeting.returned_reason,
            details={"meeting": meeting.key},
        )
        people = [meeting.minutes_by] if meeting.minutes_by else []
        tell_members(
            "committee.given_back",
            meeting=meeting,
            people=people,
            at=at,
            reason=meeting.returned_reason,
        )
    return meeting


def approve_minutes(*, meeting: Meeting, by: User, at: dt.datetime) -> Meeting:
    """Approve circulated minutes (four eyes); their digest is sealed with the journal."""
    if not rules.can_approve_minutes(by, meeting):
        raise Refused(_("Minutes are approved by chair or deputy, and not by who wrote them."))
    with transaction.atomic():
        meeting.state = workflow.meeting_after(meeting.state, "approve")
        meeting.approved_by = by
        meeting.approved_at = at
        meeting.minutes_digest = evidence.digest(minutes_content(meeting))
        check(meeting)
        meeting.save(update_fields=["state", "approved_by", "approved_at", "minutes_digest"])
        journal.record(
            event="minutes.approved",
            by=by,
            at=at,
            on=meeting,
            details={"meeting": meeting.key, "digest": meeting.minutes_digest},
        )
        tell_members("committee.approved", meeting=meeting, people=_members(meeting), at=at)
    return meeting


def _members(meeting: Meeting) -> list[User]:
    return [row.seat.person for row in meeting.presences.select_related("seat__person")]
