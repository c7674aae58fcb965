"""Timetables: made from calendar and curriculum, imported, moved and cancelled with a reason."""

import datetime as dt
import hashlib
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, SessionState
from bitgoeul.apps.programmes.models import (
    CalendarFeed,
    ClassGroup,
    Cohort,
    CourseCalendar,
    Module,
    Session,
)
from bitgoeul.apps.programmes.queries.calendar import calendar_or_usual, course_days
from bitgoeul.apps.programmes.queries.design import modules_for, modules_of
from bitgoeul.apps.programmes.queries.timetable import (
    clashes_of,
    has_sessions,
    hours_planned,
    instructors_of,
    split_by_lunch,
    times_of,
)
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.apps.programmes.services.teaching_news import tell_cancelled, tell_moved
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change
from bitgoeul.engines.evidence import digest

_EACH_UP_TO = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionPlan:
    """Some hours of a class on a day; the instructor in charge and the class's room if none."""

    class_group: ClassGroup
    held_on: dt.date
    first_hour: int
    hours: int
    module: Module | None = None
    instructor: User | None = None
    room: str = ""


def make_timetable(*, cohort: Cohort, by: User | None, at: dt.datetime) -> int:
    """Plan what is not planned yet: the modules in their order on the days after the last session.

    What stands stays, so it can be asked again after modules were added. Returns how many sessions
    were made.
    """
    with transaction.atomic():
        _open_for_timetable(cohort, by)
        calendar = calendar_or_usual(cohort)
        days = course_days(cohort, calendar).days
        modules = list(modules_of(cohort))
        fresh: list[Session] = []
        for class_group in ClassGroup.objects.filter(track__cohort=cohort).select_related("track"):
            wanted = modules_for(class_group.track, modules)
            fresh += _planned_for(class_group, wanted, days, calendar)
        Session.objects.bulk_create(fresh, batch_size=500)
        details = {"sessions": len(fresh), "hours": sum(row.hours for row in fresh)}
        journal.record(event="timetable.made", by=by, at=at, on=cohort, details=details)
    return len(fresh)


def save_sessions(
    *, cohort: Cohort, plans: Sequence[SessionPlan], by: User | None, at: dt.datetime
) -> list[UUID]:
    """Write sessions by class, day and first hour; what stands there is changed."""
    with transaction.atomic():
        _open_for_timetable(cohort, by)
        calendar = calendar_or_usual(cohort)
        rows = [_row_of(plan, cohort, calendar) for plan in plans]
        for row in rows:
            check(row)
            row.save()
        _record_many("session.saved", cohort, rows, by=by, at=at)
    return [row.uuid for row in rows]


