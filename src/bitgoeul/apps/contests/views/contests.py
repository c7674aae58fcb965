"""Contests: open to every reader; made, changed and led by those who run them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import queries, rules, services, workflow
from bitgoeul.apps.contests.forms import (
    ContestChangesForm,
    ContestFilter,
    ContestForm,
    NewPhaseForm,
    PhaseForm,
    PolicyForm,
    TermsForm,
)
from bitgoeul.apps.contests.models import ScorePolicy
from bitgoeul.apps.contests.queries.pages import contest_page
from bitgoeul.apps.contests.views.replies import (
    attempt,
    contest_for,
    form_page,
    managed,
    managed_phase,
)
from bitgoeul.core import access, clock, exports
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views

STEPS = {
    "publish": (gettext_lazy("Announce it"), gettext_lazy("Everybody can read the contest now.")),
    "withdraw": (gettext_lazy("Take it back"), gettext_lazy("The contest is a draft again.")),
    "start": (gettext_lazy("Start it"), gettext_lazy("The contest runs; teams hand in.")),
    "judge": (gettext_lazy("Stop and judge"), gettext_lazy("No more entries; judging begins.")),
    "resume": (gettext_lazy("Run on"), gettext_lazy("The contest runs on.")),
    "close": (gettext_lazy("Close it"), gettext_lazy("The contest is closed; results are shown.")),
}
"""What stands on the button of a step, and what is said once it is done."""


@require_safe
@keeps_views
def contest_list(request: HttpRequest) -> HttpResponseBase:
    """List contests."""
    filters = ContestFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.contests_listed(
        rules.contests_visible_to(request.user),
        name=asked.get("q", ""),
        state=asked.get("state", ""),
        kind=asked.get("kind", ""),
    )
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Contest"), _("Kind"), _("Organiser"), _("State"), _("Teams")]
        lines = (
            (row.title, row.get_kind_display(), str(row.owner), row.get_state_display(),
             row.team_count)  # type: ignore[attr-defined]  # annotated by the query
            for row in found
        )  # fmt: skip
        return exports.table_response(form, "contests", header, lines)
    context = {
        "page": page_of(found, request.GET.get("page")),
        "filters": filters,
        "may_create": rules.can_create_contest(request.user),
    }
    return render(request, "contests/contest_list.html", context)


@require_safe
def contest_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a contest: what it is about, its phases, and how to take part."""
    contest = contest_for(request, uuid)
    runs = rules.can_manage_contest(request.user, contest)
    context = contest_page(contest, request.user, at=clock.now()) | {"runs": runs}
    if runs:
        steps = workflow.steps_from(workflow.CONTEST, contest.state)
        context["steps"] = [(step, STEPS[step][0]) for step in steps]
    return render(request, "contests/contest_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def contest_create(request: SignedInRequest) -> HttpResponse:
    """Make a contest, as a draft."""
    access.require(rules.can_create_contest(request.user))
    form = ContestForm(request.POST or None, person=request.user)
    return form_page(
        request,
        form,
        services.create_contest,
        template="contests/contest_form.html",
        done=_("The contest has been made as a draft. Plan its phases next."),
        then=lambda made: reverse("contests:contest_plan", args=[made.uuid]),
        facts=form.facts,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def contest_change(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what is said of a contest."""
    contest = managed(request, uuid)
    form = ContestChangesForm(request.POST or None, instance=contest, person=request.user)
    return form_page(
        request,
        form,
        services.change_contest,
        template="contests/contest_form.html",
        done=_("The contest has been changed."),
        then=lambda made: reverse("contests:contest_detail", args=[uuid]),
        facts=lambda: form.facts() | {"contest": contest},
        contest=contest,
    )


@require_POST
@access.signed_in
def contest_move(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Take the next step: announce, start, judge, close."""
    contest = managed(request, uuid)
    if action not in STEPS:
        raise Http404
    attempt(request, services.move_contest, STEPS[action][1], contest=contest, action=action)
    return redirect("contests:contest_detail", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def contest_plan(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show the plan of a contest: phases, tasks, policies, texts; add a phase."""
    contest = managed(request, uuid)
    form = NewPhaseForm(request.POST or None)
    return form_page(
        request,
        form,
        services.plan_phase,
        template="contests/contest_plan.html",
        done=_("The phase has been planned."),
        then=lambda made: reverse("contests:contest_plan", args=[uuid]),
        facts=lambda: dict(form.cleaned_data) | {"contest": contest},
        contest=contest,
        phases=contest.phases.prefetch_related("policies", "tasks__lab"),
        terms=contest.terms.all(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def phase_change(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a phase."""
    phase = managed_phase(request, uuid)
    form = PhaseForm(request.POST or None, instance=phase)
    return form_page(
        request,
        form,
        services.change_phase,
        template="contests/phase_form.html",
        done=_("The phase has been changed."),
        then=lambda made: reverse("contests:contest_plan", args=[phase.contest.uuid]),
        facts=lambda: dict(form.cleaned_data) | {"phase": phase},
        contest=phase.contest,
        phase=phase,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def policy_change(request: SignedInRequest, uuid: UUID, audience: str) -> HttpResponse:
    """Say from when on an audience sees scores and ranks of a phase."""
    phase = managed_phase(request, uuid)
    policy = access.get(
        ScorePolicy.objects.filter(phase=phase), access.EVERYBODY, audience=audience
    )
    form = PolicyForm(request.POST or None, instance=policy)
    return form_page(
        request,
        form,
        services.set_score_policy,
        template="contests/policy_form.html",
        done=_("Who sees what has been set."),
        then=lambda made: reverse("contests:contest_plan", args=[phase.contest.uuid]),
        facts=lambda: dict(form.cleaned_data) | {"phase": phase, "audience": audience},
        contest=phase.contest,
        phase=phase,
        policy=policy,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def terms_publish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Publish the next version of a text that whoever takes part agrees to."""
    contest = managed(request, uuid)
    form = TermsForm(request.POST or None)
    return form_page(
        request,
        form,
        services.publish_terms,
        template="contests/terms_form.html",
        done=_("The text has been published."),
        then=lambda made: reverse("contests:contest_plan", args=[uuid]),
        facts=lambda: dict(form.cleaned_data) | {"contest": contest},
        contest=contest,
    )
