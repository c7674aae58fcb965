"""What the room keeps about one person, for the page on which they see all of it."""

from collections.abc import Mapping, Sequence

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import (
    Application,
    Offer,
    OutcomeExclusion,
    Placement,
    Profile,
    RetentionCheck,
)

Rows = Sequence[Mapping[str, object]]


def personal_data_of(person: User) -> dict[str, Rows]:
    """Return every row about a person in plain values."""
    return {
        "profile": _plain(
            Profile.objects.filter(person=person), "headline", "about", "link", "visible"
        ),
        "job_applications": _plain(
            Application.objects.filter(person=person),
            "round__name_ko",
            "vacancy__number",
            "vacancy__title_ko",
            "rank",
            "rating",
            "rated_at",
        ),
        "offers": _plain(
            Offer.objects.filter(person=person),
            "vacancy__number",
            "vacancy__title_ko",
            "state",
            "made_at",
            "expires_at",
            "answered_at",
        ),
        "placements": _plain(
            Placement.objects.filter(person=person),
            "organisation__name_ko",
            "kind",
            "started_on",
            "evidence_kind",
            "evidence_on",
            "ended_on",
        ),
        "retention_checks": _plain(
            RetentionCheck.objects.filter(placement__person=person),
            "placement__organisation__name_ko",
            "months",
            "due_on",
            "state",
            "source",
            "answered_on",
        ),
        "outcome_exclusions": _plain(
            OutcomeExclusion.objects.filter(person=person),
            "cohort__number",
            "reason",
            "evidence_on",
            "evidence_note",
        ),
    }


def _plain(rows: object, *fields: str) -> Rows:
    return list(rows.values(*fields))  # type: ignore[attr-defined]  # any of the room's query sets
