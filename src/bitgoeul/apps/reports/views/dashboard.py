"""What was promised against what the rows say, for the partners of an agreement."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bitgoeul.apps.alliance.models import Agreement
from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.queries.dashboard import dashboard_of
from bitgoeul.core import access, clock


@access.signed_in
@require_safe
def dashboard_list(request: HttpRequest) -> HttpResponse:
    """List the agreements whose dashboard a partner sees."""
    mine = Agreement.objects.filter(rules.agreements_shown_to(request.user)).distinct()
    access.require(rules.is_officer(request.user))
    return render(request, "reports/dashboard_list.html", {"agreements": mine})


@access.signed_in
@require_safe
def dashboard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the commitments of an agreement, planned against computed, today."""
    agreement = access.get(
        Agreement.objects.all(), rules.agreements_shown_to(request.user), uuid=uuid
    )
    protect = not rules.can_manage_reports_of(request.user, agreement)
    found = dashboard_of(agreement, at=clock.now(), protect=protect)
    context = {
        "agreement": agreement,
        "promises": found.promises,
        "computed_at": found.computed_at,
        "as_of": clock.today(),
    }
    return render(request, "reports/dashboard.html", context)
