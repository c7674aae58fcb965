"""Answering the offer of a seat, the waiting list, and the store for research."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.models import Cohort, SeatOffer, SelectionRound
from bitgoeul.apps.programmes.queries.listings import current_round
from bitgoeul.apps.programmes.queries.store import people_in_research, research_file
from bitgoeul.apps.programmes.queries.waiting import (
    OFFER_HEADER,
    offer_counts,
    offer_rows,
    offers_of,
    waiting_lines,
)
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_download, note_reading
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of

_LINE_SHOWN = 50


@require_POST
@access.signed_in
def seat_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Accept or decline the seat that is offered."""
    rows = SeatOffer.objects.select_related("application__cohort__programme")
    offer = access.get(rows, rules.seat_offers_answerable_by(request.user), uuid=uuid)
    accept = request.POST.get("accept") == "yes"
    try:
        services.answer_seat(offer=offer, accept=accept, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The seat is yours.") if accept else _("You have declined the seat.")
        messages.success(request, said)
    return redirect("programmes:application_detail", uuid=offer.application.uuid)


@require_safe
@access.signed_in
def waiting_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show every offer, and who is next in line for each track."""
    cohort, found = _published(request, uuid)
    page = page_of(offers_of(found), request.GET.get("page"))
    note_reading(request, [row.application.person.uuid for row in page], what="waiting_list")
    tracks = list(cohort.tracks.order_by("key"))
    lines = waiting_lines(found, [track.key for track in tracks])
    context = {
        "cohort": cohort,
        "page": page,
        "counts": offer_counts(found),
        "lines": [(track, lines[track.key][:_LINE_SHOWN]) for track in tracks],
    }
    return render(request, "programmes/waiting_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def offer_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out every offer of the round as CSV or XLSX."""
    cohort, found = _published(request, uuid)
    offers = offers_of(found)
    people = exports.column_of(offers, "application__person__uuid")
    note_download(request, people, what="offer_export", about=cohort.uuid)
    name, header = f"seats-{cohort.programme.key}-{cohort.number}", list(map(str, OFFER_HEADER))
    return exports.table_response(form, name, header, offer_rows(offers), title=_("Offers"))


def _published(request: SignedInRequest, uuid: UUID) -> tuple[Cohort, SelectionRound]:
    cohort = managed_cohort(request, uuid)
    found = current_round(cohort)
    access.require(found is not None and found.published_at is not None)
    assert found is not None
    return cohort, found


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def selection_store(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out what an evaluator needs, of those who consented to research."""
    rows = SelectionRound.objects.select_related("cohort__programme").exclude(store_digest="")
    found = access.get(rows, rules.stores_visible_to(request.user), cohort__uuid=uuid)
    people = people_in_research(found)
    purpose = _("Research on the selection")
    note_download(
        request,
        people,
        what="selection_store",
        about=uuid,
        purpose=purpose,
    )
    answer = HttpResponse(research_file(found), content_type="application/zip")
    name = f"research-{found.cohort.programme.key}-{found.cohort.number}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
