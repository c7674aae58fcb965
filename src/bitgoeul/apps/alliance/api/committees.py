"""Committees for programs: rules, seats, meetings, agenda, attendance and minutes."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.api.room import Made, made, room
from bitgoeul.apps.alliance.forms import (
    AgendaForm,
    AnswerForm,
    AttendanceForm,
    CallForm,
    CommitteeForm,
    CommitteeReasonForm,
    CommitteeRulesForm,
    MeetingForm,
    MinutesForm,
    SeatEndForm,
    SeatForm,
)
from bitgoeul.apps.alliance.models import AgendaItem, Committee, Meeting, Presence, Seat
from bitgoeul.apps.alliance.views import committees as pages
from bitgoeul.apps.alliance.views import meetings, minutes
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import PDF, Request
from bitgoeul.core.api.rows import At, Row, every, listed, one
from bitgoeul.core.api.values import Clean

ICS = "text/calendar"
Told = Annotated[str, Field(max_length=20_000), Clean]


class CommitteeRow(Row):
    """A committee in a list."""

    uuid: UUID
    agreement: Annotated[UUID, At("agreement__uuid")]
    name_ko: str
    name_en: str
    founded_on: dt.date
    voting: str
    majority: str
    quorum_percent: int
    quorum_parties: bool
    notice_days: int


class SeatRow(Row):
    """Who sits for which party."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    organisation: Annotated[UUID, At("organisation__uuid")]
    office: str
    started_on: dt.date
    ended_on: dt.date | None


class MeetingRow(Row):
    """A meeting in a list."""

    uuid: UUID
    year: int
    number: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    online_link: str
    state: str


class CommitteeOut(CommitteeRow):
    """A committee with who sits in it and its meetings."""

    seats: Annotated[list[SeatRow], At("")]
    meetings: Annotated[list[MeetingRow], At("")]


class PresenceRow(Row):
    """Whether a member comes, or came."""

    seat: Annotated[UUID, At("seat__uuid")]
    full_name: Annotated[str, At("seat__person__full_name")]
    state: str
    proxy: Annotated[UUID | None, At("proxy__uuid")]


class AgendaRow(Row):
    """An item of the agenda, and what was said to it."""

    uuid: UUID
    number: int
    title: str
    text: str
    presenter: Annotated[UUID | None, At("presenter__uuid")]
    length_min: int | None
    minutes: str


class MeetingOut(MeetingRow):
    """A meeting with agenda, attendance and minutes."""

    committee: Annotated[UUID, At("committee__uuid")]
    called_at: dt.datetime | None
    short_notice: str
    cancelled_reason: str
    minutes: str
    minutes_digest: str
    agenda: Annotated[list[AgendaRow], At("")]
    attendance: Annotated[list[PresenceRow], At("")]
    quorum_reached: Annotated[bool, At("")]


class AttendedIn(Body):
    """How it was with one member."""

    seat: UUID
    state: Literal["present", "online", "absent"]
    proxy: UUID | None = None


class AttendanceIn(Body):
    """The attendance of a meeting: every member."""

    members: Annotated[list[AttendedIn], Field(max_length=200)]


class SaidIn(Body):
    """What was said to an item of the agenda."""

    number: Annotated[int, Field(ge=1, le=1000)]
    minutes: Told


class MinutesIn(Body):
    """Minutes as a whole and item by item; an item that is not named keeps what it has."""

    minutes: Told = ""
    items: Annotated[list[SaidIn], Field(max_length=200)] = []


@room.lists("/committees", CommitteeRow)
def committee_list(request: Request) -> Any:
    """List the committees that one sits in or whose agreement one's organisation signed."""
    found = Committee.objects.filter(rules.committees_visible_to(request.user)).distinct()
    access.require(found.exists())
    return listed(request, found, CommitteeRow)


@room.reads("/committees/{uuid:uuid}", CommitteeOut)
def committee_detail(request: Request, uuid: UUID) -> Any:
    """Read a committee's rules, members and meetings; the reading is recorded."""
    user = request.user
    visible = rules.committees_visible_to(user)
    found = one(Committee.objects.all(), visible, CommitteeOut, uuid=uuid)
    seats = every(Seat.objects.filter(committee__uuid=uuid), SeatRow)
    seen = Meeting.objects.filter(rules.meetings_visible_to(user), committee__uuid=uuid)
    _note(request, [seat["person"] for seat in seats], what="alliance.committee", about=uuid)
    return found | {"seats": seats, "meetings": every(seen.distinct(), MeetingRow)}


