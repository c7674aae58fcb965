"""Applying, one's own application, and the officers' list of all."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.alliance.queries import current_consent_texts
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.forms import (
    AccommodationForm,
    ApplicationFilter,
    ApplicationForm,
    JudgeForm,
    answers_of,
)
from bitgoeul.apps.programmes.models import Application, Cohort, Stage
from bitgoeul.apps.programmes.queries.exporting import APPLICATION_HEADER, application_rows
from bitgoeul.apps.programmes.queries.forms import answers_shown, questions_asked
from bitgoeul.apps.programmes.queries.listings import applications_listed, beside
from bitgoeul.apps.programmes.queries.outcome import outcome_of
from bitgoeul.apps.programmes.views.loading import (
    cohort_for,
    managed_cohort,
    note_download,
    note_reading,
)
from bitgoeul.apps.programmes.views.tables import applications_table
from bitgoeul.core import access, clock, exports, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def apply(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write an application: save it as a draft, or hand it in until the deadline."""
    cohort = cohort_for(rules.cohorts_open_to(request.user), uuid)
    submitting = request.POST.get("action") != "save"
    application, form = _form_of(request, cohort, submitting=submitting)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _keep(request, cohort, form, submitting=submitting)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("programmes:application_detail", uuid=saved.uuid)
    context = {"cohort": cohort, "form": form, "application": application}
    return render(request, "programmes/apply.html", context, status=422 if form.errors else 200)


@require_POST
@access.signed_in
def apply_save(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep what the page holds by itself: as a draft, without files, identity and consents."""
    cohort = cohort_for(rules.cohorts_open_to(request.user), uuid)
    application, form = _form_of(request, cohort, submitting=False)
    context: dict[str, Any] = {"refusal": "", "at": None}
    if application is None or application.state != ApplicationState.SUBMITTED:
        form.is_valid()
        form.keep_standing()
        facts = {**form.facts(), "identity": None, "by": request.user, "at": clock.now()}
        try:
            services.save_application_draft(cohort=cohort, person=request.user, **facts)
            context = {"at": clock.now(), "faults": form.faulty()}
        except Refused as refusal:
            context["refusal"] = str(refusal)
    return render(request, "programmes/apply_saved.html", context)


def _form_of(
    request: SignedInRequest, cohort: Cohort, *, submitting: bool
) -> tuple[Application | None, ApplicationForm]:
    rows = Application.objects.select_related("accommodation")
    application = rows.filter(cohort=cohort, person=request.user).first()
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        cohort=cohort,
        person=request.user,
        texts=current_consent_texts(purposes=services.PURPOSES, on=clock.today()),
        questions=questions_asked(cohort),
        submitting=submitting,
        initial=answers_of(application),
    )
    return application, form


def _keep(
    request: SignedInRequest, cohort: Cohort, form: ApplicationForm, *, submitting: bool
) -> Application:
    facts: dict[str, Any] = {
        "cohort": cohort,
        "person": request.user,
        "by": request.user,
        "at": clock.now(),
        **form.facts(),
    }
    if submitting:
        application = services.submit_application(consents=form.consents(), **facts)
        messages.success(request, _("Your application has been handed in."))
    else:
        application = services.save_application_draft(**facts)
        messages.success(request, _("Your draft has been saved. It is not handed in yet."))
    return application


@require_safe
@access.signed_in
def application_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show an application: to its author state and reasons, to officers what they judge."""
    user = request.user
    application = access.get(_applications(), rules.applications_visible_to(user), uuid=uuid)
    note_reading(request, [application.person.uuid], what="application_detail")
    own = application.person_id == user.pk
    manages = rules.can_manage_application(user, application)
    context = {
        "application": application,
        "cohort": application.cohort,
        "own": own,
        "manages": manages,
        "changeable": rules.can_change_application(user, application),
        "form": JudgeForm(),
        "answers": answers_shown(application),
        "accommodation": getattr(application, "accommodation", None),
        "accommodation_form": AccommodationForm(),
        **outcome_of(application, show_scores=manages),
    }
    return render(request, "programmes/application_detail.html", context)


@require_POST
@access.signed_in
def application_withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take one's application back."""
    application = access.get(
        _applications(), rules.applications_changeable_by(request.user), uuid=uuid
    )
    try:
        services.withdraw_application(application=application, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your application has been withdrawn."))
    return redirect("programmes:application_detail", uuid=uuid)


@require_POST
@access.signed_in
def application_judge(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Declare an application not eligible, or readmit it."""
    application = access.get(
        _applications(), rules.applications_managed_by(request.user), uuid=uuid
    )
    try:
        services.judge_eligibility(
            application=application,
            eligible=request.POST.get("eligible") == "yes",
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The decision has been recorded."))
    return redirect("programmes:application_detail", uuid=uuid)


@require_safe
@access.signed_in
@keeps_views
def application_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List a cohort's applications for its officers."""
    cohort = managed_cohort(request, uuid)
    stages = list(cohort.stages.order_by("order"))
    filters, found = filtered(request, cohort, stages, bare=True)
    page = page_of(found, request.GET.get("page"))
    note_reading(request, [row.person.uuid for row in page], what="application_list")
    context = {
        "cohort": cohort,
        "table": applications_table(page, stages, beside(page.object_list)),
        "filters": filters,
        "page": page,
    }
    return render(request, "programmes/application_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def application_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the current filter as CSV or XLSX."""
    cohort = managed_cohort(request, uuid)
    stages = list(cohort.stages.order_by("order"))
    _filters, found = filtered(request, cohort, stages)
    people = exports.column_of(found, "person__uuid")
    note_download(request, people, what="application_export", about=cohort.uuid)
    rows = exports.rows_of(found)
    header = [*map(str, APPLICATION_HEADER), *(stage.name for stage in stages)]
    name = f"applications-{cohort.programme.key}-{cohort.number}.{form}"
    table = application_rows(rows, stages)
    if form == "xlsx":
        return exports.xlsx_response(table, header, name, title=_("Applications"))
    return exports.csv_response(table, header, name)


def filtered(
    request: SignedInRequest, cohort: Cohort, stages: Iterable[Stage], *, bare: bool = False
) -> tuple[ApplicationFilter, Any]:
    """Return the filter of the list and what it finds."""
    filters = ApplicationFilter(request.GET, stages=stages)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = applications_listed(
        cohort,
        name=asked.get("q", ""),
        state=asked.get("state", ""),
        region=asked.get("region", ""),
        outcome=asked.get("outcome", ""),
        bare=bare,
    )
    # A filter that cannot be read finds nobody: everybody would be judged by its button.
    return filters, found if filters.is_valid() else found.none()


def _applications() -> Any:
    return Application.objects.select_related(
        "person", "cohort__programme", "cohort__rule_set", "accommodation"
    ).prefetch_related("choices__track")
