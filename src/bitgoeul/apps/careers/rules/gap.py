"""Who sees what vacancies ask for beside what is taught."""

from __future__ import annotations

from django.db.models import Q

from bitgoeul.apps.careers.rules.roles import Person
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.programmes.rules import can_teach_cohort, cohorts_taught_by
from bitgoeul.core import access


def can_see_curriculum_gap(user: Person) -> bool:
    """Whoever teaches or oversees any cohort sees what vacancies ask for beside what is taught."""
    return access.once(
        user, "teaches a cohort", Cohort.objects.filter(cohorts_with_gap_for(user)).exists
    )


def cohorts_with_gap_for(user: Person) -> Q:
    """The cohorts whose curriculum a person may hold against the vacancies."""
    return cohorts_taught_by(user)


def can_see_gap_of(user: Person, cohort: Cohort) -> bool:
    """Tell whether `cohorts_with_gap_for` lets one cohort through."""
    return can_teach_cohort(user, cohort)
