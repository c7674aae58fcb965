"""Vacancies, open to everybody; profiles, written by graduates."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.api.room import asked_of, note, room
from bitgoeul.apps.careers.forms import ProfileForm, VacancyFilter, VacancyForm
from bitgoeul.apps.careers.models import Profile, Vacancy
from bitgoeul.apps.careers.queries.vacancies import vacancies_listed
from bitgoeul.apps.careers.views import vacancies as pages
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind, body_of
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, listed, one


class VacancyRow(Row):
    """A vacancy; wages are won a year."""

    uuid: UUID
    organisation: Annotated[UUID, At("organisation__uuid")]
    number: str
    title_ko: str
    title_en: str
    site: str
    research_centre: bool
    region: str
    employment_type: str
    seats: int
    wage_from_won: int | None
    wage_to_won: int | None
    local_share: float
    skills: list[str]
    opens_on: dt.date
    closes_on: dt.date
    state: str


class VacancyOut(VacancyRow):
    """A vacancy with its description."""

    description: str


class OwnProfileOut(Row):
    """What one shows to employers."""

    headline: str
    about: str
    link: str
    visible: bool


class ProfileOut(OwnProfileOut):
    """A graduate's profile."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]


@room.lists("/vacancies", VacancyRow, filters=VacancyFilter, public=True)
def vacancy_list(request: Request) -> Any:
    """List vacancies."""
    found = vacancies_listed(rules.vacancies_visible_to(request.user), **asked_of(request))
    return listed(request, found, VacancyRow)


room.hands_out(
    "/vacancies.{form}",
    pages.vacancy_export,
    CSV,
    XLSX,
    name="vacancy_file",
    filters=VacancyFilter,
    public=True,
)


@room.lists("/vacancies/own", VacancyRow)
def vacancies_own(request: Request) -> Any:
    """List an employer's vacancies, drafts included."""
    access.require(rules.is_employer(request.user))
    return listed(request, vacancies_listed(rules.vacancies_editable_by(request.user)), VacancyRow)


@room.reads("/vacancies/{uuid:uuid}", VacancyOut, public=True)
def vacancy_detail(request: Request, uuid: UUID) -> Any:
    """Read a vacancy."""
    visible = rules.vacancies_visible_to(request.user)
    return one(Vacancy.objects.all(), visible, VacancyOut, uuid=uuid)


@room.writes(
    "/vacancies",
    Made,
    status=201,
    body=body_of(VacancyForm, optional=("number",), suffix="Body"),
)
def vacancy_create(request: Request) -> Any:
    """Write a new vacancy, as a draft."""
    access.require(rules.is_employer(request.user))
    form = bind(request, VacancyForm, person=request.user)
    made = services.create_vacancy(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/vacancies/{uuid:uuid}", Made, method="PATCH", body=VacancyForm)
def vacancy_edit(request: Request, uuid: UUID) -> Any:
    """Change a vacancy; what is not named stays."""
    vacancy = _editable(request, uuid)
    form = bind(request, VacancyForm, instance=vacancy, person=request.user)
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    services.update_vacancy(vacancy=vacancy, **facts)
    return {"uuid": uuid}


@room.writes("/vacancies/{uuid:uuid}/opening", Made)
def vacancy_open(request: Request, uuid: UUID) -> Any:
    """Show a vacancy to everybody."""
    services.open_vacancy(vacancy=_editable(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/vacancies/{uuid:uuid}/closing", Made)
def vacancy_close(request: Request, uuid: UUID) -> Any:
    """Take no more applications."""
    services.close_vacancy(vacancy=_editable(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.reads("/profile", OwnProfileOut)
def profile_own(request: Request) -> Any:
    """Read what one shows to employers."""
    profile = Profile.objects.filter(person=request.user).first() or Profile()
    return {name: getattr(profile, name) for name in OwnProfileOut.model_fields}


@room.writes("/profile", Made, method="PATCH", body=ProfileForm)
def profile_edit(request: Request) -> Any:
    """Write one's own profile; what is not named stays."""
    profile = Profile.objects.filter(person=request.user).first() or Profile()
    form = bind(request, ProfileForm, instance=profile)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    services.update_profile(person=request.user, **facts)
    return {"uuid": request.user.uuid}


@room.reads("/profiles/{uuid:uuid}", ProfileOut)
def profile_detail(request: Request, uuid: UUID) -> Any:
    """Read a graduate's profile; the reading is recorded."""
    found = one(
        Profile.objects.all(), rules.profiles_visible_to(request.user), ProfileOut, uuid=uuid
    )
    note(request, [found["person"]], what="careers.profile")
    return found


def _editable(request: Request, uuid: UUID) -> Vacancy:
    rows = Vacancy.objects.select_related("organisation")
    vacancy = access.get(rows, rules.vacancies_visible_to(request.user), uuid=uuid)
    access.require(rules.can_edit_vacancy(request.user, vacancy))
    return vacancy
