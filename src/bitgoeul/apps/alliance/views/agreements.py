"""Agreements: who signed what, and which figures were promised. Open to everybody."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bitgoeul.apps.alliance import queries, rules
from bitgoeul.core import access, indicators


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    """List every agreement."""
    visible = queries.agreements().filter(rules.agreements_visible_to(request.user))
    page = Paginator(visible, 50).get_page(request.GET.get("page"))
    return render(request, "alliance/agreement_list.html", {"page": page})


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
    }
    return render(request, "alliance/agreement_detail.html", context)
