"""Who is there now: a session's list, and the live roster of a whole cohort."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.db.models.expressions import Value
from django.db.models.functions import Length, Replace
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models import (
    Attendance,
    ClassGroup,
    Cohort,
    Correction,
    Enrolment,
    Presence,
    Session,
)
from bitgoeul.apps.programmes.models.attendance_rule import AWAY, THERE

THERE_NOW, LEFT, NOT_YET, ABSENT, EXCUSED, DONE = "there", "left", "not_yet", "absent", "e", "done"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How somebody stands at a session at a moment, with the word and the colour of it."""

    key: str
    since: dt.datetime | None = None
    late: bool = False

    @property
    def text(self) -> str:
        """The standing in words."""
        words = {
            THERE_NOW: _("There"),
            LEFT: _("Left"),
            NOT_YET: _("Not yet"),
            ABSENT: _("Was away"),
            EXCUSED: _("Excused"),
            DONE: _("Was there"),
        }
        return words[self.key]

    @property
    def kind(self) -> str:
        """How it looks."""
        kinds = {THERE_NOW: "ok", DONE: "ok", LEFT: "warn", ABSENT: "bad", EXCUSED: "info"}
        return kinds.get(self.key, "")


@dataclass(frozen=True, kw_only=True)
class RosterLine:
    """One person of the live roster."""

    enrolment: Enrolment
    standings: tuple[tuple[Session, Standing], ...]
    attended: int
    held: int


def classes_in(lines: Sequence[RosterLine]) -> list[ClassGroup]:
    """Return the classes in which the people of a roster sit, in its order."""
    found = {line.enrolment.class_group_id: line.enrolment.class_group for line in lines}
    return [one for one in found.values() if one is not None]


def standing_of(presence: Presence | None, session: Session) -> Standing:
    """Tell how somebody stands at a session."""
    if presence is None:
        return Standing(key=ABSENT if session.closed_at else NOT_YET)
    if session.closed_at is not None:
        return Standing(key=_closed(presence), since=presence.arrived_at, late=presence.late)
    if presence.arrived_at is None:
        return Standing(key=NOT_YET)
    if presence.left_at is not None:
        return Standing(key=LEFT, since=presence.left_at, late=presence.late)
    return Standing(key=THERE_NOW, since=presence.arrived_at, late=presence.late)


def _closed(presence: Presence) -> str:
    if THERE in presence.hours:
        return DONE
    return ABSENT if AWAY in presence.hours or not presence.hours else EXCUSED


def presences_of(session: Session) -> Mapping[int, Presence]:
    """Return what is recorded of a session, by enrolment."""
    return {row.enrolment_id: row for row in session.presences.all()}


def live_roster(cohort: Cohort, day: dt.date) -> list[RosterLine]:
    """Return everyone of a cohort with today's standing and their hours so far.

    A fixed number of statements, whatever the number of people, sessions and days.
    """
    people = _people(cohort, day)
    sessions = _sessions_by_class(cohort, day)
    known = {
        (row.session_id, row.enrolment_id): row
        for row in Presence.objects.filter(
            session__class_group__track__cohort=cohort, session__held_on=day
        )
    }
    hours = hours_so_far(cohort)
    return [
        RosterLine(
            enrolment=one,
            standings=tuple(
                (session, standing_of(known.get((session.pk, one.pk)), session))
                for session in sessions.get(one.class_group_id, ())
            ),
            attended=hours.get(one.pk, (0, 0))[0],
            held=hours.get(one.pk, (0, 0))[1],
        )
        for one in people
    ]


def hours_so_far(cohort: Cohort) -> dict[int, tuple[int, int]]:
    """Return attended and recorded hours of everyone, counted by the database."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by()
    # What is left of the marks without "away" is what counts as attended.
    found = rows.values("enrolment").annotate(
        attended=Sum(Length(Replace("hours", Value(AWAY), Value("")))), held=Sum(Length("hours"))
    )
    return {row["enrolment"]: (row["attended"] or 0, row["held"] or 0) for row in found}


def own_standing(session: Session, person: Any) -> Standing | None:
    """Tell how a person stands at a session; None for whoever does not sit in its class."""
    if not session.class_group.enrolments.filter(person=person).exists():
        return None
    return standing_of(session.presences.filter(enrolment__person=person).first(), session)


def corrections_of(enrolment: Enrolment) -> list[Correction]:
    """Return what was corrected of somebody's days, newest first."""
    return list(enrolment.corrections.select_related("by").order_by("-at", "-id"))


def there_now(session: Session) -> int:
    """Count who has signed in and not left."""
    rows = Presence.objects.filter(session=session, arrived_at__isnull=False, left_at__isnull=True)
    return rows.count()


def _people(cohort: Cohort, day: dt.date) -> Sequence[Enrolment]:
    rows = Enrolment.objects.filter(cohort=cohort, enrolled_on__lte=day)
    rows = rows.exclude(ended_on__lt=day)
    near = rows.select_related("person", "track", "class_group")
    return list(near.order_by("track__key", "class_group__key", "person__full_name", "id"))


def _sessions_by_class(cohort: Cohort, day: dt.date) -> Mapping[int | None, list[Session]]:
    rows: Iterable[Session] = Session.objects.filter(
        class_group__track__cohort=cohort, held_on=day, state=SessionState.PLANNED
    ).select_related("module")
    found: dict[Any, list[Session]] = defaultdict(list)
    for row in rows:
        found[row.class_group_id].append(row)
    return found