def remove_sessions(
    *, cohort: Cohort, uuids: Sequence[UUID], by: User | None, at: dt.datetime
) -> int:
    """Take sessions out whose attendance was not taken; returns how many went."""
    with transaction.atomic():
        _open_for_timetable(cohort, by)
        found = Session.objects.filter(
            class_group__track__cohort=cohort, uuid__in=uuids, closed_at__isnull=True
        )
        rows = list(found.select_related("class_group"))
        _record_many("session.removed", cohort, rows, by=by, at=at)
        Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def move_session(
    *,
    session: Session,
    held_on: dt.date,
    first_hour: int,
    hours: int,
    room: str,
    instructor: User | None,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Session:
    """Move a session to another time, room or instructor; whom it concerns is told.

    Raises
    ------
    Refused
        When it would collide with another session: class, instructor or room is named.
    """
    with transaction.atomic():
        cohort = _changeable(session, by)
        before = _place_of(session)
        calendar = calendar_or_usual(cohort)
        starts_at, ends_at = times_of(calendar, held_on, first_hour, hours)
        values = {
            "held_on": held_on, "first_hour": first_hour, "hours": hours, "room": room,
            "instructor": instructor, "starts_at": starts_at, "ends_at": ends_at,
            "reason": reason, "changes": session.changes + 1,
        }  # fmt: skip
        for name, value in values.items():
            setattr(session, name, value)
        _refuse_outside(session, cohort)
        _refuse_clashes(session)
        check(session)
        session.save()
        details = {"before": before, "after": _place_of(session)}
        journal.record(
            event="session.moved", by=by, at=at, on=session, reason=reason, details=details
        )
        tell_moved(session, at=at)
    return session


def cancel_session(*, session: Session, reason: str, by: User | None, at: dt.datetime) -> Session:
    """Cancel a session; whom it concerns is told why."""
    with transaction.atomic():
        _changeable(session, by)
        session.state, session.reason = SessionState.CANCELLED, reason
        session.changes += 1
        session.save(update_fields=["state", "reason", "changes"])
        details = _place_of(session)
        journal.record(
            event="session.cancelled", by=by, at=at, on=session, reason=reason, details=details
        )
        tell_cancelled(session, at=at)
    return session


def make_calendar_feed(
    *, person: User, by: User, at: dt.datetime, class_group: ClassGroup | None = None
) -> tuple[CalendarFeed, str]:
    """Make a secret link, in place of an earlier one; returns the key, which nobody can read again.

    Of the key only a checksum is kept.
    """
    if class_group is not None:
        require(by, rules.can_see_class, class_group)
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        standing = CalendarFeed.objects.filter(
            person=person, class_group=class_group, revoked_at__isnull=True
        )
        standing.update(revoked_at=at)
        row = CalendarFeed(
            person=person, class_group=class_group, key_sha256=checksum_of(key), made_at=at
        )
        row.save(force_insert=True)
        details = {"class": class_group.key if class_group else ""}
        journal.record(event="calendar_feed.made", by=by, at=at, on=row, details=details)
    return row, key


def revoke_calendar_feed(*, feed: CalendarFeed, by: User, at: dt.datetime) -> None:
    """Take a secret link back: it opens nothing from now on."""
    with transaction.atomic():
        feed.revoked_at = at
        feed.save(update_fields=["revoked_at"])
        journal.record(event="calendar_feed.revoked", by=by, at=at, on=feed)


def checksum_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _planned_for(
    class_group: ClassGroup,
    modules: Sequence[Module],
    days: Sequence[dt.date],
    calendar: CourseCalendar,
) -> Iterator[Session]:
    planned = hours_planned(class_group)
    left = deque(
        (module, module.hours - planned.get(module.pk, 0))
        for module in modules
        if module.hours > planned.get(module.pk, 0)
    )
    last = class_group.sessions.order_by("-held_on").values_list("held_on", flat=True).first()
    teachers = instructors_of(class_group)
    for day in (day for day in days if last is None or day > last):
        hour = 1
        while left and hour <= calendar.hours_a_day:
            module, missing = left.popleft()
            hours = min(missing, calendar.hours_a_day - hour + 1)
            for first, number in split_by_lunch(calendar, hour, hours):
                plan = SessionPlan(
                    class_group=class_group, held_on=day, first_hour=first, hours=number,
                    module=module, instructor=teachers.get(module.pk, teachers.get(None)),
                    room=class_group.room,
                )  # fmt: skip
                yield _fresh(plan, calendar)
            hour += hours
            if missing > hours:
                left.appendleft((module, missing - hours))


def _fresh(plan: SessionPlan, calendar: CourseCalendar) -> Session:
    starts_at, ends_at = times_of(calendar, plan.held_on, plan.first_hour, plan.hours)
    return Session(
        class_group=plan.class_group, module=plan.module, instructor=plan.instructor,
        held_on=plan.held_on, first_hour=plan.first_hour, hours=plan.hours,
        starts_at=starts_at, ends_at=ends_at, room=plan.room,
    )  # fmt: skip


def _row_of(plan: SessionPlan, cohort: Cohort, calendar: CourseCalendar) -> Session:
    fresh = _fresh(plan, calendar)
    _refuse_outside(fresh, cohort)
    stored = Session.objects.filter(
        class_group=plan.class_group, held_on=plan.held_on, first_hour=plan.first_hour,
        state=SessionState.PLANNED,
    ).first()  # fmt: skip
    if stored is None:
        return fresh
    if stored.closed_at is not None:
        raise Refused(_("The attendance of this session was taken already."), code="in_use")
    for name in ("module", "instructor", "hours", "starts_at", "ends_at", "room"):
        setattr(stored, name, getattr(fresh, name))
    stored.changes += 1
    return stored


def _changeable(session: Session, by: User | None) -> Cohort:
    cohort = session.class_group.track.cohort
    require(by, rules.can_teach_session, session)
    if session.state != SessionState.PLANNED or cohort.state == CohortState.ENDED:
        raise Refused(_("This session cannot be changed any more."), code="wrong_state")
    if session.closed_at is not None:
        raise Refused(_("The attendance of this session was taken already."), code="in_use")
    return cohort


def _open_for_timetable(cohort: Cohort, by: User | None) -> None:
    require(by, rules.can_manage_cohort, cohort)
    if cohort.state == CohortState.ENDED and has_sessions(cohort):
        raise Refused(_("The cohort has ended; its timetable stands."), code="wrong_state")


def _refuse_outside(session: Session, cohort: Cohort) -> None:
    if not cohort.starts_on <= session.held_on <= cohort.ends_on:
        raise Refused(
            _("%(day)s lies outside the cohort's dates.") % {"day": session.held_on}, code="invalid"
        )
    if session.class_group.track.cohort_id != cohort.pk:
        raise Refused(_("The class belongs to another cohort."), code="invalid")


def _refuse_clashes(session: Session) -> None:
    if clashes := clashes_of(session):
        raise Refused(" ".join(clash.text for clash in clashes), code="clash")


def _place_of(session: Session) -> dict[str, object]:
    return {
        "held_on": session.held_on.isoformat(),
        "first_hour": session.first_hour,
        "hours": session.hours,
        "room": session.room,
    }


def _record_many(
    event: str, cohort: Cohort, rows: Sequence[Session], *, by: User | None, at: dt.datetime
) -> None:
    if len(rows) <= _EACH_UP_TO:
        changes = [Change(on=row, details=_place_of(row)) for row in rows]
        journal.record_many(event=event, by=by, at=at, changes=changes)
        return
    content = sorted(f"{row.class_group_id} {row.held_on} {row.first_hour}" for row in rows)
    details = {"sessions": len(rows), "digest": digest(content)}
    journal.record(event=event, by=by, at=at, on=cohort, details=details)
