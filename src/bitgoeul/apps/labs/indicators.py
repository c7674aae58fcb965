"""The room's numbers: submissions scored, and the share of participants who passed."""

import datetime as dt
from collections.abc import Iterable

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
    return found.select_related("lab", "person")


def _places(scope: Scope, as_of: dt.date) -> list[Participant]:
    return indicators.shared(
        "labs.places", scope, as_of, load=lambda: list(participants_in(scope, as_of))
    )


def scored_submissions(scope: Scope, as_of: dt.date) -> Value:
    """Count submissions that have a score."""
    places = {(place.lab_id, place.person_id) for place in _places(scope, as_of)}
    scored = (
        Evaluation.objects.filter(evaluated_at__lt=_end_of(as_of))
        .select_related("submission__lab", "submission__person")
        .order_by("submission_id", "evaluated_at", "id")
    )
    newest = {
        evaluation.submission_id: evaluation
        for evaluation in scored
        if (evaluation.submission.lab_id, evaluation.submission.person_id) in places
    }
    rows = [
        Evidence(
            kind="labs.submission",
            uuid=evaluation.submission.uuid,
            state={"score": repr(evaluation.score), "metric": evaluation.metric},
            subject=evaluation.submission.person.uuid,
            groups={"lab": evaluation.submission.lab.key},
        )
        for evaluation in newest.values()
    ]
    return indicators.count(rows=rows, as_of=as_of)


def passed_share(scope: Scope, as_of: dt.date) -> Value:
    """Compute the share of places in labs that reached the pass line."""
    places = _places(scope, as_of)
    end = _end_of(as_of)
    best = {lab: best_evaluations(lab, before=end) for lab in {place.lab for place in places}}
    judged = [(place, best[place.lab].get(place.person_id)) for place in places]
    return indicators.share(
        numerator=_evidence((place, row) for place, row in judged if row and row.passed),
        denominator=_evidence(judged),
        as_of=as_of,
    )


def _evidence(rows: Iterable[tuple[Participant, Best | None]]) -> list[Evidence]:
    return [
        Evidence(
            kind="labs.participant",
            uuid=place.uuid,
            state={
                "lab": str(place.lab.uuid),
                "score": repr(best.score) if best else None,
                "passed": bool(best and best.passed),
            },
            subject=place.person.uuid,
            groups={"lab": place.lab.key},
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
