"""Reads over cohorts: how they are named on a command line, what their totals are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from bitgoeul.apps.programmes.models import Application, Cohort, Enrolment, Selection, Track


def find_cohort(text: str) -> Cohort | None:
    """Find a cohort by "programme-key/number" or by uuid."""
    cohorts = Cohort.objects.select_related("programme", "rule_set")
    key, slash, number = text.strip().rpartition("/")
    if slash and number.isascii() and number.isdigit():
        return cohorts.filter(programme__key=key, number=int(number)).first()
    try:
        return cohorts.filter(uuid=UUID(text.strip())).first()
    except ValueError:
        return None


def totals_of(cohort: Cohort) -> Mapping[str, Any]:
    """Count a cohort's applications and enrolments by state, and its seats."""
    applications = _by_state(Application.objects.filter(cohort=cohort))
    enrolments = _by_state(Enrolment.objects.filter(cohort=cohort))
    seats = Track.objects.filter(cohort=cohort).aggregate(total=Sum("seats"))["total"] or 0
    return {
        "seats": seats,
        "applications": applications,
        "applied": sum(n for state, n in applications.items() if state != "draft"),
        "enrolments": enrolments,
        "enrolled": sum(enrolments.values()),
    }


def _by_state(rows: Any) -> dict[str, int]:
    counted = rows.order_by().values("state").annotate(n=Count("id")).values_list("state", "n")
    return dict(counted)


def selected_by_track(cohort: Cohort) -> Mapping[int, int]:
    """Return, per track, how many seats the published selection gave away."""
    rows = Selection.objects.filter(
        round__cohort=cohort, round__published_at__isnull=False, track__isnull=False
    )
    counted = rows.order_by().values("track").annotate(n=Count("id"))
    return dict(counted.values_list("track", "n"))
