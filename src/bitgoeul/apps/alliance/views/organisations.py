"""Organisations: open to everybody; their staff only to officers and administrators."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import OrganisationFilter, OrganisationForm
from bitgoeul.apps.alliance.models import Organisation, SignedInRequest
from bitgoeul.apps.alliance.views.tables import organisations_table, table_response
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def organisation_list(request: HttpRequest) -> HttpResponseBase:
    """List who takes part; `form` asks for the same as CSV or XLSX."""
    filters = OrganisationFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.organisations_listed(name=asked.get("q", ""), kind=asked.get("kind", ""))
    visible = found.filter(rules.organisations_visible_to(request.user))
    if request.GET.get("form") in {"csv", "xlsx"}:
        header = [_("Name in Korean"), _("Name in English"), _("Kind"), _("Region")]
        rows = (
            (o.name_ko, o.name_en, o.get_kind_display(), o.get_region_display()) for o in visible
        )
        return table_response(request.GET["form"], "organisations", header, rows)
    page = page_of(visible, request.GET.get("page"))
    context = {
        "page": page,
        "table": organisations_table(page),
        "filters": filters,
        "may_create": rules.can_create_organisation(request.user),
    }
    return render(request, "alliance/organisation_list.html", context)


@require_safe
def organisation_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one organisation; whoever may, sees who acts for it."""
    user = request.user
    organisation = access.get(
        Organisation.objects.all(), rules.organisations_visible_to(user), uuid=uuid
    )
    may_update = rules.can_update_organisation(user, organisation)
    staff = queries.staff_of(organisation) if may_update else queries.staff_of(organisation).none()
    page = page_of(staff, request.GET.get("page"))
    if user.is_authenticated and may_update:
        journal.note_page(
            request,
            [membership.person.uuid for membership in page],
            what="alliance.organisation_staff",
            purpose=_("Keeping the organisation's entry"),
            about=organisation.uuid,
        )
    context = {
        "organisation": organisation,
        "page": page,
        "agreements": queries.agreements().filter(parties=organisation),
        "may_update": may_update,
    }
    return render(request, "alliance/organisation_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def organisation_create(request: SignedInRequest) -> HttpResponse:
    """Take an organisation in."""
    access.require(rules.can_create_organisation(request.user))
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = services.create_organisation(
                **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The organisation has been added."))
            return redirect("alliance:organisation_detail", uuid=organisation.uuid)
    status = 422 if form.errors else 200
    return render(request, "alliance/organisation_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def organisation_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change an organisation's entry."""
    organisation = access.get(
        Organisation.objects.all(), rules.organisations_visible_to(request.user), uuid=uuid
    )
    access.require(rules.can_update_organisation(request.user, organisation))
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_organisation(
                organisation=organisation, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("alliance:organisation_detail", uuid=uuid)
    context = {"form": form, "organisation": organisation}
    status = 422 if form.errors else 200
    return render(request, "alliance/organisation_form.html", context, status=status)
