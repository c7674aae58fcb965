"""Placements: the office sees its cohort's, an employer its own, a graduate theirs."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.forms import EndForm, EvidenceForm, PlacementFilter, PlacementForm
from bitgoeul.apps.careers.models import Placement
from bitgoeul.apps.careers.queries.placements import placements_listed
from bitgoeul.apps.careers.views.replies import (
    FORMS,
    attempt,
    download,
    note_download,
    note_reading,
)
from bitgoeul.apps.careers.views.tables import placements_table
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
@keeps_views
def placement_list(request: SignedInRequest) -> HttpResponse:
    """List placements."""
    filters = PlacementFilter(request.GET)
    page = page_of(_found(request, filters), request.GET.get("page"))
    note_reading(request, [row.person.uuid for row in page], what="careers.placement_list")
    context = {
        "page": page,
        "table": placements_table(page),
        "filters": filters,
        "may_record": rules.is_office(request.user),
    }
    return render(request, "careers/placement_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def placement_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the placements of the present filter, in the columns of their import."""
    access.require(form in FORMS)
    found = _found(request, PlacementFilter(request.GET))
    people = exports.column_of(found, "person__uuid")
    note_download(request, people, what="careers.placement_export")
    header = (
        _("Name"),
        _("E-mail"),
        _("Organisation"),
        _("Vacancy number"),
        _("Kind"),
        _("Start date"),
        _("Evidence"),
        _("Evidence date"),
        _("End date"),
    )
    return download(
        form, header=header, rows=map(_exported, exports.rows_of(found)), name="placements"
    )


def _exported(row: Placement) -> tuple[object, ...]:
    return (
        row.person.full_name,
        row.person.email,
        row.organisation.name,
        row.vacancy.number if row.vacancy else "",
        row.get_kind_display(),
        row.started_on,
        row.get_evidence_kind_display(),
        row.evidence_on,
        row.ended_on,
    )


def _found(request: SignedInRequest, filters: PlacementFilter) -> QuerySet[Placement]:
    asked = filters.cleaned_data if filters.is_valid() else {}
    return placements_listed(rules.placements_visible_to(request.user), **asked)


@require_safe
@access.signed_in
def placement_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a placement with its evidence and checks."""
    placement = _visible(request, uuid)
    note_reading(request, [placement.person.uuid], what="careers.placement")
    may_edit = rules.can_edit_placement(request.user, placement)
    context = {
        "placement": placement,
        "checks": placement.checks.order_by("months"),
        "may_edit": may_edit,
        "today": clock.today(),
    }
    if may_edit:
        evidence = {
            "evidence_kind": placement.evidence_kind,
            "evidence_on": placement.evidence_on,
        }
        context["evidence_form"] = EvidenceForm(initial=evidence)
        context["end_form"] = EndForm(initial={"ended_on": placement.ended_on or clock.today()})
    return render(request, "careers/placement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def placement_create(request: SignedInRequest) -> HttpResponse:
    """Record a job that began without an offer, or an own company."""
    access.require(rules.is_office(request.user))
    form = PlacementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        person = User.objects.filter(email=facts.pop("email")).first()
        try:
            if person is None:
                raise Refused(_("Nobody in your cohorts has this e-mail address."))
            made = services.record_placement(
                person=person, **facts, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, _said(refusal))
        else:
            messages.success(request, _("The placement is recorded; its checks are planned."))
            return redirect("careers:placement_detail", uuid=made.uuid)
    status = 422 if form.errors else 200
    return render(request, "careers/placement_form.html", {"form": form}, status=status)


def _said(refusal: Refused) -> str:
    """A stranger's address must read like one that nobody has: else it tells who exists."""
    if refusal.code == "forbidden":
        return _("Nobody in your cohorts has this e-mail address.")
    return str(refusal)


@require_POST
@access.signed_in
def placement_evidence(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write down what proves a job."""
    placement = _editable(request, uuid)
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(str(found[0]) for found in form.errors.values()))
        return redirect("careers:placement_detail", uuid=uuid)
    attempt(
        request,
        lambda: services.update_evidence(
            placement=placement, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        success=_("The evidence is recorded."),
    )
    return redirect("careers:placement_detail", uuid=uuid)


@require_POST
@access.signed_in
def placement_end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Record the last day at work."""
    placement = _editable(request, uuid)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(str(found[0]) for found in form.errors.values()))
        return redirect("careers:placement_detail", uuid=uuid)
    attempt(
        request,
        lambda: services.end_placement(
            placement=placement, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        success=_("The end of the placement is recorded."),
    )
    return redirect("careers:placement_detail", uuid=uuid)


def _visible(request: SignedInRequest, uuid: UUID) -> Placement:
    rows = Placement.objects.select_related("person", "organisation", "vacancy")
    return access.get(rows, rules.placements_visible_to(request.user), uuid=uuid)


def _editable(request: SignedInRequest, uuid: UUID) -> Placement:
    placement = _visible(request, uuid)
    access.require(rules.can_edit_placement(request.user, placement))
    return placement