@room.writes("/agreements/{uuid:uuid}/committee", Made, status=201, body=CommitteeForm)
def committee_create(request: Request, uuid: UUID) -> Made:
    """Found the committee of an agreement."""
    visible = rules.agreements_visible_to(request.user)
    agreement = access.get(queries.with_parties(), visible, uuid=uuid)
    access.require(rules.can_found_committee(request.user, agreement))
    facts = {**bind(request, CommitteeForm).cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.found_committee(agreement=agreement, **facts))


@room.writes("/committees/{uuid:uuid}/rules", Made, method="PATCH", body=CommitteeRulesForm)
def committee_edit(request: Request, uuid: UUID) -> Made:
    """Change the standing rules."""
    committee = pages.committee_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person
    access.require(rules.can_manage_committee(request.user, committee))
    form = bind(request, CommitteeRulesForm, instance=committee)
    stored = queries.committees().get(pk=committee.pk)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.change_committee_rules(committee=stored, **facts))


@room.writes("/committees/{uuid:uuid}/seats", Made, status=201, body=SeatForm)
def seat_add(request: Request, uuid: UUID) -> Made:
    """Give somebody a seat."""
    committee = pages.committee_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person
    access.require(rules.can_manage_committee(request.user, committee))
    form = bind(request, SeatForm, committee=committee)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.give_seat(committee=committee, **facts))


@room.writes("/seats/{uuid:uuid}/end", Made, body=SeatEndForm)
def seat_end(request: Request, uuid: UUID) -> Made:
    """End a term."""
    visible = rules.committees_visible_to(request.user, prefix="committee__")
    rows = Seat.objects.select_related("person", "organisation")
    seat = access.get(rows, visible, uuid=uuid)
    committee = queries.committees().get(pk=seat.committee_id)
    access.require(rules.can_manage_committee(request.user, committee))
    last = bind(request, SeatEndForm).cleaned_data["ended_on"]
    return made(services.end_seat(seat=seat, ended_on=last, by=request.user, at=clock.now()))


@room.reads("/meetings/{uuid:uuid}", MeetingOut)
def meeting_detail(request: Request, uuid: UUID) -> Any:
    """Read a meeting with agenda, attendance and minutes; the reading is recorded."""
    meeting = _meeting(request, uuid)
    presences = queries.presences_of(meeting)
    agenda = list(meeting.agenda.select_related("presenter"))
    people = queries.people_of([*presences, *agenda], "seat.person", "presenter")
    _note(request, people, what="alliance.meeting", about=uuid)
    return one(Meeting.objects.all(), access.EVERYBODY, MeetingOut, uuid=uuid) | {
        "agenda": every(AgendaItem.objects.filter(meeting=meeting), AgendaRow),
        "attendance": every(Presence.objects.filter(meeting=meeting), PresenceRow),
        "quorum_reached": queries.quorum_of(meeting, presences).reached,
    }


@room.writes("/committees/{uuid:uuid}/meetings", Made, status=201, body=MeetingForm)
def meeting_create(request: Request, uuid: UUID) -> Made:
    """Plan a meeting."""
    committee = pages.committee_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person
    access.require(rules.can_run_meeting(request.user, committee))
    facts = {**bind(request, MeetingForm).cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.plan_meeting(committee=committee, **facts))


@room.writes("/meetings/{uuid:uuid}", Made, method="PATCH", body=MeetingForm)
def meeting_edit(request: Request, uuid: UUID) -> Made:
    """Change time and place; members who were called are told."""
    meeting = _run(request, uuid)
    form = bind(request, MeetingForm, instance=meeting)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.change_meeting(meeting=_run(request, uuid), **facts))


@room.writes("/meetings/{uuid:uuid}/agenda", Made, status=201, body=AgendaForm)
def agenda_add(request: Request, uuid: UUID) -> Made:
    """Put an item on the agenda."""
    meeting = _run(request, uuid)
    form = bind(request, AgendaForm, committee=meeting.committee)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.put_on_agenda(meeting=meeting, **facts))


@room.writes("/agenda/{uuid:uuid}", Made, method="PATCH", body=AgendaForm)
def agenda_edit(request: Request, uuid: UUID) -> Made:
    """Change an item of the agenda."""
    item = _item(request, uuid)
    form = bind(request, AgendaForm, instance=item, committee=item.meeting.committee)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.change_agenda(item=meetings.as_stored(item), **facts))


@room.writes("/agenda/{uuid:uuid}", None, method="DELETE", status=204)
def agenda_remove(request: Request, uuid: UUID) -> None:
    """Take an item off an agenda that nobody has seen yet."""
    services.take_off_agenda(item=_item(request, uuid), by=request.user, at=clock.now())


