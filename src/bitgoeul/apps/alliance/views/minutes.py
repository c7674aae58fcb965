"""Minutes: written, circulated, approved by other eyes, and handed out as PDF."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.apps.alliance.forms import CommitteeReasonForm, MinutesForm
from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.alliance.queries.minutes_paper import pdf_of
from bitgoeul.apps.alliance.views.meetings import address, meeting_for, run_by, way_to
from bitgoeul.apps.alliance.views.replies import done, form_page, reason_of
from bitgoeul.core import access, clock, journal


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def minutes_write(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write the minutes."""
    meeting = run_by(request, uuid)
    items = list(meeting.agenda.order_by("number"))
    form = MinutesForm(request.POST or None, items=items, initial={"minutes": meeting.minutes})
    return form_page(
        request,
        form,
        lambda: services.write_minutes(
            meeting=meeting,
            minutes=form.cleaned_data["minutes"],
            items=form.by_item(),
            by=request.user,
            at=clock.now(),
        ),
        title=_("Write the minutes"),
        said=_("The minutes have been saved."),
        to=address,
        crumbs=way_to(meeting),
        cancel=address(meeting),
        lede=_("Whoever saves last is their writer; somebody else approves them."),
    )


@require_POST
@access.signed_in
def minutes_circulate(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Circulate the minutes."""
    meeting = run_by(request, uuid)
    return done(
        request,
        lambda: services.circulate_minutes(meeting=meeting, by=request.user, at=clock.now()),
        said=_("The minutes have been circulated. Chair or deputy approves them."),
        to=address(meeting),
    )


@require_POST
@access.signed_in
def minutes_give_back(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give the minutes back to their writer."""
    meeting, reason = meeting_for(request, uuid), reason_of(CommitteeReasonForm(request.POST))
    access.require(rules.can_approve_minutes(request.user, meeting))
    return done(
        request,
        lambda: services.give_back_minutes(
            meeting=meeting, reason=reason, by=request.user, at=clock.now()
        ),
        said=_("The minutes have been given back."),
        to=address(meeting),
    )


@require_POST
@access.signed_in
def minutes_approve(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Approve the minutes: from now on they stand."""
    meeting = meeting_for(request, uuid)
    access.require(rules.can_approve_minutes(request.user, meeting))
    return done(
        request,
        lambda: services.approve_minutes(meeting=meeting, by=request.user, at=clock.now()),
        said=_("The minutes are approved. Their digest stands in the journal."),
        to=address(meeting),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def minutes_pdf(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out the minutes as PDF; they name people, so the reason is asked for."""
    meeting = meeting_for(request, uuid)
    access.require(meeting.state in {MeetingState.CIRCULATED, MeetingState.APPROVED})
    people = queries.people_of(queries.presences_of(meeting), "seat.person")
    purpose = _("Work of the steering committee")
    journal.note_download(request, people, what="alliance.minutes", purpose=purpose, about=uuid)
    address_here = settings.BITGOEUL.public_url + address(meeting)
    answer = HttpResponse(pdf_of(meeting, address=address_here), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="minutes-{meeting.key}.pdf"'
    return answer
