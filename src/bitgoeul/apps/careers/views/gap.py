"""The gap between what vacancies ask for and what modules teach."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.forms import GapFilter
from bitgoeul.apps.careers.queries.gap import (
    GAP_HEADER,
    Gap,
    cohorts_compared,
    gap_between,
    gap_rows,
)
from bitgoeul.core import access, exports


@require_safe
@access.signed_in
def gap(request: SignedInRequest) -> HttpResponse:
    """Show which skills are asked for and not taught, and the other way round."""
    filters, cohorts, found = compared(request)
    context = {
        "filters": filters,
        "cohorts": cohorts,
        "gap": found,
        "tables": [
            (_("Asked for, not taught"), found.missing),
            (_("Asked for and taught"), found.both),
            (_("Taught, not asked for"), found.unasked),
        ],
    }
    return render(request, "careers/gap.html", context)


@require_safe
@access.signed_in
def gap_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the same as CSV or XLSX."""
    access.require(form in {"csv", "xlsx"})
    _filters, _cohorts, found = compared(request)
    header = list(map(str, GAP_HEADER))
    return exports.table_response(
        form, "curriculum-gap", header, gap_rows(found), title=_("Curriculum gap")
    )


def compared(request: Any) -> tuple[GapFilter, Any, Gap]:
    """Return the filter, the cohorts that the person teaches or oversees, and the gap."""
    user = request.user
    access.require(rules.can_see_curriculum_gap(user))
    filters = GapFilter(request.GET, visible=rules.cohorts_with_gap_for(user))
    asked = filters.cleaned_data if filters.is_valid() else {}
    cohorts = cohorts_compared(
        rules.cohorts_with_gap_for(user), programme=asked.get("programme", "")
    )
    return filters, cohorts, gap_between(rules.vacancies_visible_to(user), cohorts)
