"""The room's numbers: submissions scored, and the share of participants who passed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models import Evaluation, Lab, Participant
from bitgoeul.apps.labs.queries import Best, best_evaluations
from bitgoeul.core import indicators
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.indicators import Evidence, Indicator, Scope, Value

COHORT_KIND = "programmes.cohort"
"""How a participant names the cohort that admitted them (kind and uuid, resolved above)."""


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=SEOUL)


def participants_in(scope: Scope, as_of: dt.date) -> QuerySet[Participant]:
    """Return the participants that a number asks about."""
    found = Participant.objects.filter(admitted_at__lt=_end_of(as_of))
    if scope.cohort is not None:
        found = found.filter(admitted_by_kind=COHORT_KIND, admitted_by_uuid=scope.cohort)
    if scope.agreement is not None:
        # A subquery, not a join: a lab whose owner signed twice must not count twice.
        labs = Lab.objects.filter(owner__signatures__agreement__uuid=scope.agreement)
        found = found.filter(lab__in=labs.values("pk"))
    return found


@dataclass(frozen=True)
class Place:
    """One person in one lab, with only what is counted."""

    uuid: UUID
    lab_id: int
    person_id: int
    lab: UUID
    key: str
    person: UUID


def _places(scope: Scope, as_of: dt.date) -> list[Place]:
    columns = ("uuid", "lab_id", "person_id", "lab__uuid", "lab__key", "person__uuid")

    def load() -> list[Place]:
        return [Place(*row) for row in participants_in(scope, as_of).values_list(*columns)]

    return indicators.shared("labs.places", scope, as_of, load=load)


def scored_submissions(scope: Scope, as_of: dt.date) -> Value:
    """Count submissions that have a score."""
    places = {(place.lab_id, place.person_id): place for place in _places(scope, as_of)}
    scored = Evaluation.objects.filter(evaluated_at__lt=_end_of(as_of)).order_by(
        "submission_id", "evaluated_at", "id"
    )
    columns = ("submission_id", "submission__lab", "submission__person", "submission__uuid")
    newest = {
        row[0]: row
        for row in scored.values_list(*columns, "score", "metric")
        if (row[1], row[2]) in places
    }
    rows = [
        Evidence(
            kind="labs.submission",
            uuid=uuid,
            state={"score": repr(score), "metric": metric},
            subject=places[lab, person].person,
            groups={"lab": places[lab, person].key},
        )
        for _pk, lab, person, uuid, score, metric in newest.values()
    ]
    return indicators.count(rows=rows, as_of=as_of)


def passed_share(scope: Scope, as_of: dt.date) -> Value:
    """Compute the share of places in labs that reached the pass line."""
    places = _places(scope, as_of)
    end = _end_of(as_of)
    labs = Lab.objects.in_bulk({place.lab_id for place in places})
    best = {pk: best_evaluations(lab, before=end) for pk, lab in labs.items()}
    judged = [(place, best[place.lab_id].get(place.person_id)) for place in places]
    return indicators.share(
        numerator=_evidence((place, row) for place, row in judged if row and row.passed),
        denominator=_evidence(judged),
        as_of=as_of,
    )


def _evidence(rows: Iterable[tuple[Place, Best | None]]) -> list[Evidence]:
    return [
        Evidence(
            kind="labs.participant",
            uuid=place.uuid,
            state={
                "lab": str(place.lab),
                "score": repr(best.score) if best else None,
                "passed": bool(best and best.passed),
            },
            subject=place.person,
            groups={"lab": place.key},
        )
        for place, best in rows
    ]


INDICATORS = [
    Indicator(
        key="labs.submissions",
        title=_("Scored lab submissions"),
        definition=_("Prediction files handed in to labs that were scored by the as-of date."),
        unit="count",
        compute=scored_submissions,
        group_by=("lab",),
        exclusions=_("Files that were refused because of their form, or could not be scored."),
    ),
    Indicator(
        key="labs.passed_share",
        title=_("Share of lab places passed"),
        definition=_(
            "Of all places in labs (one person in one lab), the share whose best score by the "
            "as-of date reaches the lab's pass line."
        ),
        unit="share",
        compute=passed_share,
        group_by=("lab",),
    ),
]
