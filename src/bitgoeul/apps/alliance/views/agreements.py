"""Agreements: who signed what, and which figures were promised. Everybody may read them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import AgreementForm, CommitmentForm
from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.core import access, clock, exports, indicators
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponseBase:
    """List every agreement; `form` asks for the same as CSV or XLSX."""
    visible = queries.agreements().filter(rules.agreements_visible_to(request.user))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Title"), _("Parties"), _("Signed on"), _("Ends on"), _("Commitments")]
        rows = (
            (
                one.title,
                ", ".join(str(party) for party in one.signatories.all()),
                one.signed_on,
                one.ends_on,
                one.commitment_count,  # type: ignore[attr-defined]  # annotated by the query
            )
            for one in visible
        )
        return exports.table_response(form, "agreements", header, rows)
    page = page_of(visible, request.GET.get("page"))
    context = {"page": page, "may_enter": rules.can_enter_agreements(request.user)}
    return render(request, "alliance/agreement_list.html", context)


@require_safe
def agreement_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show parties, articles and, under each article, what was promised."""
    agreement = access.get(
        queries.agreements(), rules.agreements_visible_to(request.user), uuid=uuid
    )
    context = {
        "agreement": agreement,
        "articles": queries.articles_with_commitments(agreement),
        "others": queries.commitments_without_article(agreement),
        "indicators": indicators.collect(),
        "may_manage": rules.can_manage_agreement(request.user, agreement),
        "is_party": rules.is_party_officer(request.user, agreement),
        "committee": queries.committee_of(agreement, request.user),
        "may_found": rules.can_found_committee(request.user, agreement),
    }
    return render(request, "alliance/agreement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def agreement_create(request: SignedInRequest) -> HttpResponse:
    """Enter what was signed: parties and articles."""
    access.require(rules.can_enter_agreements(request.user))
    form = AgreementForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            agreement = services.sign_agreement(
                **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The agreement has been entered."))
            return redirect("alliance:agreement_detail", uuid=agreement.uuid)
    status = 422 if form.errors else 200
    return render(request, "alliance/agreement_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def commitment_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write down what a party promises, and the indicator that measures it."""
    visible = rules.agreements_visible_to(request.user)
    agreement = access.get(queries.agreements(), visible, uuid=uuid)
    access.require(rules.can_manage_agreement(request.user, agreement))
    form = CommitmentForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_commitment(
                agreement=agreement, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The commitment has been added."))
            return redirect("alliance:agreement_detail", uuid=uuid)
    status = 422 if form.errors else 200
    context = {"form": form, "agreement": agreement}
    return render(request, "alliance/commitment_form.html", context, status=status)
