"""Profiles: who sees and who changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import Consent, User
from bitgoeul.apps.alliance.queries import has_withdrawn
from bitgoeul.apps.careers.rules.roles import (
    Person,
    cohorts_run_by,
    employers_of,
    people_of,
    runs_cohort_of,
    withdrew,
)

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import Profile


def profiles_visible_to(user: Person) -> Q:
    """Own; those of a cohort one runs; those who applied to one's vacancies and agreed to it.

    Who took back the consent to job support is not shown to the office either.
    """
    if not isinstance(user, User):
        return Q(pk__in=())
    agreed = Consent.objects.filter(
        text__purpose=Purpose.EMPLOYER_SHARING, withdrawn_at__isnull=True
    )
    applied = employers_of(user).filter(vacancies__applications__isnull=False)
    return (
        Q(person=user)
        | (Q(person__in=people_of(cohorts_run_by(user))) & ~withdrew("person", Purpose.JOB_SUPPORT))
        | Q(
            visible=True,
            person__in=applied.values("vacancies__applications__person"),
            person_id__in=agreed.values("person"),
        )
    )


def can_see_profile(user: Person, profile: Profile) -> bool:
    """See what a graduate shows to employers."""
    if not isinstance(user, User):
        return False
    if profile.person_id == user.pk:
        return True
    supported = not has_withdrawn(profile.person_id, Purpose.JOB_SUPPORT)
    if supported and runs_cohort_of(user, profile.person_id):
        return True
    applied = employers_of(user).filter(vacancies__applications__person=profile.person_id)
    agreed = Consent.objects.filter(
        person=profile.person_id,
        text__purpose=Purpose.EMPLOYER_SHARING,
        withdrawn_at__isnull=True,
    )
    return profile.visible and applied.exists() and agreed.exists()


def can_edit_profile(user: Person, profile: Profile) -> bool:
    """Change a profile: nobody but the person."""
    return isinstance(user, User) and profile.person_id == user.pk
