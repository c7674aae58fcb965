"""Retention checks: is the job kept? And who does not count in the rate."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.forms import AnswerForm, CheckFilter, ExclusionFilter, ExclusionForm
from bitgoeul.apps.careers.models import OutcomeExclusion, RetentionCheck
from bitgoeul.apps.careers.queries.placements import checks_listed, exclusions_listed
from bitgoeul.apps.careers.views.replies import (
    FORMS,
    attempt,
    download,
    note_download,
    note_reading,
)
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@access.signed_in
@keeps_views
def check_list(request: SignedInRequest) -> HttpResponse:
    """List the checks whose day has come; at first those without an answer."""
    filters = CheckFilter(request.GET or {"state": "open"})
    page = page_of(_found(request, filters), request.GET.get("page"))
    people = [row.placement.person.uuid for row in page]
    note_reading(request, people, what="careers.check_list")
    answers = AnswerForm.base_fields["state"].choices  # type: ignore[attr-defined]  # a choice field
    context = {"page": page, "filters": filters, "answers": answers}
    return render(request, "careers/check_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def check_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Hand out the checks of the present filter, in the columns of their import."""
    access.require(form in FORMS)
    rows = list(_found(request, CheckFilter(request.GET)))
    people = [row.placement.person.uuid for row in rows]
    note_download(request, people, what="careers.check_export")
    header = (
        _("Name"),
        _("E-mail"),
        _("Organisation"),
        _("Start date"),
        _("Months"),
        _("Due on"),
        _("State"),
        _("Answered on"),
    )
    return download(form, header=header, rows=map(_exported, rows), name="retention")


def _exported(row: RetentionCheck) -> tuple[object, ...]:
    return (
        row.placement.person.full_name,
        row.placement.person.email,
        row.placement.organisation.name,
        row.placement.started_on,
        row.months,
        row.due_on,
        row.get_state_display(),
        row.answered_on,
    )


def _found(request: SignedInRequest, filters: CheckFilter) -> QuerySet[RetentionCheck]:
    asked = filters.cleaned_data if filters.is_valid() else {}
    visible = rules.checks_visible_to(request.user)
    return checks_listed(visible, today=clock.today(), **asked)


@require_POST
@access.signed_in
def check_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say whether a job is kept."""
    rows = RetentionCheck.objects.select_related("placement__person", "placement__organisation")
    check = access.get(rows, rules.checks_visible_to(request.user), uuid=uuid)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the answers."))
        return redirect("careers:check_list")
    attempt(
        request,
        lambda: services.answer_check(
            check=check,
            state=form.cleaned_data["state"],
            answered_on=clock.today(),
            source=services.source_of(by=request.user, check=check),
            by=request.user,
            at=clock.now(),
        ),
        success=_("The answer is kept."),
    )
    if request.POST.get("next") == "placement":
        return redirect("careers:placement_detail", uuid=check.placement.uuid)
    return redirect("careers:check_list")


def _exclusion_header() -> list[str]:
    return [_("Name"), _("Cohort"), _("Reason"), _("Date of the evidence"), _("Evidence")]


def _line(row: OutcomeExclusion) -> tuple[object, ...]:
    reason = row.get_reason_display()
    return str(row.person), str(row.cohort), reason, row.evidence_on, row.evidence_note


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@keeps_views
def exclusion_list(request: SignedInRequest) -> HttpResponseBase:
    """List who does not count in the rate of the cohorts that one runs, and one's own entry."""
    filters = ExclusionFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = exclusions_listed(rules.exclusions_visible_to(request.user), **asked)
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        rows = list(found)
        people = [row.person.uuid for row in rows]
        note_download(request, people, what="careers.exclusion_file")
        return exports.table_response(form, "exclusions", _exclusion_header(), map(_line, rows))
    page = page_of(found, request.GET.get("page"))
    note_reading(request, [row.person.uuid for row in page], what="careers.exclusion_list")
    context = {"page": page, "filters": filters, "may_record": rules.is_office(request.user)}
    return render(request, "careers/exclusion_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def exclusion_create(request: SignedInRequest) -> HttpResponse:
    """Record that a person does not count."""
    access.require(rules.is_office(request.user))
    form = ExclusionForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        person = User.objects.filter(email=facts.pop("email")).first()
        try:
            if person is None:
                raise Refused(_("Only those who completed or left for a job can be excluded."))
            services.record_exclusion(person=person, **facts, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The exclusion is recorded."))
            return redirect("careers:exclusion_list")
    status = 422 if form.errors else 200
    return render(request, "careers/exclusion_form.html", {"form": form}, status=status)
