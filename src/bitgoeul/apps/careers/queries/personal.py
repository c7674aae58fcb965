"""What the room keeps about one person, for the page on which they see all of it."""

from collections.abc import Mapping, Sequence

from django.db.models import Model

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

_VACANCY = ("vacancy__number", "vacancy__title_ko")
_EVIDENCE = ("started_on", "evidence_kind", "evidence_on", "ended_on")
_ASKED = ("months", "due_on", "state", "source", "answered_on")

KEPT: Mapping[str, tuple[type[Model], str, tuple[str, ...]]] = {
    "profile": (Profile, "person", ("headline", "about", "link", "visible")),
    "job_applications": (
        Application,
        "person",
        ("round__name_ko", *_VACANCY, "rank", "rating", "rated_at"),
    ),
    "offers": (
        Offer,
        "person",
        (*_VACANCY, "state", "made_at", "expires_at", "answered_at"),
    ),
    "placements": (Placement, "person", ("organisation__name_ko", "kind", *_EVIDENCE)),
    "retention_checks": (
        RetentionCheck,
        "placement__person",
        ("placement__organisation__name_ko", *_ASKED),
    ),
    "outcome_exclusions": (
        OutcomeExclusion,
        "person",
        ("cohort__number", "reason", "evidence_on", "evidence_note"),
    ),
}
"""By name: the table, how its rows lead to the person, and what of them is shown."""


def personal_data_of(person: User) -> dict[str, Rows]:
    """Return every row about a person in plain values."""
    return {
        name: list(model._default_manager.filter(**{owner: person}).values(*fields))
        for name, (model, owner, fields) in KEPT.items()
    }
