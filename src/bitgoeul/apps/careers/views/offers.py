"""Offers: graduates answer theirs, employers and the office see the answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.enums import OfferState
from bitgoeul.apps.careers.forms import OfferFilter, StartForm
from bitgoeul.apps.careers.models import Offer
from bitgoeul.apps.careers.queries.placements import offers_listed
from bitgoeul.apps.careers.views.replies import (
    FORMS,
    attempt,
    download,
    note_download,
    note_reading,
)
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
@keeps_views
def offer_list(request: SignedInRequest) -> HttpResponse:
    """List the offers that one may see; one's own can be answered here."""
    filters = OfferFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = offers_listed(rules.offers_visible_to(request.user), **asked)
    page = page_of(found, request.GET.get("page"))
    note_reading(request, [row.person.uuid for row in page], what="careers.offer_list")
    context = {"page": page, "filters": filters, "today": clock.now()}
    return render(request, "careers/offer_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def offer_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the offers of the present filter."""
    access.require(form in FORMS)
    filters = OfferFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = offers_listed(rules.offers_visible_to(request.user), **asked)
    note_download(request, exports.column_of(found, "person__uuid"), what="careers.offer_export")
    header = (
        _("Name"),
        _("E-mail"),
        _("Vacancy number"),
        _("Organisation"),
        _("State"),
        _("Made at"),
        _("Answer until"),
        _("Answered at"),
    )
    return download(form, header=header, rows=map(_exported, exports.rows_of(found)), name="offers")


def _exported(row: Offer) -> tuple[object, ...]:
    return (
        row.person.full_name,
        row.person.email,
        row.vacancy.number,
        row.vacancy.organisation.name,
        row.get_state_display(),
        row.made_at,
        row.expires_at,
        row.answered_at,
    )


@require_POST
@access.signed_in
def offer_accept(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the seat."""
    offer = _own(request, uuid)
    attempt(
        request,
        lambda: services.accept_offer(offer=offer, by=request.user, at=clock.now()),
        success=_("You have accepted the offer. The employer will be in touch."),
    )
    return redirect("careers:offer_list")


@require_POST
@access.signed_in
def offer_decline(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Leave the seat."""
    offer = _own(request, uuid)
    attempt(
        request,
        lambda: services.decline_offer(offer=offer, by=request.user, at=clock.now()),
        success=_("You have declined the offer."),
    )
    return redirect("careers:offer_list")


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def offer_start(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Record that the job of an accepted offer began."""
    offer = _visible(request, uuid)
    organisation = offer.vacancy.organisation
    access.require(rules.can_record_placement(request.user, offer.person, organisation))
    access.require(offer.state == OfferState.ACCEPTED and not hasattr(offer, "placement"))
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            placement = services.record_placement(
                person=offer.person,
                organisation=organisation,
                offer=offer,
                **form.cleaned_data,
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The placement is recorded; its checks are planned."))
            return redirect("careers:placement_detail", uuid=placement.uuid)
    note_reading(request, [offer.person.uuid], what="careers.offer_start")
    context = {"form": form, "offer": offer}
    status = 422 if form.errors else 200
    return render(request, "careers/offer_start.html", context, status=status)


def _visible(request: SignedInRequest, uuid: UUID) -> Offer:
    rows = Offer.objects.select_related("person", "vacancy__organisation", "placement")
    return access.get(rows, rules.offers_visible_to(request.user), uuid=uuid)


def _own(request: SignedInRequest, uuid: UUID) -> Offer:
    offer = _visible(request, uuid)
    access.require(rules.can_answer_offer(request.user, offer))
    return offer
