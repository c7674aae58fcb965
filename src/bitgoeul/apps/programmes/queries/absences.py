"""Requests to recognise absences: lists, what the rules say of one, what is used up."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.programmes.enums import AbsenceState, Evidence, Excuse
from bitgoeul.apps.programmes.models import AbsenceRequest, Cohort, Enrolment, Inputs, RuleValues
from bitgoeul.apps.programmes.models.absence_rule import Asked, deadline_of, judge_absence
from bitgoeul.apps.programmes.models.attendance_rule import EXCUSED, excuse_limits
from bitgoeul.apps.programmes.models.completion_rule import Line
from bitgoeul.apps.programmes.queries.completion import attendance_of, planned_days_of
from bitgoeul.core import formats

STANDING = (AbsenceState.OPEN, AbsenceState.ACCEPTED)
ABSENCE_HEADER = (
    gettext_lazy("Application number"),
    gettext_lazy("Full name"),
    gettext_lazy("Track"),
    gettext_lazy("Reason"),
    gettext_lazy("From"),
    gettext_lazy("Until"),
    gettext_lazy("Hours"),
    gettext_lazy("Evidence"),
    gettext_lazy("State"),
    gettext_lazy("After the deadline"),
    gettext_lazy("Asked at"),
    gettext_lazy("Decided at"),
    gettext_lazy("Why"),
)


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """How many days of a kind are used, of how many; with the evidence it needs and its dates."""

    kind: str
    used: int
    most: int | None
    evidence: str
    before: bool

    @property
    def name(self) -> str:
        """The kind in words."""
        return str(Excuse(self.kind).label)

    @property
    def evidence_name(self) -> str:
        """What has to be handed in, in words."""
        return str(Evidence(self.evidence).label) if self.evidence else ""


@dataclass(frozen=True, kw_only=True)
class Course:
    """What requests of one person are looked at with."""

    inputs: Inputs
    days: tuple[dt.date, ...]
    values: RuleValues


def absences_listed(
    cohort: Cohort, *, state: str = "", kind: str = "", name: str = ""
) -> QuerySet[AbsenceRequest]:
    """Return the requests of a cohort, those that wait first, the oldest of them first."""
    found = AbsenceRequest.objects.filter(enrolment__cohort=cohort)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    if name:
        found = found.filter(enrolment__person__full_name__icontains=name)
    near = ("enrolment__person", "enrolment__track", "enrolment__application")
    waiting_first = found.annotate(waits=Q(state=AbsenceState.OPEN))
    return waiting_first.select_related(*near).order_by("-waits", "filed_at", "pk")


def absences_of(enrolment: Enrolment) -> list[AbsenceRequest]:
    """Return the requests of one person, newest first."""
    return list(enrolment.absences.select_related("decided_by"))


def recognised_on(cohort: Cohort, day: dt.date) -> frozenset[int]:
    """Return the enrolments whose absence on a day was recognised on request."""
    rows = AbsenceRequest.objects.filter(
        enrolment__cohort=cohort, state=AbsenceState.ACCEPTED, from_on__lte=day, until_on__gte=day
    )
    return frozenset(rows.values_list("enrolment", flat=True))


def course_of(enrolment: Enrolment) -> Course:
    """Read what requests of one person are looked at with."""
    cohort = enrolment.cohort
    inputs = attendance_of(enrolment)
    days = planned_days_of(cohort, inputs.calendar)
    inputs = replace(inputs, ends_on=cohort.ends_on, planned_days=len(days))
    return Course(inputs=inputs, days=days, values=cohort.rule_set.thresholds)


def days_in(course: Course, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return the training days from one day to another."""
    return tuple(on for on in course.days if first <= on <= last)


def days_used(
    course: Course, requests: Iterable[AbsenceRequest], kind: str, *, without: int | None = None
) -> frozenset[dt.date]:
    """Return the days recognised for a reason: as recorded, and as accepted for days to come."""
    recorded = {day.on for day in course.inputs.days if EXCUSED in day.marks and day.excuse == kind}
    held = {day.on for day in course.inputs.days}
    coming = {
        on
        for row in requests
        if row.kind == kind and row.state == AbsenceState.ACCEPTED and row.pk != without
        for on in days_in(course, row.from_on, row.until_on)
        if on not in held
    }
    return frozenset(recorded | coming)


def lines_of(
    absence: AbsenceRequest, course: Course, requests: Iterable[AbsenceRequest]
) -> tuple[Line, ...]:
    """Return what the rules say of a request today."""
    asked = Asked(
        kind=absence.kind,
        days=days_in(course, absence.from_on, absence.until_on),
        used=days_used(course, requests, absence.kind, without=absence.pk),
        asked_on=formats.local_date(absence.filed_at),
        has_evidence=bool(absence.file),
    )
    return judge_absence(asked, course.inputs, course.values)


def deadline_for(absence: AbsenceRequest, course: Course) -> dt.date | None:
    """Return until when this absence had to be asked for."""
    days = days_in(course, absence.from_on, absence.until_on)
    return deadline_of(absence.kind, days, course.values)


def allowed_in(course: Course, requests: Iterable[AbsenceRequest]) -> list[Allowed]:
    """Return every reason the rules know, with what is used of it."""
    values, limits = course.values, excuse_limits(course.inputs, course.values)
    rows = list(requests)
    return [
        Allowed(
            kind=kind,
            used=len(days_used(course, rows, kind)),
            most=limits.get(kind),
            evidence=values.excuse_evidence.get(kind, ""),
            before=values.excuse_evidence.get(kind) == Evidence.REQUEST,
        )
        for kind in Excuse.values
    ]


def deciders_of(cohort: Cohort, *, on: dt.date) -> list[User]:
    """Return the officers of the organiser, who are told that something waits."""
    held = Membership.objects.on(on).filter(
        organisation=cohort.programme.organiser_id, role=Role.OFFICER
    )
    return list(User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk"))


def hours_text(absence: AbsenceRequest) -> str:
    """Say which hours are meant."""
    if absence.is_whole:
        return _("whole days")
    facts = {"first": absence.first_hour, "last": absence.last_hour}
    return _("hours %(first)s to %(last)s") % facts


def absence_rows(found: Iterable[AbsenceRequest]) -> Iterator[list[Any]]:
    """Return the rows of a file, as the officers' list shows them."""
    words: Mapping[bool, str] = {True: _("Yes"), False: _("No")}
    for row in found:
        enrolment = row.enrolment
        yield [
            enrolment.application.number if enrolment.application else "",
            enrolment.person.full_name, enrolment.track.name, row.get_kind_display(), row.from_on,
            row.until_on, hours_text(row), words[bool(row.file)], row.get_state_display(),
            words[row.late], row.filed_at, row.decided_at, row.answer,
        ]  # fmt: skip
