"""Reads over cohorts: how they are named on a command line, what their totals are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import (
    Application,
    Cohort,
    Enrolment,
    SelectionRound,
    Track,
)
from bitgoeul.core.disclosure import is_small, protect_parts


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


def cohorts_to_choose(visible: Q) -> QuerySet[Cohort]:
    """The cohorts of a filter as one chooses among them: newest first, with what names them."""
    rows = Cohort.objects.filter(visible).select_related("programme", "rule_set")
    return rows.order_by("programme__name_ko", "-number").distinct()


def totals_of(cohort: Cohort) -> Mapping[str, Any]:
    """Count a cohort's applications and enrolments by state, and its seats."""
    asked = [
        _by_state("applications", Application.objects.filter(cohort=cohort)),
        _by_state("enrolments", Enrolment.objects.filter(cohort=cohort)),
    ]
    seats = Track.objects.filter(cohort=cohort).order_by().values("cohort")
    counted = seats.annotate(what=Value("seats"), state_=Value(""), n=Sum("seats"))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    # One statement for all three.
    for what, state, n in counted.values_list("what", "state_", "n").union(*asked, all=True):
        found[what][state] = n
    applications, enrolments = found["applications"], found["enrolments"]
    return {
        "seats": found["seats"].get("", 0),
        "applications": applications,
        "applied": sum(n for state, n in applications.items() if state != "draft"),
        "enrolments": enrolments,
        "enrolled": sum(enrolments.values()),
        "completed": enrolments.get("completed", 0),
    }


def public_totals_of(cohort: Cohort) -> dict[str, int | None]:
    """Return the totals for whoever may see no people: none that would tell of a few."""
    totals = totals_of(cohort)
    completed = totals["completed"]
    enrolled = protect_parts([completed, totals["enrolled"] - completed])
    return {
        "seats": totals["seats"],
        "applied": None if is_small(totals["applied"]) else totals["applied"],
        "enrolled": None if is_small(totals["enrolled"]) else enrolled.total,
        "completed": enrolled.counts[0],
    }


def enrolments_by_state(cohort: Cohort) -> dict[str, int]:
    """Count a cohort's enrolments by state."""
    rows = _by_state("enrolments", Enrolment.objects.filter(cohort=cohort))
    return {state: n for _what, state, n in rows}


def _by_state(what: str, rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().values("state").annotate(what=Value(what), n=Count("id"))
    return counted.values_list("what", "state", "n")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a cohort's life as its officers see it."""

    title: Any
    text: Any
    state: str
    action: str = ""
    ask: Any = ""
    page: str = ""


def cohort_page(cohort: Cohort, user: Any, *, totals: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the cohort's page shows besides its own fields."""
    mine: dict[str, Any] = {}
    if user.is_authenticated:
        mine = {
            "application": Application.objects.filter(cohort=cohort, person=user).first(),
            "enrolment": Enrolment.objects.filter(cohort=cohort, person=user).first(),
        }
    tracks = list(cohort.tracks.order_by("key"))
    return {
        **mine,
        "tracks": tracks,
        "seats": sum(track.seats for track in tracks),
        "stages": list(cohort.stages.order_by("order")),
        "local_regions": [str(Region(code).label) for code in cohort.local_regions],
        "totals": totals,
    }


def published_round(cohort: Cohort) -> SelectionRound | None:
    """Return the selection round of a cohort that was published."""
    return cohort.selection_rounds.filter(published_at__isnull=False).first()


def steps_of(cohort: Cohort, *, at: dt.datetime, published: SelectionRound | None) -> list[Step]:
    """Return the steps of a cohort, done, now or later, each with what can be done."""
    place = list(CohortState.values).index(cohort.state)
    steps = [
        _plan_step(),
        _call_step(cohort, at),
        _selection_step(published is not None),
        _course_step(),
        _end_step(),
    ]
    ended = place == len(steps) - 1
    return [
        replace(step, state="done" if number < place or ended else "now" * (number == place))
        for number, step in enumerate(steps)
    ]


def _plan_step() -> Step:
    return Step(
        title=_("Planned"),
        text=_("Opening the call publishes the cohort and commits to the lottery."),
        state="",
        action="open-applications",
        ask=_("Tracks, seats and weights are fixed from now on. Open applications?"),
    )


def _call_step(cohort: Cohort, at: dt.datetime) -> Step:
    over = at >= cohort.applications_close_at
    return Step(
        title=_("Applications open"),
        text=_("Applications can be closed once the deadline has passed."),
        state="",
        action="close-applications" if over else "",
        ask=_("Nobody can apply or change anything afterwards. Close applications?"),
    )


def _selection_step(published: bool) -> Step:
    if not published:
        return Step(
            title=_("Selecting"),
            text=_("Enter the scores, run the selection, check it and publish it."),
            state="",
            page="programmes:selection",
        )
    return Step(
        title=_("Selecting"),
        text=_("The selection is published. Enrol those who got a seat to start the cohort."),
        state="",
        action="enrol",
        ask=_("Everyone with a seat is enrolled and the cohort starts. Enrol?"),
    )


def _course_step() -> Step:
    return Step(
        title=_("Running"),
        text=_("Attendance and labs are recorded; at the end completion is decided."),
        state="",
        action="end",
        ask=_("Once closed, nothing of this cohort can be changed. Close the cohort?"),
        page="programmes:completion",
    )


def _end_step() -> Step:
    return Step(title=_("Ended"), text=_("Everything about this cohort stands."), state="")
