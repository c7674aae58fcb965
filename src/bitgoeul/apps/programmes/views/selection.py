"""The selection: run, look, verify, publish; and what everyone may check afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.programmes import rules, services, tasks
from bitgoeul.apps.programmes.forms import SelectionFilter
from bitgoeul.apps.programmes.models import Cohort, SelectionRound
from bitgoeul.apps.programmes.queries.listings import current_round, selections_listed
from bitgoeul.apps.programmes.queries.selection import bundle_of, pools_of, summary_of
from bitgoeul.apps.programmes.queries.work import newest_job
from bitgoeul.apps.programmes.views.loading import (
    cohort_for,
    managed_cohort,
    note_download,
    note_reading,
)
from bitgoeul.core import access, clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of

KEY = "programmes.selection"


@require_safe
def selection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the round: to everyone once published, to officers at any time, with the people."""
    user = request.user
    cohort = cohort_for(rules.cohorts_visible_to(user), uuid)
    found = current_round(cohort)
    manages = isinstance(user, User) and rules.can_manage_cohort(user, cohort)
    visible = found is not None and rules.can_see_selection_round(user, found)
    access.require(manages or visible)
    context: dict[str, Any] = {"cohort": cohort, "round": found, "manages": manages}
    if found is not None:
        context |= {
            "pools": pools_of(found, whole=manages),
            "summary": summary_of(found, whole=manages),
        }
    if manages:
        context |= _officers_part(request, cohort, found)
    return render(request, "programmes/selection.html", context)


def _officers_part(request: Any, cohort: Cohort, found: SelectionRound | None) -> dict[str, Any]:
    filters = SelectionFilter(request.GET, tracks=list(cohort.tracks.order_by("key")))
    asked = filters.cleaned_data if filters.is_valid() else {}
    rows: Any = []
    if found is not None:
        rows = selections_listed(found, name=asked.get("q", ""), seat=asked.get("seat", ""))
    page = page_of(rows, request.GET.get("page"))
    if page.object_list:
        people = [row.application.person.uuid for row in page]
        note_reading(request, people, what="selection", purpose=_("Selecting"))
    return {
        "filters": filters,
        "page": page,
        "job": newest_job(f"{KEY}:{cohort.uuid}", request.user),
    }


@require_POST
@access.signed_in
def selection_run(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Run the selection in the background."""
    cohort = managed_cohort(request, uuid)
    jobs.enqueue(
        tasks.run_selection,
        by=request.user,
        dedupe=f"{KEY}:{cohort.uuid}",
        cohort=str(cohort.uuid),
        officer=str(request.user.uuid),
    )
    return redirect("programmes:selection", uuid=uuid)


@require_POST
@access.signed_in
def selection_verify(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let the independent verifier check what is stored."""
    return _judge(request, uuid, services.verify_selection)


@require_POST
@access.signed_in
def selection_publish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Publish the round; it is verified first and withheld when it fails."""
    return _judge(request, uuid, services.publish_selection)


def _judge(request: SignedInRequest, uuid: UUID, service: Any) -> HttpResponse:
    found = current_round(managed_cohort(request, uuid))
    if found is None:
        messages.error(request, _("There is nothing to verify yet."))
        return redirect("programmes:selection", uuid=uuid)
    try:
        done = service(selection_round=found, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, done)
    return redirect("programmes:selection", uuid=uuid)


def _tell(request: SignedInRequest, done: SelectionRound) -> None:
    if not done.verdict["holds"]:
        messages.error(request, _("The stored result does not hold together."))
    elif done.published_at is not None:
        messages.success(request, _("The selection is verified and published."))
    else:
        messages.success(request, _("The independent verifier confirms the result."))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def selection_bundle(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand out everything needed to check the round, with the program that checks it."""
    cohort = managed_cohort(request, uuid)
    found = current_round(cohort)
    access.require(found is not None)
    assert found is not None
    people = found.selections.values_list("application__person__uuid", flat=True)
    note_download(
        request,
        people,
        what="selection_bundle",
        about=cohort.uuid,
        purpose=_("Checking the selection"),
    )
    answer = HttpResponse(bundle_of(found), content_type="application/zip")
    name = f"selection-{cohort.programme.key}-{cohort.number}-{found.number}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
