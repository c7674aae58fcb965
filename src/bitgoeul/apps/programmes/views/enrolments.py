"""The roster, a trainee's progress, and what officers and instructors do about it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import EndForm, EnrolmentFilter, ExamForm
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.apps.programmes.queries.exporting import ENROLMENT_HEADER, enrolment_rows
from bitgoeul.apps.programmes.queries.limit_words import reasons_said
from bitgoeul.apps.programmes.queries.limits import standing_of
from bitgoeul.apps.programmes.queries.listings import enrolments_listed, newest_verdict_of
from bitgoeul.apps.programmes.queries.progress import due_labs, labs_of, progress_of
from bitgoeul.apps.programmes.queries.remote import remote_standings_of
from bitgoeul.apps.programmes.queries.roster import corrections_of
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views.loading import note_download, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.tables import enrolments_table
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
@keeps_views
def enrolment_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List who is in the cohort."""
    cohort = taught_cohort(request, uuid)
    filters, found = _filtered(request, cohort)
    page = page_of(found, request.GET.get("page"))
    note_reading(request, [row.person.uuid for row in page], what="enrolment_list")
    context = {
        "cohort": cohort,
        "filters": filters,
        "page": page,
        "table": enrolments_table(page),
        "manages": rules.can_manage_cohort(request.user, cohort),
    }
    return render(request, "programmes/enrolment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def enrolment_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the roster as CSV or XLSX."""
    cohort = taught_cohort(request, uuid)
    _filters, found = _filtered(request, cohort)
    people = exports.column_of(found, "person__uuid")
    note_download(request, people, what="enrolment_export", about=cohort.uuid)
    rows = exports.rows_of(found)
    header = list(map(str, ENROLMENT_HEADER))
    name = f"roster-{cohort.programme.key}-{cohort.number}.{form}"
    if form == "xlsx":
        return exports.xlsx_response(enrolment_rows(rows), header, name, title=_("Roster"))
    return exports.csv_response(enrolment_rows(rows), header, name)


@require_safe
@access.signed_in
def enrolment_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show how far a trainee is: to themselves, to instructors and to officers."""
    user = request.user
    enrolment = _enrolment(rules.enrolments_visible_to(user), uuid)
    corrections = corrections_of(enrolment)
    people = [row.by.uuid for row in corrections if row.by is not None]
    note_reading(request, [enrolment.person.uuid, *people], what="enrolment_detail")
    verdict = newest_verdict_of(enrolment)
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "own": enrolment.person_id == user.pk,
        **_how_far(enrolment, at=clock.now()),
        "verdict": verdict,
        "decided": phrased(verdict.trace) if verdict else [],
        "corrections": corrections,
        "pays": rules.can_see_allowances(user, enrolment),
        "days": enrolment.attendances.order_by("-held_on")[:20],
        "teaches": rules.can_teach_enrolment(user, enrolment),
        "manages": rules.can_manage_enrolment(user, enrolment),
        "end_form": EndForm(initial={"on": clock.today()}),
        "exam_form": ExamForm(initial={"score": enrolment.exam_score}),
    }
    return render(request, "programmes/enrolment_detail.html", context)


def _how_far(enrolment: Enrolment, *, at: dt.datetime) -> dict[str, Any]:
    progress, labs = progress_of(enrolment), labs_of(enrolment)
    standing = standing_of(enrolment, progress.inputs, due=due_labs(labs, at=at))
    return {
        "progress": progress,
        "lines": phrased(progress.verdict.lines),
        "labs": labs,
        "remote": remote_standings_of(enrolment.cohort, [enrolment])[enrolment.pk],
        "standing": standing,
        "reasons": reasons_said(standing),
    }


@require_POST
@access.signed_in
def enrolment_end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End an enrolment early."""
    enrolment = _enrolment(rules.enrolments_managed_by(request.user), uuid)
    form = EndForm(request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        done = _("The end of the enrolment has been recorded.")
        _try(request, services.end_enrolment, done, enrolment=enrolment, **facts)
    else:
        messages.error(request, _("Say how and why the enrolment ended."))
    return redirect("programmes:enrolment_detail", uuid=uuid)


@require_POST
@access.signed_in
def enrolment_exam(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write the score of the final test."""
    enrolment = _enrolment(rules.enrolments_taught_by(request.user), uuid)
    form = ExamForm(request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        done = _("The score has been recorded.")
        _try(request, services.record_exam_score, done, enrolment=enrolment, **facts)
    else:
        messages.error(request, _("The score must lie between 0 and 100."))
    return redirect("programmes:enrolment_detail", uuid=uuid)


def _try(request: SignedInRequest, service: Any, done: str, **facts: Any) -> None:
    try:
        service(**facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


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


def _enrolment(visible: Any, uuid: UUID) -> Enrolment:
    rows = Enrolment.objects.select_related(
        "person",
        "track",
        "application",
        "cohort__programme",
        "cohort__rule_set",
        "cohort__calendar",
    )
    return access.get(rows, visible, uuid=uuid)
