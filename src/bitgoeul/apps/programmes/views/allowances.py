"""Allowances by unit period: calculated, looked through, approved by other eyes, handed out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import AllowanceState
from bitgoeul.apps.programmes.forms.allowances import AllowanceKindForm, UnitForm
from bitgoeul.apps.programmes.models import AllowanceRun, Enrolment
from bitgoeul.apps.programmes.queries.allowances import (
    ALLOWANCE_HEADER,
    allowance_rows,
    corrections_said,
    kinds_of,
    lines_listed,
    lines_of_enrolment,
    pays_anything,
    unit_periods,
)
from bitgoeul.apps.programmes.queries.replaying import replay_of_line
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views.loading import (
    enrolment_for,
    managed_cohort,
    note_download,
    note_reading,
)
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_safe
@access.signed_in
def allowance_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the unit periods of a cohort with what was calculated and approved."""
    cohort = managed_cohort(request, uuid)
    context = {
        "cohort": cohort,
        "periods": unit_periods(cohort, today=clock.today()),
        "pays": pays_anything(cohort.rule_set.thresholds),
    }
    return render(request, "programmes/allowance_list.html", context)


@require_POST
@access.signed_in
def allowance_calculate(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Calculate a unit period, or calculate it anew."""
    cohort = managed_cohort(request, uuid)
    form = UnitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The course has no such unit period."))
        return redirect("programmes:allowance_list", uuid=uuid)
    facts = {"unit": form.cleaned_data["unit"], "by": request.user, "at": clock.now()}
    done = _("The unit period is calculated. Somebody else must approve it.")
    made = _try(request, services.calculate_allowances, done, cohort=cohort, **facts)
    if made is None:
        return redirect("programmes:allowance_list", uuid=uuid)
    return redirect("programmes:allowance_run", uuid=made.uuid)


@require_safe
@access.signed_in
def allowance_run(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show what everybody is paid for a unit period, and why."""
    run = run_for(request, uuid)
    name = request.GET.get("q", "")[:80]
    page = page_of(lines_listed(run, name=name), request.GET.get("page"))
    note_reading(request, [line.enrolment.person.uuid for line in page], what="allowance_run")
    context = {
        "run": run,
        "cohort": run.cohort,
        "page": page,
        "name": name,
        "said": {line.pk: phrased(line.trace) for line in page},
        "corrections": {line.pk: corrections_said(line) for line in page},
        "may_approve": run.state == AllowanceState.DRAFT
        and rules.can_approve_allowance_run(request.user, run),
    }
    return render(request, "programmes/allowance_run.html", context)


@require_POST
@access.signed_in
def allowance_approve(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Approve what somebody else calculated."""
    runs = AllowanceRun.objects.select_related("cohort__programme", "rule_set")
    run = access.get(runs, rules.allowance_runs_approvable_by(request.user), uuid=uuid)
    facts = {"by": request.user, "at": clock.now()}
    _try(request, services.approve_allowances, _("The allowances are approved."), run=run, **facts)
    return redirect("programmes:allowance_run", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def allowance_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out a unit period's allowances for payment, as CSV or XLSX."""
    run = run_for(request, uuid)
    found = lines_listed(run, name=request.GET.get("q", "")[:80])
    people = exports.column_of(found, "enrolment__person__uuid")
    note_download(request, people, what="allowance_export", about=run.uuid)
    header = list(map(str, ALLOWANCE_HEADER))
    name = f"allowance-{run.cohort.programme.key}-{run.cohort.number}-{run.unit}.{form}"
    rows = allowance_rows(found.select_related("run"))
    if form == "xlsx":
        return exports.xlsx_response(rows, header, name, title=_("Allowances"))
    return exports.csv_response(rows, header, name)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def enrolment_allowances(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show somebody their allowances with every step; officers also set the rate here."""
    user = request.user
    enrolment = enrolment_for(rules.allowances_visible_to(user), uuid)
    manages = rules.can_manage_enrolment(user, enrolment)
    form = AllowanceKindForm(
        request.POST or None, initial={"kind": kinds_of([enrolment])[enrolment.pk]}
    )
    if request.method == "POST" and manages and form.is_valid():
        facts = {**form.cleaned_data, "by": user, "at": clock.now()}
        _try(
            request,
            services.set_allowance_kind,
            _("The rate is set."),
            enrolment=enrolment,
            **facts,
        )
        return redirect("programmes:enrolment_allowances", uuid=uuid)
    access.require(manages or request.method != "POST")
    note_reading(request, [enrolment.person.uuid], what="enrolment_allowances")
    context = {
        "enrolment": enrolment, "cohort": enrolment.cohort, "own": enrolment.person_id == user.pk,
        "lines": _shown(enrolment, all_states=manages), "form": form if manages else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/enrolment_allowances.html", context, status=status)


def _shown(enrolment: Enrolment, *, all_states: bool) -> list[tuple[Any, ...]]:
    return [
        (line, phrased(line.trace), corrections_said(line), replay_of_line(line))
        for line in lines_of_enrolment(enrolment, all_states=all_states)
    ]


def run_for(request: SignedInRequest, uuid: UUID) -> AllowanceRun:
    """Return a calculation of a cohort that the person oversees."""
    near = (
        "cohort__programme__organiser",
        "cohort__rule_set",
        "rule_set",
        "made_by",
        "approved_by",
    )
    runs = AllowanceRun.objects.select_related(*near)
    return access.get(runs, rules.allowance_runs_managed_by(request.user), uuid=uuid)


def _try(request: SignedInRequest, service: Callable[..., Any], done: str, **facts: Any) -> Any:
    try:
        made = service(**facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return made
