"""Vacancies: who sees and who changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.rules.roles import (
    Person,
    employers_of,
    hires_for,
    is_employer,
    is_office,
)

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import Vacancy

NOT_DRAFT_VACANCIES = (VacancyState.OPEN, VacancyState.CLOSED)


def vacancies_visible_to(user: Person) -> Q:
    """Everybody sees what was ever opened; drafts are the employer's own."""
    return Q(state__in=NOT_DRAFT_VACANCIES) | vacancies_editable_by(user)


def can_see_vacancy(user: Person, vacancy: Vacancy) -> bool:
    """See a vacancy's page."""
    return vacancy.state in NOT_DRAFT_VACANCIES or can_edit_vacancy(user, vacancy)


def vacancies_editable_by(user: Person) -> Q:
    """An employer's own vacancies."""
    return Q(organisation__in=employers_of(user))


def can_edit_vacancy(user: Person, vacancy: Vacancy) -> bool:
    """Change, open or close a vacancy."""
    return hires_for(user, vacancy.organisation_id)


def can_create_vacancy(user: Person, organisation: Organisation) -> bool:
    """Offer a job in the name of an organisation."""
    return hires_for(user, organisation.pk)


def can_import_vacancies(user: Person) -> bool:
    """Import vacancies: employers their own, an office those it collected from employers."""
    return is_employer(user) or is_office(user)
