"""Graduates rank, employers rate, and after publication each graduate reads why."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.api.room import note, room
from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.forms import RankForm, RatingForm
from bitgoeul.apps.careers.models import Application, MatchingRound, Vacancy
from bitgoeul.apps.careers.queries import rounds as queries
from bitgoeul.apps.careers.queries.explanations import explanation_of
from bitgoeul.apps.careers.views import choices as pages
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, listed, whole


class RankingOut(Row):
    """One's list, the most wanted first."""

    vacancies: list[UUID]


class RankIn(Body):
    """The vacancies that one wants, the most wanted first; the others one does not want."""

    vacancies: Annotated[list[UUID], Field(max_length=300)]


class ToRateRow(Row):
    """A vacancy in the round, with how many applied and how many are rated."""

    uuid: UUID
    number: str
    title_ko: str
    applied: int
    rated: int


class ApplicantRow(Row):
    """Who applied; rated without a rating: the employer does not accept them."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    rating: float | None
    rated_at: dt.datetime | None


class RatingIn(Body):
    """A rating of 0 to 100, or the word that an applicant is not acceptable."""

    application: UUID
    rating: Annotated[Decimal | None, Field(ge=0, le=100, decimal_places=2)] = None
    not_acceptable: bool = False


class RatingsIn(Body):
    """Ratings of a vacancy's applicants; whoever is not named stays as they are."""

    ratings: Annotated[list[RatingIn], Field(min_length=1, max_length=500)]


class ResultOut(Row):
    """One's own outcome."""

    pseudonym: str
    lottery: str
    vacancy: UUID | None
    rank: int | None
    through_reserve: bool
    reasons: list[dict[str, Any]]


@room.reads("/rounds/{uuid:uuid}/ranking", RankingOut)
def ranking(request: Request, uuid: UUID) -> Any:
    """Read one's own list."""
    found = _ranked_in(request, uuid)
    return {"vacancies": [row.uuid for row in queries.ranking_of(found, request.user)]}


@room.writes("/rounds/{uuid:uuid}/ranking", RankingOut, method="PUT", body=RankIn)
def rank(request: Request, uuid: UUID) -> Any:
    """Put vacancies in order."""
    found, user = _ranked_in(request, uuid), request.user
    wanted = given(request).vacancies
    rows = found.vacancies.filter(state=VacancyState.OPEN).select_related("organisation")
    known = {row.uuid for row in rows}
    errors = [
        FieldError(place=f"body.vacancies.{at}", message=_("This vacancy is not in the round."))
        for at, vacancy in enumerate(wanted)
        if vacancy not in known or vacancy in wanted[:at]
    ]
    if errors:
        raise Problem("invalid", errors=errors)
    data = {f"rank_{vacancy.hex}": at for at, vacancy in enumerate(wanted, start=1)}
    form = bind(request, RankForm, data=data, vacancies=rows, ranking=[])
    facts = {"vacancies": form.ordered(), "by": user, "at": clock.now()}
    services.rank_vacancies(matching_round=found, person=user, **facts)
    return {"vacancies": wanted}


@room.lists("/rounds/{uuid:uuid}/ratings", ToRateRow)
def rating_list(request: Request, uuid: UUID) -> Any:
    """List an employer's vacancies in a round with how many are rated."""
    found = queries.vacancies_to_rate(_rated_in(request, uuid), request.user)
    names = ToRateRow.model_fields
    return whole([{name: getattr(row, name) for name in names} for row in found])


@room.lists("/rounds/{uuid:uuid}/ratings/{uuid:vacancy_uuid}", ApplicantRow)
def applicant_list(request: Request, uuid: UUID, vacancy_uuid: UUID) -> Any:
    """List who wants a vacancy; the reading is recorded."""
    matching_round, vacancy = _vacancy_in(request, uuid, vacancy_uuid)
    found = queries.applications_to_rate(matching_round, vacancy, request.user)
    page = listed(request, found, ApplicantRow)
    note(request, [row["person"] for row in page["items"]], what="careers.rating_page")
    return page


@room.writes("/rounds/{uuid:uuid}/ratings/{uuid:vacancy_uuid}", Made, body=RatingsIn)
def rate(request: Request, uuid: UUID, vacancy_uuid: UUID) -> Any:
    """Rate those who want a vacancy."""
    matching_round, vacancy = _vacancy_in(request, uuid, vacancy_uuid)
    asked = {entry.application: entry for entry in given(request).ratings}
    found = queries.applications_to_rate(matching_round, vacancy, request.user)
    rows: list[Application] = list(found.filter(uuid__in=asked))
    if len(rows) < len(asked):
        message = _("Some of these applications are not for this vacancy.")
        raise Problem("invalid", errors=[FieldError(place="body.ratings", message=message)])
    data: dict[str, Any] = {}
    for row in rows:
        data[f"rating_{row.uuid.hex}"] = asked[row.uuid].rating
        data[f"refuse_{row.uuid.hex}"] = asked[row.uuid].not_acceptable
    form = bind(request, RatingForm, data=data, applications=rows)
    facts = {"ratings": form.ratings(), "by": request.user, "at": clock.now()}
    services.rate_applications(matching_round=matching_round, **facts)
    return {"uuid": vacancy_uuid}


room.hands_out(
    "/rounds/{uuid:uuid}/ratings/{uuid:vacancy_uuid}/applicants.{form}",
    pages.rating_export,
    CSV,
    XLSX,
    name="rating_file",
)


@room.reads("/rounds/{uuid:uuid}/result", ResultOut)
def result(request: Request, uuid: UUID) -> Any:
    """Read one's own outcome, and for each better choice why not."""
    found = _ranked_in(request, uuid)
    access.require(found.state in rules.PUBLISHED_ROUNDS)
    why = explanation_of(found, request.user)
    said = ("pseudonym", "lottery", "rank", "through_reserve")
    reasons = [
        {
            "rank": reason.rank,
            "vacancy": reason.vacancy.uuid,
            "rating": reason.rating,
            "moved_by_quota": reason.moved_by_quota,
            "pools": [vars(pool) for pool in reason.pools],
        }
        for reason in why.reasons
    ]
    vacancy = why.vacancy.uuid if why.vacancy else None
    return {name: getattr(why, name) for name in said} | {"vacancy": vacancy, "reasons": reasons}


def _round(request: Request, uuid: UUID) -> MatchingRound:
    rows = MatchingRound.objects.select_related("cohort__programme", "cohort__rule_set")
    return access.get(rows, rules.rounds_visible_to(request.user), uuid=uuid)


def _ranked_in(request: Request, uuid: UUID) -> MatchingRound:
    found = _round(request, uuid)
    access.require(rules.can_rank_in_round(request.user, found))
    return found


def _rated_in(request: Request, uuid: UUID) -> MatchingRound:
    found, user = _round(request, uuid), request.user
    access.require(rules.can_rate_in_round(user, found) or rules.can_run_round(user, found))
    return found


def _vacancy_in(request: Request, uuid: UUID, vacancy_uuid: UUID) -> tuple[MatchingRound, Vacancy]:
    found = _rated_in(request, uuid)
    vacancies = queries.vacancies_to_rate(found, request.user)
    return found, access.get(vacancies, access.EVERYBODY, uuid=vacancy_uuid)
