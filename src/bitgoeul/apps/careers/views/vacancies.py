"""Vacancies: open to everybody; written by their employer."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.forms import VacancyFilter, VacancyForm
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.careers.queries.vacancies import skill_names_of, vacancies_listed
from bitgoeul.apps.careers.views.replies import attempt, download
from bitgoeul.apps.careers.views.tables import vacancies_table
from bitgoeul.apps.careers.workflow import VACANCY_STEPS, actions
from bitgoeul.core import access, clock, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_safe
@keeps_views
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """List vacancies; at first the open ones."""
    filters = VacancyFilter(request.GET or {"state": VacancyState.OPEN})
    page = page_of(_found(request, filters), request.GET.get("page"))
    context = {
        "page": page,
        "table": vacancies_table(page),
        "filters": filters,
        "may_create": rules.is_employer(request.user),
        "may_import": rules.can_import_vacancies(request.user),
    }
    return render(request, "careers/vacancy_list.html", context)


@require_safe
def vacancy_export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Hand out the vacancies of the present filter."""
    found = _found(request, VacancyFilter(request.GET))
    header = (
        _("Vacancy number"),
        _("Organisation"),
        _("Title in Korean"),
        _("Title in English"),
        _("Research centre"),
        _("Place of work"),
        _("Region"),
        _("Kind of employment"),
        _("Seats"),
        _("Wage from"),
        _("Wage to"),
        _("Target share of local talents"),
        _("Skills asked for"),
        _("Open from"),
        _("Open until"),
        _("State"),
    )
    return download(form, header=header, rows=map(_exported, found), name="vacancies")


def _exported(row: Vacancy) -> tuple[object, ...]:
    return (
        row.number,
        row.organisation.name,
        row.title_ko,
        row.title_en,
        "○" if row.research_centre else "×",
        row.site,
        row.get_region_display(),
        row.get_employment_type_display(),
        row.seats,
        row.wage_from_won,
        row.wage_to_won,
        f"{row.local_share:.0%}",
        ", ".join(row.skills),
        row.opens_on,
        row.closes_on,
        row.get_state_display(),
    )


def _found(request: HttpRequest, filters: VacancyFilter) -> QuerySet[Vacancy]:
    asked = filters.cleaned_data if filters.is_valid() else {}
    return vacancies_listed(rules.vacancies_visible_to(request.user), **asked)


@require_safe
@access.signed_in
def vacancies_own(request: SignedInRequest) -> HttpResponseBase:
    """List an employer's vacancies, drafts included."""
    access.require(rules.is_employer(request.user))
    found = vacancies_listed(rules.vacancies_editable_by(request.user))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        header = [_("Number"), _("Title"), _("Company"), _("Seats"), _("State"), _("Closes on")]
        rows = (
            (v.number, v.title, str(v.organisation), v.seats, v.get_state_display(), v.closes_on)
            for v in found
        )
        return exports.table_response(form, "own-vacancies", header, rows)
    page = page_of(found, request.GET.get("page"))
    return render(request, "careers/vacancies_own.html", {"page": page})


@require_safe
def vacancy_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one vacancy."""
    vacancy = _visible(request, uuid)
    may_edit = rules.can_edit_vacancy(request.user, vacancy)
    context = {
        "vacancy": vacancy,
        "may_edit": may_edit,
        "skills": skill_names_of(vacancy),
        "actions": actions(VACANCY_STEPS, state=vacancy.state) if may_edit else (),
    }
    return render(request, "careers/vacancy_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def vacancy_create(request: SignedInRequest) -> HttpResponse:
    """Write a new vacancy."""
    access.require(rules.is_employer(request.user))
    form = VacancyForm(
        request.POST or None, person=request.user, initial={"opens_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            vacancy = services.create_vacancy(**form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Look at it, then open it."))
            return redirect("careers:vacancy_detail", uuid=vacancy.uuid)
    status = 422 if form.errors else 200
    return render(request, "careers/vacancy_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def vacancy_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a vacancy."""
    vacancy = _visible(request, uuid)
    access.require(rules.can_edit_vacancy(request.user, vacancy))
    form = VacancyForm(request.POST or None, person=request.user, instance=vacancy)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_vacancy(
                vacancy=vacancy, **form.facts(), by=request.user, at=clock.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("careers:vacancy_detail", uuid=uuid)
    status = 422 if form.errors else 200
    context = {"form": form, "vacancy": vacancy}
    return render(request, "careers/vacancy_form.html", context, status=status)


@require_POST
@access.signed_in
def vacancy_open(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a vacancy to everybody."""
    vacancy = _editable(request, uuid)
    attempt(
        request,
        lambda: services.open_vacancy(vacancy=vacancy, by=request.user, at=clock.now()),
        success=_("The vacancy is open."),
    )
    return redirect("careers:vacancy_detail", uuid=uuid)


@require_POST
@access.signed_in
def vacancy_close(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take no more applications."""
    vacancy = _editable(request, uuid)
    attempt(
        request,
        lambda: services.close_vacancy(vacancy=vacancy, by=request.user, at=clock.now()),
        success=_("The vacancy is closed."),
    )
    return redirect("careers:vacancy_detail", uuid=uuid)


def _visible(request: HttpRequest, uuid: UUID) -> Vacancy:
    rows = Vacancy.objects.select_related("organisation")
    return access.get(rows, rules.vacancies_visible_to(request.user), uuid=uuid)


def _editable(request: SignedInRequest, uuid: UUID) -> Vacancy:
    vacancy = _visible(request, uuid)
    access.require(rules.can_edit_vacancy(request.user, vacancy))
    return vacancy
