"""Programmes and their rules, open to everybody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Cohort, Programme
from bitgoeul.apps.programmes.queries.listings import (
    approved_rule_set,
    programmes_listed,
    proposed_rule_set,
)
from bitgoeul.apps.programmes.queries.rulebook import rulebook
from bitgoeul.core import access, exports
from bitgoeul.core.pages import page_of


@require_safe
def programme_list(request: HttpRequest) -> HttpResponseBase:
    """List programmes with their newest cohort; `form` asks for the same as CSV or XLSX."""
    found = programmes_listed(rules.programmes_visible_to(request.user))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Programme"), _("Organiser"), _("Agreement")]
        rows = ((str(one), str(one.organiser), str(one.agreement or "")) for one in found)
        return exports.table_response(form, "programmes", header, rows)
    page = page_of(found, request.GET.get("page"))
    context = {"page": page, "may_create": rules.can_create_any_programme(request.user)}
    return render(request, "programmes/programme_list.html", context)


@require_safe
def programme_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a programme, its cohorts and the rules in force."""
    user = request.user
    programme = access.get(
        Programme.objects.select_related("organiser", "agreement"),
        rules.programmes_visible_to(user),
        uuid=uuid,
    )
    cohorts = Cohort.objects.filter(rules.cohorts_visible_to(user), programme=programme)
    newest = approved_rule_set(programme)
    may_manage = rules.can_manage_programme(user, programme)
    proposed = proposed_rule_set(programme) if may_manage else None
    context = {
        "programme": programme,
        "cohorts": cohorts.order_by("-number"),
        "rule_set": newest,
        "rulebook": rulebook(newest.thresholds) if newest else [],
        "may_manage": may_manage,
        "proposed": proposed,
        "may_approve": proposed is not None and rules.can_approve_rule_set(user, proposed),
        "proposed_rules": rulebook(proposed.thresholds) if proposed else [],
    }
    return render(request, "programmes/programme_detail.html", context)
