"""A cohort: its public facts, and the steps that its officers take."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import AssignmentForm
from bitgoeul.apps.programmes.queries.cohorts import (
    cohort_page,
    public_totals_of,
    published_round,
    steps_of,
    totals_of,
)
from bitgoeul.apps.programmes.queries.eligibility import conditions
from bitgoeul.apps.programmes.queries.rulebook import rulebook
from bitgoeul.apps.programmes.views.loading import cohort_for, managed_cohort, taught_cohort
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused

ACTIONS: Mapping[str, tuple[Callable[..., Any], Any]] = {
    "open-applications": (services.open_applications, gettext_lazy("Applications are open.")),
    "close-applications": (services.close_applications, gettext_lazy("Applications are closed.")),
    "enrol": (services.enrol_selected, gettext_lazy("The selected are enrolled.")),
    "end": (services.end_cohort, gettext_lazy("The cohort is closed.")),
}


@require_safe
def cohort_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what anyone may know; to officers also the steps, to parties the totals."""
    user, now = request.user, clock.now()
    cohort = cohort_for(rules.cohorts_visible_to(user), uuid)
    may_manage = rules.can_manage_cohort(user, cohort)
    may_teach = rules.can_teach_cohort(user, cohort)
    totals = None
    if rules.can_see_totals_of_cohort(user, cohort):
        totals = totals_of(cohort) if may_teach else public_totals_of(cohort)
    published = published_round(cohort)
    context = {
        "cohort": cohort,
        "conditions": conditions(cohort.rule_set.thresholds),
        "rulebook": rulebook(cohort.rule_set.thresholds),
        "may_manage": may_manage,
        "may_teach": may_teach,
        "may_apply": rules.can_apply_to_cohort(user, cohort),
        "published": published,
        "steps": steps_of(cohort, at=now, published=published) if may_manage else [],
        **cohort_page(cohort, user, totals=totals),
    }
    return render(request, "programmes/cohort_detail.html", context)


@require_POST
@access.signed_in
def cohort_action(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Take a cohort one step further."""
    cohort = managed_cohort(request, uuid)
    if action not in ACTIONS:
        raise Http404
    service, done = ACTIONS[action]
    try:
        service(cohort=cohort, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("programmes:cohort_detail", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def assignment_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the labs of a cohort and give it another one."""
    cohort = taught_cohort(request, uuid)
    labs = Lab.objects.filter(owner=cohort.programme.organiser, held_by_kind="")
    labs = labs.exclude(assignments__cohort=cohort)
    form = AssignmentForm(request.POST or None, labs=labs)
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_lab(cohort=cohort, **form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The lab is given to the cohort."))
            return redirect("programmes:assignment_list", uuid=uuid)
    context = {
        "cohort": cohort,
        "form": form,
        "assignments": cohort.assignments.select_related("lab"),
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/assignment_list.html", context, status=status)
