"""Planning, calling, changing and cancelling meetings; answers and attendance."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules, workflow
from bitgoeul.apps.alliance.enums import MeetingState, PresenceState
from bitgoeul.apps.alliance.models import AgendaItem, Committee, Meeting, Presence, Seat, User
from bitgoeul.apps.alliance.queries import seats_on
from bitgoeul.apps.alliance.services.committee_news import tell_members
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import formats, journal
from bitgoeul.core.errors import Refused

ANSWERS = frozenset({PresenceState.COMING, PresenceState.NOT_COMING})
OUTCOMES = frozenset({PresenceState.PRESENT, PresenceState.ONLINE, PresenceState.ABSENT})
FACTS = ("starts_at", "ends_at", "place", "online_link")


def plan_meeting(
    *,
    committee: Committee,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    place: str = "",
    online_link: str = "",
) -> Meeting:
    """Plan a meeting; nobody is told before it is called."""
    _require_run(by, committee)
    year = formats.local_date(starts_at).year
    with transaction.atomic():
        Committee.objects.select_for_update().get(pk=committee.pk)
        last = Meeting.objects.filter(committee=committee, year=year).aggregate(n=Max("number"))
        meeting = Meeting(
            committee=committee,
            year=year,
            number=(last["n"] or 0) + 1,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            online_link=online_link,
        )
        _check_facts(meeting)
        meeting.save(force_insert=True)
        journal.record(
            event="meeting.planned",
            by=by,
            at=at,
            on=meeting,
            after=_state(meeting),
            details=_key(meeting),
        )
    return meeting


def change_meeting(
    *, meeting: Meeting, by: User | None, at: dt.datetime, **facts: object
) -> Meeting:
    """Change time or place; members who were called are told, with a new calendar file."""
    _require_run(by, meeting.committee)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.CALLED}:
        raise Refused(_("Time and place cannot be changed any more."), code="wrong_state")
    before = _state(meeting)
    with transaction.atomic():
        for name in FACTS:
            if name in facts:
                setattr(meeting, name, facts[name])
        _check_facts(meeting)
        if meeting.state == MeetingState.CALLED:
            meeting.changes += 1
        meeting.save()
        journal.record(
            event="meeting.changed",
            by=by,
            at=at,
            on=meeting,
            before=before,
            after=_state(meeting),
            details=_key(meeting),
        )
        if meeting.state == MeetingState.CALLED:
            tell_members("committee.changed", meeting=meeting, people=_invited(meeting), at=at)
    return meeting


def call_meeting(
    *, meeting: Meeting, by: User | None, at: dt.datetime, short_notice: str = ""
) -> Meeting:
    """Call a meeting: every member is invited with agenda and calendar file.

    Raises
    ------
    Refused
        When the agenda is empty, the day has passed, or the notice is shorter than the rules
        ask and no reason is given.
    """
    _require_run(by, meeting.committee)
    state = workflow.meeting_after(meeting.state, "call")
    if not meeting.agenda.exists():
        raise Refused(_("A meeting is called with its agenda. Add an item first."))
    if meeting.starts_at <= at:
        raise Refused(_("The meeting lies in the past."))
    days = (formats.local_date(meeting.starts_at) - formats.local_date(at)).days
    needed = meeting.committee.notice_days
    if days < needed and not short_notice.strip():
        raise Refused(
            _("The rules ask for %(needed)s days of notice, and there are %(days)s. Say why.")
            % {"needed": needed, "days": days},
            code="short_notice",
        )
    with transaction.atomic():
        meeting.state = state
        meeting.called_at = at
        meeting.short_notice = short_notice.strip() if days < needed else ""
        check(meeting)
        meeting.save()
        seats = seats_on(meeting.committee, on=formats.local_date(meeting.starts_at))
        Presence.objects.bulk_create([Presence(meeting=meeting, seat=seat) for seat in seats])
        journal.record(
            event="meeting.called",
            by=by,
            at=at,
            on=meeting,
            after=_state(meeting),
            reason=meeting.short_notice,
            details={**_key(meeting), "days_of_notice": days, "members": len(seats)},
        )
        tell_members("committee.called", meeting=meeting, people=_invited(meeting), at=at)
    return meeting


def cancel_meeting(*, meeting: Meeting, reason: str, by: User | None, at: dt.datetime) -> Meeting:
    """Cancel a meeting; whoever was called is told why."""
    _require_run(by, meeting.committee)
    was_called = meeting.state == MeetingState.CALLED
    meeting.state = workflow.meeting_after(meeting.state, "cancel")
    if not reason.strip():
        raise Refused(_("Say why the meeting does not take place."))
    with transaction.atomic():
        meeting.cancelled_reason = reason.strip()
        meeting.changes += 1
        check(meeting)
        meeting.save()
        journal.record(
            event="meeting.cancelled",
            by=by,
            at=at,
            on=meeting,
            after=_state(meeting),
            reason=meeting.cancelled_reason,
            details=_key(meeting),
        )
        if was_called:
            people = _invited(meeting)
            tell_members(
                "committee.cancelled",
                meeting=meeting,
                people=people,
                at=at,
                reason=meeting.cancelled_reason,
            )
    return meeting


def put_on_agenda(
    *,
    meeting: Meeting,
    title: str,
    by: User | None,
    at: dt.datetime,
    text: str = "",
    presenter: User | None = None,
    length_min: int | None = None,
) -> AgendaItem:
    """Put an item at the end of the agenda."""
    _require_change(by, meeting)
    with transaction.atomic():
        last = meeting.agenda.aggregate(n=Max("number"))["n"] or 0
        item = AgendaItem(
            meeting=meeting,
            number=last + 1,
            title=title,
            text=text,
            presenter=presenter,
            length_min=length_min,
        )
        check(item)
        item.save(force_insert=True)
        journal.record(
            event="agenda.added", by=by, at=at, on=item, after=_item_state(item), details=_of(item)
        )
    return item


def change_agenda(
    *, item: AgendaItem, by: User | None, at: dt.datetime, **facts: object
) -> AgendaItem:
    """Change an item of the agenda."""
    _require_change(by, item.meeting)
    before = _item_state(item)
    with transaction.atomic():
        for name in ("title", "text", "presenter", "length_min"):
            if name in facts:
                setattr(item, name, facts[name])
        check(item)
        item.save()
        journal.record(
            event="agenda.changed",
            by=by,
            at=at,
            on=item,
            before=before,
            after=_item_state(item),
            details=_of(item),
        )
    return item


def take_off_agenda(*, item: AgendaItem, by: User | None, at: dt.datetime) -> None:
    """Take an item off an agenda that nobody has seen yet; the later ones move up."""
    meeting = item.meeting
    _require_run(by, meeting.committee)
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("The agenda has been sent to the members already."), code="wrong_state")
    with transaction.atomic():
        journal.record(
            event="agenda.removed",
            by=by,
            at=at,
            on=item,
            before=_item_state(item),
            details=_of(item),
        )
        number = item.number
        item.delete()
        for later in meeting.agenda.filter(number__gt=number).order_by("number"):
            later.number -= 1
            later.save(update_fields=["number"])


def answer_meeting(
    *,
    meeting: Meeting,
    answer: str,
    by: User,
    at: dt.datetime,
    proxy: Seat | None = None,
) -> Presence:
    """Say whether one comes, or who of the members speaks for one."""
    if not rules.can_answer_meeting(by, meeting):
        raise Refused(_("This meeting asks nothing of you."))
    if answer not in ANSWERS:
        raise Refused(_("Say whether you come."))
    with transaction.atomic():
        presence = meeting.presences.select_related("seat__person").get(seat__person=by)
        presence.state = PresenceState(answer)
        presence.proxy = proxy if answer == PresenceState.NOT_COMING else None
        presence.answered_at = at
        _check_proxy(presence)
        presence.save()
        journal.record(
            event="attendance.answered",
            by=by,
            at=at,
            on=presence,
            after=_presence_state(presence),
            details={**_key(meeting), "answer": presence.state},
        )
    return presence


@dataclass(frozen=True, kw_only=True)
class Attended:
    """How it was with one member."""

    presence: Presence
    state: str
    proxy: Seat | None = None


def record_attendance(
    *, meeting: Meeting, attended: Sequence[Attended], by: User | None, at: dt.datetime
) -> Meeting:
    """Write down who was there; with it the meeting has been held and its minutes are written."""
    _require_change(by, meeting)
    state = workflow.meeting_after(meeting.state, "hold")
    if at < meeting.starts_at:
        raise Refused(_("The meeting has not begun yet."))
    with transaction.atomic():
        # Proxies first let go: two members may change places.
        meeting.presences.update(proxy=None)
        for one in attended:
            if one.presence.meeting_id != meeting.pk or one.state not in OUTCOMES:
                raise Refused(_("The attendance is not complete."))
            one.presence.state = PresenceState(one.state)
            one.presence.proxy = one.proxy if one.state == PresenceState.ABSENT else None
            _check_proxy(one.presence)
            one.presence.save()
        if meeting.presences.exclude(state__in=OUTCOMES).exists():
            raise Refused(_("The attendance is not complete."))
        meeting.state = state
        meeting.save(update_fields=["state"])
        journal.record(
            event="meeting.held",
            by=by,
            at=at,
            on=meeting,
            after=_state(meeting),
            details={**_key(meeting), "members": len(attended)},
        )
    return meeting


def _check_proxy(presence: Presence) -> None:
    proxy = presence.proxy
    if proxy is None:
        check(presence)
        return
    others = Presence.objects.filter(meeting=presence.meeting_id)
    if not others.filter(seat=proxy).exists() or proxy.pk == presence.seat_id:
        raise Refused(_("A proxy is another member of the committee."))
    if others.filter(proxy=proxy).exclude(pk=presence.pk).exists():
        raise Refused(_("%(name)s already speaks for another member.") % {"name": proxy.person})
    check(presence)


def _require_run(by: User | None, committee: Committee) -> None:
    if by is not None and not rules.can_run_meeting(by, committee):
        raise Refused(_("Meetings are run by chair, deputy and secretary."))


def _require_change(by: User | None, meeting: Meeting) -> None:
    _require_run(by, meeting.committee)
    if meeting.state not in rules.CHANGEABLE:
        raise Refused(_("Nothing of this meeting can be changed any more."), code="wrong_state")


def _check_facts(meeting: Meeting) -> None:
    if meeting.ends_at <= meeting.starts_at:
        raise Refused(_("A meeting ends after it has begun."))
    if not meeting.place and not meeting.online_link:
        raise Refused(_("Name a place, a link, or both."))
    check(meeting)


def _invited(meeting: Meeting) -> list[User]:
    rows = meeting.presences.select_related("seat__person").order_by("pk")
    return [row.seat.person for row in rows]


def _key(meeting: Meeting) -> dict[str, object]:
    return {"committee": str(meeting.committee.uuid), "meeting": meeting.key}


def _of(item: AgendaItem) -> dict[str, object]:
    return {"meeting": str(item.meeting.uuid), "number": item.number}


def _state(meeting: Meeting) -> dict[str, object]:
    fields = (*FACTS, "state", "short_notice", "cancelled_reason", "minutes_digest")
    return {name: getattr(meeting, name) for name in fields}


def _item_state(item: AgendaItem) -> dict[str, object]:
    return {
        "title": item.title,
        "text": item.text,
        "presenter": item.presenter.uuid if item.presenter else None,
        "length_min": item.length_min,
        "minutes": item.minutes,
    }


def _presence_state(presence: Presence) -> dict[str, object]:
    return {
        "meeting": presence.meeting.uuid,
        "seat": presence.seat.uuid,
        "state": presence.state,
        "proxy": presence.proxy.uuid if presence.proxy else None,
    }
