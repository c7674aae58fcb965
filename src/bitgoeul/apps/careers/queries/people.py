"""Who a graduate is in a cohort: application, locality, enrolment."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Application, Cohort, Enrolment
from bitgoeul.apps.programmes.queries.market import is_local


def people_of(cohort: Cohort) -> QuerySet[Enrolment, Any]:
    """Return whoever was in a cohort, as a subquery: a list could exceed the database's limit."""
    return Enrolment.objects.filter(cohort=cohort).values("person")


def local_people(cohort: Cohort) -> set[int]:
    """Return those who count as local by the programme's definition and the cohort's regions.

    What was true on the day of the application decides; a later move changes nothing.
    """
    values = cohort.rule_set.thresholds
    found = Application.objects.filter(cohort=cohort, person__in=people_of(cohort))
    return {row.person_id for row in found if is_local(row, cohort, values)}


def completers_of(cohort: Cohort) -> dict[int, User]:
    """Return the people who completed a cohort, by id."""
    rows = Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.COMPLETED)
    return {row.person_id: row.person for row in rows.select_related("person")}


def latest_cohorts_of(people: Iterable[int]) -> dict[int, Cohort]:
    """Return, by person, the cohort they were in last: its rules hold for their job."""
    rows = (
        Enrolment.objects.filter(person__in=list(people))
        .select_related("cohort__rule_set")
        .order_by("cohort__ends_on", "pk")
    )
    return {row.person_id: row.cohort for row in rows}
