"""Who hires for whom, who runs which cohort and who completed it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.alliance.queries import people_having_withdrawn
from bitgoeul.apps.alliance.rules import officer_organisations, organisations_in_role
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.apps.programmes.rules import cohorts_managed_by
from bitgoeul.core import access

Person = User | AnonymousUser


def employers_of(user: Person) -> QuerySet[Organisation]:
    """The organisations a person hires for: as recruiter, or as officer of a company."""
    return Organisation.objects.filter(pk__in=_employers(user))


def _employers(user: Person) -> frozenset[int]:
    # From what is known of the person: a filter over nothing asks the database nothing.
    leads = officer_organisations(user, kinds=[OrganisationKind.COMPANY])
    return organisations_in_role(user, Role.RECRUITER) | leads


def cohorts_run_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts whose people an officer answers for."""
    return Cohort.objects.filter(cohorts_managed_by(user))


def cohorts_completed_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts that a person completed."""
    if not isinstance(user, User):
        return Cohort.objects.none()
    done = Enrolment.objects.filter(person=user, state=EnrolmentState.COMPLETED)
    return Cohort.objects.filter(pk__in=done.values("cohort"))


def is_employer(user: Person) -> bool:
    """Whether a person hires for anyone."""
    return bool(_employers(user))


def is_office(user: Person) -> bool:
    """Whether a person runs any cohort."""
    return access.once(user, "runs a cohort", cohorts_run_by(user).exists)


def hires_for(user: Person, organisation_id: int) -> bool:
    """Whether a person hires for this organisation."""
    return organisation_id in _employers(user)


def can_run_cohort(user: Person, cohort: Cohort) -> bool:
    """Run rounds, record exclusions, see every outcome of a cohort."""
    return cohorts_run_by(user).filter(pk=cohort.pk).exists()


def runs_cohort_of(user: Person, person_id: int) -> bool:
    """Whether an officer answers for a cohort that this person is in."""
    return cohorts_run_by(user).filter(enrolments__person=person_id).exists()


def people_of(cohorts: QuerySet[Cohort]) -> QuerySet[Enrolment, Any]:
    """The people enrolled in any of the cohorts."""
    return Enrolment.objects.filter(cohort__in=cohorts).values("person")


def withdrew(path: str, purpose: Purpose) -> Q:
    """Rows whose person, found by `path`, took back the consent to a purpose."""
    return Q(**{f"{path}__in": people_having_withdrawn(purpose).values("pk")})
