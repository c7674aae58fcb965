"""Graduates rank, employers rate, and after publication each graduate reads why."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.enums import RoundState, VacancyState
from bitgoeul.apps.careers.forms import RankForm, RatingForm
from bitgoeul.apps.careers.models import Application, MatchingRound, Vacancy
from bitgoeul.apps.careers.queries import bundles
from bitgoeul.apps.careers.queries import rounds as queries
from bitgoeul.apps.careers.queries.explanations import explanation_of
from bitgoeul.apps.careers.views.replies import FORMS, download, note_download, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rank(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Put vacancies in order: by numbers, or by a button that moves one and saves."""
    matching_round = _taken_part_in(request, uuid)
    access.require(rules.can_rank_in_round(request.user, matching_round))
    ranking = queries.ranking_of(matching_round, request.user)
    vacancies = matching_round.vacancies.filter(state=VacancyState.OPEN)
    vacancies = vacancies.select_related("organisation")
    # An empty list is an answer too, so the method decides, not what the form holds.
    data = request.POST if request.method == "POST" else None
    form = RankForm(data, vacancies=vacancies, ranking=ranking)
    if request.method == "POST" and form.is_valid():
        try:
            services.rank_vacancies(
                matching_round=matching_round,
                person=request.user,
                vacancies=form.ordered(),
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your list is saved."))
            return redirect(_back_to(request, uuid))
    context = {"round": matching_round, "form": form, **_own_luck(matching_round, request)}
    status = 422 if form.errors else 200
    return render(request, "careers/rank.html", context, status=status)


def _back_to(request: SignedInRequest, uuid: UUID) -> str:
    """Where the moved vacancy stands now, so that the next press finds it."""
    moved = request.POST.get("move", "").partition(":")[2]
    return reverse("careers:rank", args=[uuid]) + (f"#v-{moved}" if moved else "")


def _own_luck(matching_round: MatchingRound, request: SignedInRequest) -> dict[str, object]:
    open_until = matching_round.closes_at
    collecting = matching_round.state == RoundState.COLLECTING
    return {
        "pseudonym": bundles.pseudonym(matching_round, request.user.uuid),
        "lottery": bundles.lottery_of(matching_round, request.user.uuid),
        "is_open": collecting and clock.now() <= open_until,
    }


@require_safe
@access.signed_in
def rating_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List an employer's vacancies in a round with how many are rated."""
    matching_round = _rated_in(request, uuid)
    context = {
        "round": matching_round,
        "vacancies": queries.vacancies_to_rate(matching_round, request.user),
    }
    return render(request, "careers/rating_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rate(request: SignedInRequest, uuid: UUID, vacancy_uuid: UUID) -> HttpResponse:
    """Rate those who want a vacancy, fifty a page."""
    matching_round, vacancy = _vacancy_in(request, uuid, vacancy_uuid)
    found = queries.applications_to_rate(matching_round, vacancy, request.user)
    page = page_of(found, request.GET.get("page"))
    form = RatingForm(request.POST or None, applications=page)
    if request.method == "POST" and form.is_valid():
        try:
            services.rate_applications(
                matching_round=matching_round,
                ratings=form.ratings(),
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The ratings are saved."))
            return redirect(request.get_full_path())
    note_reading(request, _people_on(page), what="careers.rating_page")
    context = {"round": matching_round, "vacancy": vacancy, "page": page, "form": form}
    status = 422 if form.errors else 200
    return render(request, "careers/rate.html", context, status=status)


def _people_on(page: Page[Application]) -> list[UUID]:
    return [row.person.uuid for row in page]


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rating_export(
    request: SignedInRequest, uuid: UUID, vacancy_uuid: UUID, form: str
) -> HttpResponseBase:
    """Hand out the applicants of a vacancy, in the columns in which ratings are imported."""
    access.require(form in FORMS)
    matching_round, vacancy = _vacancy_in(request, uuid, vacancy_uuid)
    rows = list(queries.applications_to_rate(matching_round, vacancy, request.user))
    note_download(request, (row.person.uuid for row in rows), what="careers.rating_export")
    header = (_("Vacancy number"), _("Name"), _("E-mail"), _("Rating"))
    table = [
        (vacancy.number, row.person.full_name, row.person.email, _rating_text(row)) for row in rows
    ]
    return download(form, header=header, rows=table, name=f"ratings-{vacancy.number}")


def _rating_text(row: Application) -> object:
    if row.rating is None and row.rated_at is not None:
        return _("not acceptable")
    return row.rating


@require_safe
@access.signed_in
def result(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Tell a graduate their own outcome, and for each better choice why not."""
    matching_round = _taken_part_in(request, uuid)
    access.require(rules.can_rank_in_round(request.user, matching_round))
    access.require(matching_round.state in rules.PUBLISHED_ROUNDS)
    context = {
        "round": matching_round,
        "why": explanation_of(matching_round, request.user),
        "offer": matching_round.offers.filter(person=request.user).first(),
    }
    return render(request, "careers/result.html", context)


def _taken_part_in(request: SignedInRequest, uuid: UUID) -> MatchingRound:
    rows = MatchingRound.objects.select_related("cohort__programme", "cohort__rule_set")
    return access.get(rows, rules.rounds_visible_to(request.user), uuid=uuid)


def _rated_in(request: SignedInRequest, uuid: UUID) -> MatchingRound:
    matching_round = _taken_part_in(request, uuid)
    access.require(
        rules.can_rate_in_round(request.user, matching_round)
        or rules.can_run_round(request.user, matching_round)
    )
    return matching_round


def _vacancy_in(
    request: SignedInRequest, uuid: UUID, vacancy_uuid: UUID
) -> tuple[MatchingRound, Vacancy]:
    matching_round = _rated_in(request, uuid)
    vacancies = queries.vacancies_to_rate(matching_round, request.user)
    return matching_round, access.get(vacancies, access.EVERYBODY, uuid=vacancy_uuid)
