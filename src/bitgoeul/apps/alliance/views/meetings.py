"""Meetings: planned, called, changed, answered, held; with their calendar file."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services, workflow
from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.apps.alliance.forms import (
    AgendaForm,
    AnswerForm,
    AttendanceForm,
    CallForm,
    CommitteeReasonForm,
    MeetingForm,
)
from bitgoeul.apps.alliance.models import AgendaItem, Meeting, SignedInRequest
from bitgoeul.apps.alliance.queries.calendar_files import calendar_file, calendar_name
from bitgoeul.apps.alliance.views.committees import committee_for, crumbs_of, note
from bitgoeul.apps.alliance.views.replies import done, form_page, reason_of
from bitgoeul.core import access, clock


def meeting_for(request: SignedInRequest, uuid: UUID) -> Meeting:
    """Load a meeting that the person may see."""
    return access.get(queries.meetings(), rules.meetings_visible_to(request.user), uuid=uuid)


def run_by(request: SignedInRequest, uuid: UUID) -> Meeting:
    """Load a meeting of a committee that the person runs."""
    meeting = meeting_for(request, uuid)
    access.require(rules.can_run_meeting(request.user, meeting.committee))
    return meeting


def address(meeting: Meeting) -> str:
    """The meeting's page."""
    return reverse("alliance:meeting_detail", kwargs={"uuid": meeting.uuid})


def way_to(meeting: Meeting) -> list[tuple[str, str]]:
    """The way to the meeting's page."""
    return [*crumbs_of(meeting.committee), (str(meeting), address(meeting))]


