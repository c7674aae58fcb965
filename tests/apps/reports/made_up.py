"""Indicators over the small alliance whose answers are known by hand."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.core import indicators
from bitgoeul.core.indicators import Evidence, Indicator, Scope, Value


def rows(cohort: UUID | None, *, states: Sequence[str] = ()) -> list[Evidence]:
    """Return the enrolments of a cohort as evidence."""
    found = Enrolment.objects.select_related("person", "cohort")
    if cohort is not None:
        found = found.filter(cohort__uuid=cohort)
    if states:
        found = found.filter(state__in=states)
    return [
        Evidence(
            kind="programmes.enrolment",
            uuid=row.uuid,
            state={"state": row.state, "ended_on": row.ended_on},
            subject=row.person.uuid,
            groups={"sex": row.person.sex, "residence": row.person.residence},
        )
        for row in found.order_by("id")
    ]


def completed(scope: Scope, as_of: dt.date) -> Value:
    return indicators.count(rows=rows(scope.cohort, states=["completed"]), as_of=as_of)


def completion_rate(scope: Scope, as_of: dt.date) -> Value:
    return indicators.share(
        numerator=rows(scope.cohort, states=["completed"]),
        denominator=rows(scope.cohort),
        as_of=as_of,
        window="2025",
    )


def not_yet(scope: Scope, as_of: dt.date) -> Value:
    return indicators.share(
        numerator=[], denominator=rows(scope.cohort), as_of=as_of, countable=False
    )


INDICATORS = {
    each.key: each
    for each in (
        Indicator(
            key="programmes.completed",
            title="Completed",
            definition="Enrolments that ended with a completion.",
            unit="count",
            compute=completed,
            group_by=("sex",),
        ),
        Indicator(
            key="programmes.completion_rate",
            title="Completion rate",
            definition="Completed enrolments among all.",
            unit="share",
            compute=completion_rate,
            group_by=("sex", "residence"),
        ),
        Indicator(
            key="careers.not_yet",
            title="Not yet",
            definition="A window that is still open.",
            unit="share",
            compute=not_yet,
        ),
    )
}
