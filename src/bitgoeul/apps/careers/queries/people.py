"""Who a graduate is in a cohort: application, locality, enrolment."""

from collections.abc import Iterable

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Application, Cohort, Enrolment


def local_people(cohort: Cohort, people: Iterable[int]) -> set[int]:
    """Return those who count as local: by residence or last school on their application.

    What was true on the day of the application decides; a later move changes nothing.
    """
    regions = set(cohort.local_regions)
    found = Application.objects.filter(cohort=cohort, person__in=list(people))
    return {
        person
        for person, residence, school in found.values_list("person", "residence", "school_region")
        if residence in regions or school in regions
    }


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