@room.writes("/meetings/{uuid:uuid}/call", Made, body=CallForm)
def meeting_call(request: Request, uuid: UUID) -> Made:
    """Call a meeting: every member is invited."""
    meeting, form = _run(request, uuid), bind(request, CallForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.call_meeting(meeting=meeting, **facts))


@room.writes("/meetings/{uuid:uuid}/cancellation", Made, body=CommitteeReasonForm)
def meeting_cancel(request: Request, uuid: UUID) -> Made:
    """Cancel a meeting; whoever was called is told why."""
    meeting, form = _run(request, uuid), bind(request, CommitteeReasonForm)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.cancel_meeting(meeting=meeting, **facts))


@room.writes("/meetings/{uuid:uuid}/answer", Made, body=AnswerForm)
def meeting_answer(request: Request, uuid: UUID) -> Made:
    """Say whether one comes, or who speaks for one."""
    meeting = _meeting(request, uuid)
    access.require(rules.is_member(request.user, meeting.committee))
    form = bind(request, AnswerForm, meeting=meeting, person=request.user)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    return made(services.answer_meeting(meeting=meeting, **facts))


@room.writes("/meetings/{uuid:uuid}/attendance", Made, body=AttendanceIn)
def meeting_attendance(request: Request, uuid: UUID) -> Made:
    """Write down who was there."""
    meeting = _run(request, uuid)
    presences = queries.presences_of(meeting)
    values: dict[str, str] = {}
    for member in given(request).members:
        values[f"state_{member.seat.hex}"] = member.state
        values[f"proxy_{member.seat.hex}"] = str(member.proxy or "")
    form = bind(request, AttendanceForm, data=values, presences=presences)
    facts = {"attended": form.attended(), "by": request.user, "at": clock.now()}
    return made(services.record_attendance(meeting=meeting, **facts))


room.hands_out(
    "/meetings/{uuid:uuid}/calendar", meetings.meeting_calendar, ICS, name="meeting_calendar"
)


@room.writes("/meetings/{uuid:uuid}/minutes", Made, method="PUT", body=MinutesIn)
def minutes_write(request: Request, uuid: UUID) -> Made:
    """Write the minutes."""
    meeting = _run(request, uuid)
    items = list(meeting.agenda.order_by("number"))
    body = given(request)
    said = {item.number: item.minutes for item in items}
    said |= {one.number: one.minutes for one in body.items}
    data = {"minutes": body.minutes, **{f"item_{n}": text for n, text in said.items()}}
    form = bind(request, MinutesForm, data=data, items=items)
    facts = {"minutes": form.cleaned_data["minutes"], "items": form.by_item()}
    return made(services.write_minutes(meeting=meeting, **facts, by=request.user, at=clock.now()))


@room.writes("/meetings/{uuid:uuid}/minutes/circulation", Made)
def minutes_circulate(request: Request, uuid: UUID) -> Made:
    """Circulate the minutes."""
    meeting = _run(request, uuid)
    return made(services.circulate_minutes(meeting=meeting, by=request.user, at=clock.now()))


@room.writes("/meetings/{uuid:uuid}/minutes/return", Made, body=CommitteeReasonForm)
def minutes_give_back(request: Request, uuid: UUID) -> Made:
    """Give the minutes back to their writer."""
    meeting = _approving(request, uuid)
    reason = bind(request, CommitteeReasonForm).cleaned_data["reason"]
    facts = {"reason": reason, "by": request.user, "at": clock.now()}
    return made(services.give_back_minutes(meeting=meeting, **facts))


@room.writes("/meetings/{uuid:uuid}/minutes/approval", Made)
def minutes_approve(request: Request, uuid: UUID) -> Made:
    """Approve the minutes: from now on they stand."""
    meeting = _approving(request, uuid)
    return made(services.approve_minutes(meeting=meeting, by=request.user, at=clock.now()))


room.hands_out("/meetings/{uuid:uuid}/minutes.pdf", minutes.minutes_pdf, PDF, name="minutes_pdf")


def _meeting(request: Request, uuid: UUID) -> Meeting:
    return meetings.meeting_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person


def _run(request: Request, uuid: UUID) -> Meeting:
    return meetings.run_by(request, uuid)  # type: ignore[arg-type]  # a signed-in person


def _approving(request: Request, uuid: UUID) -> Meeting:
    meeting = _meeting(request, uuid)
    access.require(rules.can_approve_minutes(request.user, meeting))
    return meeting


def _item(request: Request, uuid: UUID) -> AgendaItem:
    return meetings.item_for(request, uuid)  # type: ignore[arg-type]  # a signed-in person


def _note(request: Request, of: list[UUID], *, what: str, about: UUID) -> None:
    pages.note(request, of, what=what, about=about)  # type: ignore[arg-type]  # a signed-in person
