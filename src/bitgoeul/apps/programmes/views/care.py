"""Objections to verdicts, and counselling with restricted access."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import AppealState
from bitgoeul.apps.programmes.forms.care import AnswerForm, AppealForm, CounselForm, OutcomeForm
from bitgoeul.apps.programmes.models import Appeal, CounselNote
from bitgoeul.apps.programmes.queries.care import (
    appeal_of,
    appeals_listed,
    notes_of,
    reason_name,
)
from bitgoeul.apps.programmes.queries.completion import attendance_of
from bitgoeul.apps.programmes.queries.limit_words import reasons_said
from bitgoeul.apps.programmes.queries.limits import standing_of
from bitgoeul.apps.programmes.queries.listings import newest_verdict_of
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views.loading import enrolment_for, managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def enrolment_appeal(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Object to the verdict on one's own completion, or read what was answered."""
    enrolment = enrolment_for(rules.enrolments_appealable_by(request.user), uuid)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        done = _("Your objection has arrived; an officer will answer it here.")
        _try(request, services.make_appeal, done, enrolment=enrolment, **facts)
        return redirect("programmes:enrolment_appeal", uuid=uuid)
    verdict, appeal = newest_verdict_of(enrolment), appeal_of(enrolment)
    open_ = verdict is not None and (appeal is None or appeal.verdict_id != verdict.pk)
    until = services.appeal_until(verdict) if verdict else None
    context = {
        "enrolment": enrolment, "cohort": enrolment.cohort, "verdict": verdict, "appeal": appeal,
        "lines": phrased(verdict.trace) if verdict else [], "until": until,
        "form": form if open_ and until and clock.today() <= until else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/enrolment_appeal.html", context, status=status)


@require_safe
@access.signed_in
def appeal_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the objections of a cohort, those that wait first."""
    cohort = managed_cohort(request, uuid)
    page = page_of(appeals_listed(cohort), request.GET.get("page"))
    note_reading(request, [row.enrolment.person.uuid for row in page], what="appeal_list")
    context = {"cohort": cohort, "page": page, "form": AnswerForm(), "open": AppealState.OPEN}
    return render(request, "programmes/appeal_list.html", context)


@require_POST
@access.signed_in
def appeal_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer an objection."""
    rows = Appeal.objects.select_related("enrolment__cohort__programme")
    appeal = access.get(rows, rules.appeals_answerable_by(request.user), uuid=uuid)
    form = AnswerForm(request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        _try(request, services.answer_appeal, _("The answer is kept."), appeal=appeal, **facts)
    else:
        messages.error(request, _("Say whether you accept, and why."))
    return redirect("programmes:appeal_list", uuid=appeal.enrolment.cohort.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def counsel_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Read and write what was done after warnings about somebody."""
    enrolment = enrolment_for(rules.enrolments_counselled_by(request.user), uuid)
    standing = standing_of(enrolment, attendance_of(enrolment), due=())
    form = CounselForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        facts["reasons"] = standing.reasons if standing else ()
        _try(
            request,
            services.write_counsel_note,
            _("The note is kept."),
            enrolment=enrolment,
            **facts,
        )
        return redirect("programmes:counsel_list", uuid=uuid)
    notes = notes_of(enrolment, rules.counsel_notes_visible_to(request.user))
    note_reading(request, [enrolment.person.uuid], what="counsel_list", purpose=_("Counselling"))
    context = {
        "enrolment": enrolment, "cohort": enrolment.cohort, "form": form,
        "notes": [(note, [reason_name(each) for each in note.reasons]) for note in notes],
        "reasons": reasons_said(standing) if standing else [], "outcome_form": OutcomeForm(),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/counsel_list.html", context, status=status)


@require_POST
@access.signed_in
def counsel_settle(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say whether somebody recovered."""
    rows = CounselNote.objects.select_related("enrolment__cohort__programme")
    note = access.get(rows, rules.counsel_notes_visible_to(request.user), uuid=uuid)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        _try(request, services.settle_counsel_note, _("Kept."), note=note, **facts)
    else:
        messages.error(request, _("Say what came of it."))
    return redirect("programmes:counsel_list", uuid=note.enrolment.uuid)


def _try(request: SignedInRequest, service: Callable[..., Any], done: str, **facts: Any) -> None:
    try:
        service(**facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
