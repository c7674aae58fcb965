"""Requests to recognise an absence: asked on a phone, decided by the office."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import AbsenceState, CohortState, EnrolmentState
from bitgoeul.apps.programmes.forms.absences import (
    AbsenceDecisionForm,
    AbsenceFilter,
    AbsenceForm,
    EvidenceForm,
    RevokeForm,
)
from bitgoeul.apps.programmes.models import AbsenceRequest, Cohort
from bitgoeul.apps.programmes.queries.absences import (
    ABSENCE_HEADER,
    absence_rows,
    absences_listed,
    absences_of,
    allowed_in,
    course_of,
    hours_text,
    lines_of,
)
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.apps.programmes.views.loading import (
    enrolment_for,
    managed_cohort,
    note_download,
    note_reading,
    taught_cohort,
)
from bitgoeul.apps.programmes.views.replies import acting, address, done
from bitgoeul.core import access, exports, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def enrolment_absences(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List one person's requests, say what is left, and take a new one."""
    enrolment = enrolment_for(rules.enrolments_filing_for(request.user), uuid)
    form = AbsenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"facts": form.facts(), "paper": form.paper(), **acting(request)}
            made = services.file_absence(enrolment=enrolment, **facts)
            return done(request, lambda: made, said=_("It has arrived."), to=_page(made))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    found = absences_of(enrolment)
    people = [row.decided_by.uuid for row in found if row.decided_by is not None]
    note_reading(request, [enrolment.person.uuid, *people], what="enrolment_absences")
    cohort, running = enrolment.cohort, EnrolmentState.ENROLLED
    opens = cohort.state == CohortState.RUNNING and enrolment.state == running
    context = {
        "enrolment": enrolment, "cohort": cohort, "own": enrolment.person_id == request.user.pk,
        "rows": [(row, hours_text(row)) for row in found],
        "allowed": allowed_in(course_of(enrolment), found), "form": form if opens else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/enrolment_absences.html", context, status=status)


@require_safe
@access.signed_in
@keeps_views
def absence_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List a cohort's requests; who only teaches sees for whom and when, and if it is decided."""
    cohort = taught_cohort(request, uuid)
    manages = rules.can_manage_cohort(request.user, cohort)
    filters, found = _filtered(request, cohort, manages=manages)
    page = page_of(found, request.GET.get("page"))
    note_reading(request, [row.enrolment.person.uuid for row in page], what="absence_list")
    context = {
        "cohort": cohort, "filters": filters if manages else None, "page": page,
        "manages": manages, "hours": {row.pk: hours_text(row) for row in page},
    }  # fmt: skip
    return render(request, "programmes/absence_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def absence_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the officers' list as CSV or XLSX."""
    cohort = managed_cohort(request, uuid)
    _filters, found = _filtered(request, cohort, manages=True)
    people = exports.column_of(found, "enrolment__person__uuid")
    note_download(request, people, what="absence_export", about=cohort.uuid)
    rows, name = absence_rows(found), f"absences-{cohort.programme.key}-{cohort.number}"
    header = list(map(str, ABSENCE_HEADER))
    return exports.table_response(form, name, header, rows, title=_("Recognised absences"))


@require_safe
@access.signed_in
def absence_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a request with its evidence, and what the rules say of it."""
    row = absence_for(rules.absences_visible_to(request.user), uuid)
    people = [row.enrolment.person, row.filed_by, row.decided_by]
    note_reading(request, [one.uuid for one in people if one], what="absence_detail")
    waits = row.state == AbsenceState.OPEN
    lines: Any = row.trace
    if waits:
        lines = lines_of(row, course_of(row.enrolment), absences_of(row.enrolment))
    decides = rules.can_decide_absence(request.user, row)
    context = {
        "absence": row, "enrolment": row.enrolment, "cohort": row.enrolment.cohort,
        "own": row.enrolment.person_id == request.user.pk, "hours": hours_text(row),
        "lines": phrased(lines), "waits": waits, "manages": rules.can_manage_cohort(
            request.user, row.enrolment.cohort),
        "evidence_form": EvidenceForm() if waits else None,
        "decision_form": AbsenceDecisionForm() if waits and decides else None,
        "revoke_form": RevokeForm() if decides and row.state == AbsenceState.ACCEPTED else None,
        "changed": sorted(row.changed),
    }  # fmt: skip
    return render(request, "programmes/absence_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def absence_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out the evidence of a request."""
    row = absence_for(rules.absences_visible_to(request.user), uuid)
    access.require(bool(row.file))
    note_download(request, [row.enrolment.person.uuid], what="absence_file", about=uuid)
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_POST
@access.signed_in
def absence_evidence(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in the evidence later."""
    row = absence_for(rules.absences_visible_to(request.user), uuid)
    form = EvidenceForm(request.POST, request.FILES)

    def add() -> None:
        _valid(form)
        services.add_absence_evidence(absence=row, paper=form.paper(), **acting(request))

    return done(request, add, said=_("The evidence has arrived."), to=_page(row))


@require_POST
@access.signed_in
def absence_withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take one's request back."""
    row = absence_for(rules.absences_withdrawable_by(request.user), uuid)
    return done(
        request,
        lambda: services.withdraw_absence(absence=row, **acting(request)),
        said=_("The request is taken back."),
        to=_page(row),
    )


@require_POST
@access.signed_in
def absence_decide(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Recognise an absence or not."""
    form = AbsenceDecisionForm(request.POST)
    return _answer(request, uuid, form, services.decide_absence, _("The decision is kept."))


@require_POST
@access.signed_in
def absence_revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a recognition back."""
    form, said = RevokeForm(request.POST), _("The recognition is taken back.")
    return _answer(request, uuid, form, services.revoke_absence, said)


def absence_for(visible: Any, uuid: UUID) -> AbsenceRequest:
    """Return a request that the filter lets through, with what its page shows."""
    rows = AbsenceRequest.objects.select_related(
        "enrolment__person", "enrolment__track", "enrolment__cohort__programme",
        "enrolment__cohort__rule_set", "enrolment__cohort__calendar", "filed_by", "decided_by",
        "rule_set",
    )  # fmt: skip
    return access.get(rows, visible, uuid=uuid)


def _answer(
    request: SignedInRequest, uuid: UUID, form: Any, service: Callable[..., Any], said: str
) -> HttpResponse:
    row = absence_for(rules.absences_decidable_by(request.user), uuid)

    def decide() -> None:
        _valid(form)
        service(absence=row, **form.cleaned_data, **acting(request))

    return done(request, decide, said=said, to=_page(row))


def _valid(form: Any) -> None:
    if not form.is_valid():
        raise Refused(" ".join(text for texts in form.errors.values() for text in texts))


def _page(row: AbsenceRequest) -> str:
    return address("absence_detail", row)


def _filtered(
    request: SignedInRequest, cohort: Cohort, *, manages: bool
) -> tuple[AbsenceFilter, Any]:
    filters = AbsenceFilter(request.GET)
    asked = filters.cleaned_data if manages and filters.is_valid() else {}
    found = absences_listed(
        cohort, name=asked.get("q", ""), state=asked.get("state", ""), kind=asked.get("kind", "")
    )
    return filters, found