@require_safe
@access.signed_in
def meeting_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show agenda, papers, attendance, minutes, decisions and actions."""
    meeting, user = meeting_for(request, uuid), request.user
    presences = queries.presences_of(meeting)
    agenda = queries.agenda_of(meeting, user)
    actions = queries.given_at(meeting)
    shown = [*presences, *agenda, *actions, meeting]
    paths = ("seat.person", "presenter", "owner", "minutes_by", "approved_by")
    note(request, queries.people_of(shown, *paths), what="alliance.meeting", about=uuid)
    mine = next((row for row in presences if row.seat.person_id == user.pk), None)
    may_answer = mine is not None and rules.can_answer_meeting(user, meeting)
    initial = {"answer": mine.state, "proxy": mine.proxy} if mine else {}
    context = {
        "meeting": meeting,
        "committee": meeting.committee,
        "presences": presences,
        "quorum": queries.quorum_of(meeting, presences),
        "agenda": agenda,
        "decisions": queries.decisions_of(meeting),
        "actions": actions,
        "answer_form": AnswerForm(meeting=meeting, person=user, initial=initial)
        if may_answer
        else None,
        "digest_stands": queries.digest_stands(meeting),
        **_steps(request, meeting),
    }
    return render(request, "alliance/meeting_detail.html", context)


def _steps(request: SignedInRequest, meeting: Meeting) -> dict[str, object]:
    """What may be done with a meeting now."""
    user, state = request.user, meeting.state
    runs = rules.can_run_meeting(user, meeting.committee)
    started = meeting.starts_at <= clock.now()
    may = {
        "may_run": runs,
        "may_plan": runs and state in {MeetingState.PLANNED, MeetingState.CALLED},
        "may_call": runs and workflow.can_move(state, "call"),
        "may_cancel": runs and workflow.can_move(state, "cancel"),
        "may_hold": runs and workflow.can_move(state, "hold") and started,
        "may_write": runs and state == MeetingState.HELD,
        "may_agenda": rules.can_change_meeting(user, meeting),
        "may_share": state in rules.CHANGEABLE
        and rules.can_share_document(user, meeting.committee),
        "may_approve": workflow.can_move(state, "approve")
        and rules.can_approve_minutes(user, meeting),
    }
    return {**may, "call_form": CallForm(), "reason_form": CommitteeReasonForm()}


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def meeting_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Plan a meeting."""
    committee = committee_for(request, uuid)
    access.require(rules.can_run_meeting(request.user, committee))
    form = MeetingForm(request.POST or None)
    back = reverse("alliance:committee_detail", kwargs={"uuid": uuid})
    return form_page(
        request,
        form,
        lambda: services.plan_meeting(
            committee=committee, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        title=_("Plan a meeting"),
        said=_("The meeting is planned. Put its agenda together, then call it."),
        to=address,
        crumbs=crumbs_of(committee),
        cancel=back,
        lede=_("Nobody is told before you call the meeting."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def meeting_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change time and place."""
    meeting = run_by(request, uuid)
    form = MeetingForm(request.POST or None, instance=meeting)

    def change() -> Meeting:
        stored = queries.meetings().get(pk=meeting.pk)
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        return services.change_meeting(meeting=stored, **facts)

    return form_page(
        request,
        form,
        change,
        title=_("Change time and place"),
        said=_("The meeting has been changed."),
        to=address,
        crumbs=way_to(meeting),
        cancel=address(meeting),
        lede=_("Members who were called are told at once."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def agenda_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Put an item on the agenda."""
    meeting = run_by(request, uuid)
    form = AgendaForm(request.POST or None, committee=meeting.committee)
    note_choices(request, form, "presenter", about=uuid)
    return form_page(
        request,
        form,
        lambda: services.put_on_agenda(
            meeting=meeting, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        title=_("Add an agenda item"),
        said=_("The item is on the agenda."),
        to=lambda _item: address(meeting),
        crumbs=way_to(meeting),
        cancel=address(meeting),
    )


def note_choices(request: SignedInRequest, form: object, field: str, *, about: UUID) -> None:
    """Record whose names a choice of a form shows."""
    people = form.fields[field].queryset  # type: ignore[attr-defined]  # a field of choices
    note(request, [person.uuid for person in people], what="alliance.committee_form", about=about)


def item_for(request: SignedInRequest, uuid: UUID) -> AgendaItem:
    """Load an item of an agenda that the person runs."""
    rows = AgendaItem.objects.select_related("presenter")
    item = access.get(rows, rules.agenda_visible_to(request.user), uuid=uuid)
    item.meeting = queries.meetings().get(pk=item.meeting_id)
    access.require(rules.can_run_meeting(request.user, item.meeting.committee))
    return item


def as_stored(item: AgendaItem) -> AgendaItem:
    """Undo what a form wrote on the item: the service compares with what stands."""
    item.refresh_from_db(fields=["title", "text", "presenter", "length_min"])
    return item


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def agenda_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change an item of the agenda."""
    item = item_for(request, uuid)
    meeting = item.meeting
    form = AgendaForm(request.POST or None, instance=item, committee=meeting.committee)
    note_choices(request, form, "presenter", about=uuid)

    def change() -> AgendaItem:
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        return services.change_agenda(item=as_stored(item), **facts)

    return form_page(
        request,
        form,
        change,
        title=_("Change an agenda item"),
        said=_("The item has been changed."),
        to=lambda _item: address(meeting),
        crumbs=way_to(meeting),
        cancel=address(meeting),
    )


@require_POST
@access.signed_in
def agenda_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take an item off the agenda."""
    item = item_for(request, uuid)
    return done(
        request,
        lambda: services.take_off_agenda(item=item, by=request.user, at=clock.now()),
        said=_("The item is off the agenda."),
        to=address(item.meeting),
    )


@require_POST
@access.signed_in
def meeting_call(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Call the meeting: every member is invited."""
    meeting, form = run_by(request, uuid), CallForm(request.POST)
    why = form.cleaned_data["short_notice"] if form.is_valid() else ""
    return done(
        request,
        lambda: services.call_meeting(
            meeting=meeting, short_notice=why, by=request.user, at=clock.now()
        ),
        said=_("Every member has been invited."),
        to=address(meeting),
    )


@require_POST
@access.signed_in
def meeting_cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Cancel the meeting; whoever was called is told why."""
    meeting, reason = run_by(request, uuid), reason_of(CommitteeReasonForm(request.POST))
    return done(
        request,
        lambda: services.cancel_meeting(
            meeting=meeting, reason=reason, by=request.user, at=clock.now()
        ),
        said=_("The meeting has been cancelled."),
        to=address(meeting),
    )


@require_POST
@access.signed_in
def meeting_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say whether one comes."""
    meeting = meeting_for(request, uuid)
    access.require(rules.is_member(request.user, meeting.committee))
    form = AnswerForm(request.POST, meeting=meeting, person=request.user)
    given = form.cleaned_data if form.is_valid() else {}
    return done(
        request,
        lambda: services.answer_meeting(
            meeting=meeting,
            answer=given.get("answer", ""),
            proxy=given.get("proxy"),
            by=request.user,
            at=clock.now(),
        ),
        said=_("Your answer has been noted."),
        to=address(meeting),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def meeting_attendance(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write down who was there."""
    meeting = run_by(request, uuid)
    presences = queries.presences_of(meeting)
    people = queries.people_of(presences, "seat.person")
    note(request, people, what="alliance.meeting_attendance", about=uuid)
    form = AttendanceForm(request.POST or None, presences=presences)
    return form_page(
        request,
        form,
        lambda: services.record_attendance(
            meeting=meeting, attended=form.attended(), by=request.user, at=clock.now()
        ),
        title=_("Who was there"),
        said=_("The attendance has been written down."),
        to=address,
        crumbs=way_to(meeting),
        cancel=address(meeting),
        lede=_("Who is represented by a proxy was absent; name who spoke for them."),
    )


@require_safe
@access.signed_in
def meeting_calendar(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out the meeting as a calendar file."""
    meeting = meeting_for(request, uuid)
    access.require(meeting.called_at is not None)
    content = calendar_file(meeting, person=request.user, stamp=meeting.called_at or clock.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{calendar_name(meeting)}"'
    return answer
