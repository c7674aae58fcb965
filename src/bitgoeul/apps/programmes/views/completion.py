"""Deciding completion, and the list of verdicts with their traces."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import tasks
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.forms import EnrolmentFilter
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.programmes.queries.certificates import (
    count_certificates,
    standing_certificates,
)
from bitgoeul.apps.programmes.queries.cohorts import enrolments_by_state
from bitgoeul.apps.programmes.queries.exporting import VERDICT_HEADER, verdict_rows
from bitgoeul.apps.programmes.queries.listings import enrolments_listed, newest_verdicts
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.queries.work import newest_job
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_download, note_reading
from bitgoeul.core import access, exports, jobs
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views

KEY = "programmes.completion"


@require_safe
@access.signed_in
@keeps_views
def completion(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List everyone's verdict with its trace."""
    cohort = managed_cohort(request, uuid)
    filters, found = _filtered(request, cohort)
    counts = enrolments_by_state(cohort)
    enrolled = sum(counts.values())
    known = None if any(filters.data.values()) else enrolled
    page = page_of(found, request.GET.get("page"), known=known)
    note_reading(request, [row.person.uuid for row in page], what="completion")
    verdicts = newest_verdicts(page)
    context = {
        "cohort": cohort,
        "filters": filters,
        "page": page,
        "verdicts": verdicts,
        "traces": {pk: phrased(verdict.trace) for pk, verdict in verdicts.items()},
        "counts": counts,
        "enrolled": enrolled,
        "certificates": standing_certificates(page),
        "certified": count_certificates(cohort),
        "job": newest_job(
            f"{KEY}:{cohort.uuid}", request.user, f"{tasks.CERTIFICATES}:{cohort.uuid}"
        ),
        "may_decide": cohort.state == CohortState.RUNNING,
        "may_certify": cohort.state in {CohortState.RUNNING, CohortState.ENDED},
    }
    return render(request, "programmes/completion.html", context)


@require_POST
@access.signed_in
def completion_decide(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Decide the whole cohort in the background."""
    cohort = managed_cohort(request, uuid)
    jobs.enqueue(
        tasks.decide_completions,
        by=request.user,
        dedupe=f"{KEY}:{cohort.uuid}",
        cohort=str(cohort.uuid),
        officer=str(request.user.uuid),
    )
    return redirect("programmes:completion", uuid=uuid)


@require_POST
@access.signed_in
def completion_certificates(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Issue and revoke the certificates of a cohort, as its verdicts say, in the background."""
    cohort = managed_cohort(request, uuid)
    tasks.order_certificates(cohort, request.user)
    return redirect("programmes:completion", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def completion_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the verdicts as CSV or XLSX."""
    cohort = managed_cohort(request, uuid)
    _filters, found = _filtered(request, cohort)
    rows = list(found)
    note_download(
        request, [row.person.uuid for row in rows], what="completion_export", about=cohort.uuid
    )
    verdicts = newest_verdicts(rows)
    words = {
        pk: "; ".join(line.text for line in phrased(verdict.trace))
        for pk, verdict in verdicts.items()
    }
    table = verdict_rows(rows, verdicts, words)
    header = list(map(str, VERDICT_HEADER))
    name = f"completion-{cohort.programme.key}-{cohort.number}.{form}"
    if form == "xlsx":
        return exports.xlsx_response(table, header, name, title=_("Completion"))
    return exports.csv_response(table, header, name)


def _filtered(request: SignedInRequest, cohort: Cohort) -> tuple[EnrolmentFilter, Any]:
    filters = EnrolmentFilter(request.GET, tracks=list(cohort.tracks.order_by("key")))
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = enrolments_listed(
        cohort,
        name=asked.get("q", ""),
        state=asked.get("state", ""),
        track=asked.get("track", ""),
    )
    return filters, found
