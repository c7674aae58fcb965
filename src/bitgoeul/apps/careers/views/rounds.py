"""Matching rounds: the office runs them, everybody can check what was published."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.careers import rules, services, tasks
from bitgoeul.apps.careers.enums import RoundState
from bitgoeul.apps.careers.forms import RoundForm
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.careers.queries import bundles
from bitgoeul.apps.careers.queries import rounds as queries
from bitgoeul.apps.careers.views.replies import attempt, note_download
from bitgoeul.apps.careers.workflow import ROUND_STEPS, actions
from bitgoeul.core import access, clock, exports, jobs
from bitgoeul.core.disclosure import public_threshold
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of

WITH_RESULT = (RoundState.MATCHED, RoundState.PUBLISHED, RoundState.CLOSED)
DIRECT_STEPS: dict[str, tuple[Callable[..., object], object]] = {
    "open": (services.open_round, gettext_lazy("Graduates and employers can begin.")),
    "lock": (services.lock_round, gettext_lazy("Ratings and rankings are locked.")),
    "publish": (services.publish_round, gettext_lazy("The result is published; offers are out.")),
    "close": (services.close_round, gettext_lazy("The round is closed.")),
}


@require_safe
def round_list(request: HttpRequest) -> HttpResponseBase:
    """List the rounds that one may know of; `form` asks for the same as CSV or XLSX."""
    found = queries.rounds_listed(rules.rounds_visible_to(request.user))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Name"), _("Cohort"), _("Vacancies"), _("State"), _("Closes")]
        rows = (
            (r.name, str(r.cohort), r.vacancy_count, r.get_state_display(), r.closes_at)  # type: ignore[attr-defined]  # annotated by the query
            for r in found
        )
        return exports.table_response(form, "matching-rounds", header, rows)
    context = {
        "page": page_of(found, request.GET.get("page")),
        "may_create": rules.is_office(request.user),
    }
    return render(request, "careers/round_list.html", context)


@require_safe
def round_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a round: to everybody its verdict, to the office its steps, to the others their part."""
    matching_round, user = _visible(request, uuid), request.user
    runs = rules.can_run_round(user, matching_round)
    shows_result = matching_round.state in rules.PUBLISHED_ROUNDS or (
        runs and matching_round.state in WITH_RESULT
    )
    context = {
        "round": matching_round,
        "runs": runs,
        "ranks": rules.can_rank_in_round(user, matching_round),
        "rates": rules.can_rate_in_round(user, matching_round),
        "may_check": rules.can_check_round(user, matching_round),
        "shows_result": shows_result,
        "holds": services.holds(matching_round.verification) if shows_result else False,
        "pools": queries.pools_of(matching_round, whole=runs) if shows_result else [],
        "totals": queries.totals_of(matching_round, whole=runs) if shows_result else {},
        "smallest": public_threshold(),
    }
    if runs:
        context |= _office(matching_round)
    return render(request, "careers/round_detail.html", context)


def _office(matching_round: MatchingRound) -> dict[str, object]:
    job = queries.match_job_of(matching_round)
    order = list(RoundState.values)
    here = order.index(matching_round.state)
    return {
        "progress": queries.progress_of(matching_round),
        "job": job if job and (job.has_failed or not job.is_finished) else None,
        "actions": actions(ROUND_STEPS, state=matching_round.state),
        "steps": [
            (state.label, "done" if place < here else "now" if place == here else "")
            for place, state in enumerate(RoundState)
        ],
        "offers": queries.offers_by_state(matching_round),
        "is_draft": matching_round.state == RoundState.DRAFT,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def round_create(request: SignedInRequest) -> HttpResponse:
    """Prepare a round."""
    access.require(rules.is_office(request.user))
    form = RoundForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_round(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The round is prepared. Open it when it is right."))
            return redirect("careers:round_detail", uuid=made.uuid)
    status = 422 if form.errors else 200
    return render(request, "careers/round_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def round_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a round that has not opened."""
    matching_round = _run_by(request, uuid)
    access.require(matching_round.state == RoundState.DRAFT)
    form = RoundForm(request.POST or None, person=request.user, instance=matching_round)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_round(
                matching_round=matching_round, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("careers:round_detail", uuid=uuid)
    context = {"form": form, "round": matching_round}
    status = 422 if form.errors else 200
    return render(request, "careers/round_form.html", context, status=status)


@require_POST
@access.signed_in
def round_step(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Take a round a step on; the match runs in the background."""
    matching_round = _run_by(request, uuid)
    if action == "match":
        _enqueue_match(matching_round, request.user)
        return redirect("careers:round_detail", uuid=uuid)
    if action not in DIRECT_STEPS:
        raise Http404
    step, said = DIRECT_STEPS[action]
    attempt(
        request,
        lambda: step(matching_round=matching_round, by=request.user, at=clock.now()),
        success=said,
    )
    return redirect("careers:round_detail", uuid=uuid)


def _enqueue_match(matching_round: MatchingRound, user: User) -> None:
    if "match" in actions(ROUND_STEPS, state=matching_round.state):
        jobs.enqueue(
            tasks.run_match,
            by=user,
            dedupe=queries.match_job_key(matching_round),
            round_uuid=str(matching_round.uuid),
            by_uuid=str(user.uuid),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def round_bundle(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out everything that is needed to check a round without this system."""
    matching_round = access.get(
        MatchingRound.objects.all(), rules.rounds_checkable_by(request.user), uuid=uuid
    )
    people = bundles.people_in(matching_round)
    note_download(request, people, what="careers.round_bundle", about=uuid)
    response = HttpResponse(bundles.bundle(matching_round), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="round-{uuid}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _visible(request: HttpRequest, uuid: UUID) -> MatchingRound:
    rows = MatchingRound.objects.select_related("cohort__programme__organiser")
    return access.get(rows, rules.rounds_visible_to(request.user), uuid=uuid)


def _run_by(request: SignedInRequest, uuid: UUID) -> MatchingRound:
    rows = MatchingRound.objects.select_related("cohort__programme")
    return access.get(rows, rules.rounds_run_by(request.user), uuid=uuid)
