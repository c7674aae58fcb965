"""The early-warning model of a programme: what it was held against, and who is missed by it."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, tasks
from bitgoeul.apps.programmes.models import Programme, WarningModel
from bitgoeul.apps.programmes.queries.warning import ended_cohorts
from bitgoeul.apps.programmes.queries.warning_words import (
    audit_said,
    figures_said,
    totals_of,
    weights_said,
)
from bitgoeul.apps.programmes.queries.work import newest_job
from bitgoeul.core import access, exports
from bitgoeul.engines.analysis.warning import COHORTS_AT_LEAST


@require_safe
@access.signed_in
def warning_model(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show the newest model beside the rules, its weights, and the audit by group."""
    programme = managed_programme(request, uuid)
    newest = WarningModel.objects.filter(programme=programme).order_by("-version").first()
    context = {
        "programme": programme,
        "model": newest,
        "ended": len(ended_cohorts(programme)),
        "needed": COHORTS_AT_LEAST,
        "figures": figures_said(newest) if newest else [],
        "totals": totals_of(newest) if newest else None,
        "weights": weights_said(newest) if newest else [],
        "audit": audit_said(newest) if newest else [],
        "job": newest_job(f"{tasks.WARNING}:{programme.uuid}", request.user),
    }
    return render(request, "programmes/warning_model.html", context)


@require_POST
@access.signed_in
def warning_train(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Train the model on the cohorts that have ended, in the background."""
    programme = managed_programme(request, uuid)
    tasks.order_training(programme, request.user)
    return redirect("programmes:warning_model", uuid=uuid)


@require_safe
@access.signed_in
def warning_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out what rules and model found in each cohort, as CSV or XLSX."""
    programme = managed_programme(request, uuid)
    newest = WarningModel.objects.filter(programme=programme).order_by("-version").first()
    access.require(newest is not None)
    assert newest is not None
    header = [
        _("Cohort"), _("People looked at"), _("Dropped out"), _("Warned of"),
        _("Found by the rules"), _("Found by the model"),
    ]  # fmt: skip
    rows = (
        (one["cohort"], one["rows"], one["dropped"], one["warned"], one["rules"], one["model"])
        for one in newest.figures["held_out"]
    )
    name = f"warning-{programme.key}-{newest.version}"
    return exports.table_response(form, name, header, rows, title=_("Early warning"))


def managed_programme(request: SignedInRequest, uuid: UUID) -> Programme:
    """Return a programme that the person oversees."""
    rows = Programme.objects.select_related("organiser")
    return access.get(rows, rules.programmes_managed_by(request.user), uuid=uuid)
