"""The stages of a selection: written, scored, judged by panels, cut; and bulk actions."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.stages import BulkForm, PanelForm, StagesForm, lines_of
from bitgoeul.apps.programmes.models import Cohort, Stage
from bitgoeul.apps.programmes.queries.stages import SUBJECT, stages_standing
from bitgoeul.apps.programmes.views.applications import filtered
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_reading
from bitgoeul.apps.reviews.models import Panel, Rubric
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused

ACTIONS: Mapping[str, tuple[Callable[..., Any], Any]] = {
    "admit": (services.admit_to_stage_lab, gettext_lazy("Everybody still in is admitted.")),
    "take": (services.take_stage_results, gettext_lazy("The results are taken over.")),
    "decide": (services.decide_stage, gettext_lazy("The stage is decided; everybody is told.")),
    "take-back": (services.take_back_stage, gettext_lazy("The decision is taken back.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def stage_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show how the stages stand; before the call they are written here."""
    cohort = managed_cohort(request, uuid)
    planned = cohort.state == "planned"
    stages = list(cohort.stages.select_related("lab").order_by("order"))
    form = StagesForm(
        request.POST or None, labs=labs_of(cohort), initial={"stages": lines_of(stages)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.write_stages(
                cohort=cohort, stages=form.cleaned_data["stages"], by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The stages stand as written."))
            return redirect("programmes:stage_list", uuid=uuid)
    standing = stages_standing(cohort, _panels([stage.uuid for stage in stages]))
    context = {"cohort": cohort, "form": form, "planned": planned, "standing": standing}
    status = 422 if form.errors else 200
    return render(request, "programmes/stage_list.html", context, status=status)


def labs_of(cohort: Cohort) -> Any:
    """Return the labs that a stage may take its scores from."""
    return Lab.objects.filter(owner=cohort.programme.organiser_id, held_by_kind="").order_by("key")


def _panels(stages: list[UUID]) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, tuple[Any, ...]] = {}
    for panel in Panel.objects.filter(subject_kind=SUBJECT, subject_uuid__in=stages):
        found[panel.subject_uuid] = (*found.get(panel.subject_uuid, ()), panel)
    return found


def stage_for(request: Any, uuid: UUID) -> Stage:
    """Return a stage of a cohort that the person oversees."""
    rows = Stage.objects.select_related("cohort__programme__organiser", "cohort__rule_set", "lab")
    return access.get(rows, rules.of_managed_cohorts(request.user, "cohort"), uuid=uuid)


@require_POST
@access.signed_in
def stage_action(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Admit to the lab, take results, decide, or take the decision back."""
    stage = stage_for(request, uuid)
    if action not in ACTIONS:
        raise Http404
    service, done = ACTIONS[action]
    try:
        made = service(stage=stage, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
        if isinstance(made, dict):
            messages.info(request, _("%(passed)s go on, %(cut)s do not.") % made)
    return redirect("programmes:stage_list", uuid=stage.cohort.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def panel_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Found a panel for a stage and bring it the applications that are still in."""
    stage = stage_for(request, uuid)
    form = PanelForm(request.POST or None, rubrics=rubrics_for(stage))
    if request.method == "POST" and form.is_valid():
        try:
            panel = services.found_stage_panel(
                stage=stage, **form.facts(), by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The panel is founded. Seat its reviewers now."))
            return redirect("reviews:panel_detail", uuid=panel.uuid)
    context = {"stage": stage, "cohort": stage.cohort, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/panel_form.html", context, status=status)


def rubrics_for(stage: Stage) -> Any:
    """Return the rubrics by which a stage may be judged: those of its organiser."""
    rows = Rubric.objects.filter(owner=stage.cohort.programme.organiser_id)
    return rows.order_by("key", "-version")


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def application_bulk(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Judge everything that the current filter finds, after it was said how many that are."""
    cohort = managed_cohort(request, uuid)
    filters, found = filtered(request, cohort, cohort.stages.order_by("order"))
    number = found.count()
    form = BulkForm(request.POST or None, initial={"expected": number})
    back = f"{reverse('programmes:application_list', args=[uuid])}?{request.GET.urlencode()}"
    if request.method == "POST" and form.is_valid():
        facts = {"by": request.user, "at": clock.now(), "expected": form.cleaned_data["expected"]}
        try:
            done = services.judge_in_bulk(
                cohort=cohort,
                found=found,
                eligible=form.cleaned_data["eligible"] == "yes",
                reason=form.cleaned_data["reason"],
                **facts,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(number)s applications were changed.") % {"number": done})
            return redirect(back)
    context = {"cohort": cohort, "filters": filters, "number": number, "form": form, "back": back}
    status = 422 if request.method == "POST" else 200
    note_reading(request, [], what="application_bulk")
    return render(request, "programmes/application_bulk.html", context, status=status)
