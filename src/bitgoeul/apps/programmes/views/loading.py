"""Load-and-authorise of this room's nouns, and the note that personal data was read."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.core import access, journal


def cohorts() -> QuerySet[Cohort]:
    """Return cohorts with what every page about one shows."""
    return Cohort.objects.select_related(
        "programme__organiser", "programme__agreement", "rule_set", "calendar"
    )


def cohort_for(visible: Q, uuid: UUID) -> Cohort:
    """Return a cohort that the filter lets through."""
    return access.get(cohorts(), visible, uuid=uuid)


def managed_cohort(request: SignedInRequest, uuid: UUID) -> Cohort:
    """Return a cohort that the person oversees."""
    return cohort_for(rules.cohorts_managed_by(request.user), uuid)


def taught_cohort(request: SignedInRequest, uuid: UUID) -> Cohort:
    """Return a cohort that the person teaches or oversees."""
    return cohort_for(rules.cohorts_taught_by(request.user), uuid)


def enrolment_for(visible: Q, uuid: UUID) -> Enrolment:
    """Return an enrolment that the filter lets through, with what every page about one shows."""
    rows = Enrolment.objects.select_related(
        "person",
        "track",
        "application",
        "cohort__programme",
        "cohort__rule_set",
        "cohort__calendar",
    )
    return access.get(rows, visible, uuid=uuid)


def note_reading(
    request: SignedInRequest,
    of: Iterable[UUID],
    *,
    what: str,
    purpose: str = "",
    about: UUID | None = None,
) -> None:
    """Record whose data the page shows."""
    purpose = purpose or _("Running the cohort")
    journal.note_page(request, of, what=f"programmes.{what}", purpose=purpose, about=about)


def note_download(
    request: SignedInRequest,
    of: Iterable[UUID],
    *,
    what: str,
    purpose: str = "",
    about: UUID | None = None,
) -> None:
    """Record whose data a file holds; it asks for its reason."""
    purpose = purpose or _("Running the cohort")
    journal.note_download(request, of, what=f"programmes.{what}", purpose=purpose, about=about)
