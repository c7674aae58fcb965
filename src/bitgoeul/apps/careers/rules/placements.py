"""Placements, checks and exclusions: who sees and who changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.alliance.queries import has_withdrawn
from bitgoeul.apps.careers.rules.roles import (
    Person,
    can_run_cohort,
    cohorts_run_by,
    employers_of,
    hires_for,
    people_of,
    runs_cohort_of,
    withdrew,
)
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.apps.programmes.rules import cohorts_managed_by

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import OutcomeExclusion, Placement, RetentionCheck


def placements_visible_to(user: Person) -> Q:
    """Own; at one's own organisation; of people of a cohort one runs."""
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return (
        own | Q(organisation__in=employers_of(user)) | Q(person__in=people_of(cohorts_run_by(user)))
    )


def can_see_placement(user: Person, placement: Placement) -> bool:
    """See a placement with its evidence and checks."""
    if isinstance(user, User) and placement.person_id == user.pk:
        return True
    return can_edit_placement(user, placement)


def placements_editable_by(user: Person) -> Q:
    """At one's own organisation; of people of a cohort one runs."""
    return Q(organisation__in=employers_of(user)) | Q(person__in=people_of(cohorts_run_by(user)))


def can_edit_placement(user: Person, placement: Placement) -> bool:
    """Record the end of a placement."""
    return hires_for(user, placement.organisation_id) or runs_cohort_of(user, placement.person_id)


def can_record_placement(user: Person, person: User, organisation: Organisation) -> bool:
    """Record that a job began: the office of the person's cohort, or the employer itself."""
    if runs_cohort_of(user, person.pk):
        return True
    return (
        hires_for(user, organisation.pk)
        and person.offers.filter(vacancy__organisation=organisation).exists()
    )


def checks_visible_to(user: Person) -> Q:
    """The checks of the placements one sees, unless the person ended being followed up."""
    own = Q(placement__person=user) if isinstance(user, User) else Q(pk__in=())
    theirs = Q(placement__organisation__in=employers_of(user)) | Q(
        placement__person__in=people_of(cohorts_run_by(user))
    )
    return own | (theirs & ~withdrew("placement__person", Purpose.OUTCOME_FOLLOW_UP))


def can_answer_check(user: Person, check: RetentionCheck) -> bool:
    """Say whether a job is kept: graduate, employer or office; alone who ended the follow-up."""
    placement = check.placement
    if isinstance(user, User) and placement.person_id == user.pk:
        return True
    followed = not has_withdrawn(placement.person_id, Purpose.OUTCOME_FOLLOW_UP)
    return followed and can_see_placement(user, placement)


def cohorts_followed_up_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts that one runs, or from which one's organisation has somebody."""
    placed = employers_of(user).filter(placements__isnull=False).values("placements__person")
    hired = Enrolment.objects.filter(person__in=placed)
    return Cohort.objects.filter(cohorts_managed_by(user) | Q(pk__in=hired.values("cohort")))


def can_follow_up_cohort(user: Person, cohort: Cohort) -> bool:
    """Import answers to retention checks: each row is still checked for whose placement it is."""
    return cohorts_followed_up_by(user).filter(pk=cohort.pk).exists()


def exclusions_visible_to(user: Person) -> Q:
    """Own; of a cohort one runs: the reasons are sensitive."""
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return own | Q(cohort__in=cohorts_run_by(user))


def can_see_exclusion(user: Person, exclusion: OutcomeExclusion) -> bool:
    """See why a person does not count in the rate."""
    if isinstance(user, User) and exclusion.person_id == user.pk:
        return True
    return can_run_cohort(user, exclusion.cohort)
