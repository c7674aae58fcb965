"""Applications and offers: who sees, rates and answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.rules.roles import Person, cohorts_run_by, employers_of, hires_for
from bitgoeul.apps.careers.rules.rounds import can_run_round

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import Application, Offer


def applications_visible_to(user: Person) -> Q:
    """Own; to one's own organisation's vacancies; of a cohort one runs."""
    return _own_or_employers_or_offices(user)


def can_see_application(user: Person, application: Application) -> bool:
    """See that a person applies to a vacancy."""
    return _may_see_pairing(user, application)


def can_rate_application(user: Person, application: Application) -> bool:
    """Rate a person: the employer, or the office that keys in the employer's list."""
    return hires_for(user, application.vacancy.organisation_id) or can_run_round(
        user, application.round
    )


def offers_visible_to(user: Person) -> Q:
    """Own; of one's own organisation; of a cohort one runs."""
    return _own_or_employers_or_offices(user)


def can_see_offer(user: Person, offer: Offer) -> bool:
    """See an offer and its answer."""
    return _may_see_pairing(user, offer)


def can_answer_offer(user: Person, offer: Offer) -> bool:
    """Accept or decline: nobody but the person it was made to."""
    return isinstance(user, User) and offer.person_id == user.pk


def _own_or_employers_or_offices(user: Person) -> Q:
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return (
        own
        | Q(vacancy__organisation__in=employers_of(user))
        | Q(round__cohort__in=cohorts_run_by(user))
    )


def _may_see_pairing(user: Person, row: Application | Offer) -> bool:
    if isinstance(user, User) and row.person_id == user.pk:
        return True
    return hires_for(user, row.vacancy.organisation_id) or can_run_round(user, row.round)
