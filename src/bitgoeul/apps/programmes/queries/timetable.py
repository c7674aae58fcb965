"""Timetables: sessions of a class, of a person, of a cohort, and what collides in them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import EnrolmentState, SessionState, TeachingRole
from bitgoeul.apps.programmes.models import ClassGroup, Cohort, CourseCalendar, Session, Teaching
from bitgoeul.core.clock import SEOUL

SESSION_HEADER = (
    gettext_lazy("Day"),
    gettext_lazy("First hour"),
    gettext_lazy("Hours"),
    gettext_lazy("Track"),
    gettext_lazy("Class"),
    gettext_lazy("Module key"),
    gettext_lazy("Instructor's e-mail"),
    gettext_lazy("Room"),
)
_HERE = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Two sessions that cannot both take place, and why."""

    what: str
    name: str
    first: Session
    second: Session

    @property
    def text(self) -> str:
        """The clash in words."""
        words = {
            "class": _("The class %(name)s has two sessions at once."),
            "instructor": _("%(name)s teaches two classes at once."),
            "room": _("The room %(name)s is taken twice."),
        }
        return words[self.what] % {"name": self.name}


def sessions() -> QuerySet[Session]:
    """Return sessions with what every page shows of them."""
    return Session.objects.select_related(
        "module", "instructor", "class_group__track__cohort__programme__organiser",
        "class_group__track__cohort__rule_set",
    )  # fmt: skip


def sessions_of_person(user: Any, first: dt.date, last: dt.date) -> QuerySet[Session]:
    """Return what somebody attends or teaches between two days."""
    mine = Q(class_group__enrolments__person=user, class_group__enrolments__state__in=_HERE)
    found = sessions().filter(mine | Q(instructor=user), held_on__gte=first, held_on__lte=last)
    return found.distinct().order_by("starts_at", "id")


def sessions_of_class(class_group: ClassGroup, first: dt.date, last: dt.date) -> QuerySet[Session]:
    """Return the sessions of a class between two days."""
    found = sessions().filter(class_group=class_group, held_on__gte=first, held_on__lte=last)
    return found.order_by("starts_at", "id")


def sessions_of_cohort(
    cohort: Cohort, first: dt.date | None = None, last: dt.date | None = None
) -> QuerySet[Session]:
    """Return a cohort's sessions, between two days if they are given."""
    found = sessions().filter(class_group__track__cohort=cohort)
    if first is not None and last is not None:
        found = found.filter(held_on__gte=first, held_on__lte=last)
    return found.order_by("starts_at", "class_group__track__key", "class_group__key", "id")


def by_day(rows: Iterable[Session]) -> list[tuple[dt.date, list[Session]]]:
    """Group sessions by their day, in order."""
    days: dict[dt.date, list[Session]] = defaultdict(list)
    for row in rows:
        days[row.held_on].append(row)
    return sorted(days.items())


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return Monday and Sunday of a day's week."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + _WEEK - dt.timedelta(days=1)


def clashes_among(rows: Iterable[Session]) -> list[Clash]:
    """Return every pair of planned sessions that share a class, an instructor or a room."""
    found: list[Clash] = []
    used: dict[tuple[str, Any], list[Session]] = defaultdict(list)
    planned = (row for row in rows if row.state == SessionState.PLANNED)
    for row in sorted(planned, key=lambda each: (each.starts_at, each.pk or 0)):
        for what, key, name in _claims(row):
            same = used[what, key]
            # Sorted by start: only what has not ended by now can collide.
            same[:] = [other for other in same if other.ends_at > row.starts_at]
            found += [Clash(what=what, name=name, first=other, second=row) for other in same]
            same.append(row)
    return found


def clashes_of(row: Session) -> list[Clash]:
    """Return what a session collides with as it stands now, stored or not."""
    around = sessions().filter(
        state=SessionState.PLANNED, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at
    )
    claim = Q(class_group=row.class_group_id)
    if row.instructor_id:
        claim |= Q(instructor=row.instructor_id)
    if row.room:
        claim |= Q(room__iexact=row.room.strip())
    others = around.filter(claim).exclude(pk=row.pk)
    found = clashes_among([*others, row])
    return [clash for clash in found if row in (clash.first, clash.second)]


def _claims(row: Session) -> Iterator[tuple[str, Any, str]]:
    yield "class", row.class_group_id, row.class_group.name
    if row.instructor_id:
        yield "instructor", row.instructor_id, str(row.instructor)
    if room := row.room.strip().casefold():
        yield "room", room, row.room


def times_of(
    calendar: CourseCalendar, day: dt.date, first_hour: int, hours: int
) -> tuple[dt.datetime, dt.datetime]:
    """Return when hours of a day begin and end, by the cohort's calendar."""
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=SEOUL)
    begins = midnight + dt.timedelta(minutes=calendar.begins(first_hour - 1))
    ends = midnight + dt.timedelta(minutes=calendar.ends(first_hour + hours - 2))
    return begins, ends


def hours_planned(class_group: ClassGroup) -> Mapping[int | None, int]:
    """Return how many hours of each module a class has in its timetable."""
    rows = Session.objects.filter(class_group=class_group, state=SessionState.PLANNED)
    return dict(rows.order_by().values_list("module").annotate(Sum("hours")))


def instructors_of(class_group: ClassGroup) -> Mapping[int | None, User]:
    """Return who is in charge of each module of a class; under None, of all others."""
    rows = Teaching.objects.filter(class_group=class_group, role=TeachingRole.LEAD)
    found: dict[int | None, User] = {}
    for row in rows.select_related("person").order_by("-id"):
        found[row.module_id] = row.person
    return found


def session_rows(rows: Iterable[Session]) -> Iterator[list[Any]]:
    """Yield a row per session, as the import reads it again."""
    for row in rows:
        if row.state != SessionState.PLANNED:
            continue
        yield [
            row.held_on, row.first_hour, row.hours, row.class_group.track.key, row.class_group.key,
            row.module.key if row.module else "", row.instructor.email if row.instructor else "",
            row.room,
        ]  # fmt: skip


def split_by_lunch(
    calendar: CourseCalendar, first_hour: int, hours: int
) -> Sequence[tuple[int, int]]:
    """Cut hours at the midday pause: pairs of first hour and number of hours."""
    morning = max(0, min(hours, calendar.lunch_after - first_hour + 1))
    parts = [(first_hour, morning), (first_hour + morning, hours - morning)]
    return [part for part in parts if part[1] > 0]


def has_sessions(cohort: Cohort) -> bool:
    """Whether a cohort has a timetable."""
    return Session.objects.filter(class_group__track__cohort=cohort).exists()
