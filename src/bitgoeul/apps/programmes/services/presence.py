"""Being at a session: signing in and out by the screen's sign, the instructor's list, the day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import EnrolmentState, PresenceSource, SessionState
from bitgoeul.apps.programmes.models import Attendance, Enrolment, Presence, Session
from bitgoeul.apps.programmes.models.presence_rule import Marks, Times, excused, marks_of
from bitgoeul.apps.programmes.services.attendance import DayEntry, record_attendance
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

_LEFT_OPEN = dt.timedelta(hours=3)
_TIMES = ("arrived_at", "left_at", "out_minutes")
_MARKS = ("hours", "late", "left_early", "went_out")
_DAY = (*_MARKS, "excuse")


@dataclass(frozen=True, kw_only=True)
class ListEntry:
    """One line of the instructor's list; times win over `state` where they are given."""

    enrolment: Enrolment
    state: str
    arrived_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    out_minutes: int = 0
    excuse: str = ""


STATES = ("present", "late", "left_early", "absent", "excused")


def sign_in(
    *,
    session: Session,
    person: User,
    device: str,
    source: str,
    scanned_at: dt.datetime,
    at: dt.datetime,
) -> Presence:
    """Note that somebody who scanned the screen is there; a second scan changes nothing.

    Raises
    ------
    Refused
        When they do not sit in this class, the session is not open, or browser and person do not
        fit: one browser stands for one person in a session, and one person for one browser.
    """
    with transaction.atomic():
        enrolment = _seat(session, person)
        _refuse_unless_open(session, scanned_at)
        row = _own_row(session, enrolment, device)
        if row.arrived_at is not None:
            return row
        row.arrived_at, row.device, row.source = scanned_at, device, source
        _judge(row, session)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Refused(
                _("With this device somebody else has signed in to this session."),
                code="device_taken",
            ) from error
        _note_step("presence.signed_in", row, by=person, at=at)
    return row


def sign_out(
    *, session: Session, person: User, device: str, scanned_at: dt.datetime, at: dt.datetime
) -> Presence:
    """Note that somebody leaves; whoever had left is back, and the minutes away are counted."""
    with transaction.atomic():
        enrolment = _seat(session, person)
        _refuse_unless_open(session, scanned_at)
        row = _own_row(session, enrolment, device)
        if row.arrived_at is None:
            raise Refused(_("You have not signed in to this session yet."), code="not_in")
        if row.left_at is None:
            row.left_at = scanned_at
            event = "presence.signed_out"
        else:
            away = max(scanned_at - row.left_at, dt.timedelta())
            row.out_minutes += int(away.total_seconds() // 60)
            row.left_at, event = None, "presence.came_back"
        _judge(row, session)
        row.save()
        _note_step(event, row, by=person, at=at)
    return row


def take_attendance(
    *,
    session: Session,
    entries: Sequence[ListEntry],
    by: User | None,
    at: dt.datetime,
    reason: str = "",
) -> int:
    """Write the instructor's list and close the session: who is not on it was away.

    Once a session is closed, a change needs a reason and stays visible. Returns how many people's
    day was written.
    """
    with transaction.atomic():
        session = _locked(session)
        require(by, rules.can_teach_session, session)
        _refuse_too_early(session, at)
        if session.closed_at is not None and not reason.strip():
            raise Refused(
                _("This attendance was taken already: say why it changes."), code="needs_reason"
            )
        known = {row.enrolment_id: row for row in session.presences.all()}
        seats = {row.pk for row in people_of(session)}
        for entry in entries:
            if entry.enrolment.pk not in seats:
                raise Refused(_("Somebody on the list does not sit in this class."), code="invalid")
            row = known.get(entry.enrolment.pk) or Presence(
                session=session, enrolment=entry.enrolment
            )
            _fill_in(row, entry, session)
            row.save()
        return _close(session, reason, by=by, at=at)


def close_open_sessions(*, at: dt.datetime) -> int:
    """Close what was signed in to and never closed, three hours after it ended."""
    open_ = Session.objects.filter(
        state=SessionState.PLANNED, closed_at__isnull=True, ends_at__lte=at - _LEFT_OPEN,
        presences__isnull=False, class_group__track__cohort__state="running",
    )  # fmt: skip
    rows = list(open_.distinct().order_by("starts_at"))
    for row in rows:
        with transaction.atomic():
            _close(_locked(row), "", by=None, at=at)
    return len(rows)


def people_of(session: Session) -> list[Enrolment]:
    """Return who should be there."""
    rows = Enrolment.objects.filter(class_group=session.class_group_id)
    there = rows.exclude(ended_on__lt=session.held_on)
    return list(there.select_related("person", "cohort").order_by("person__full_name", "id"))


def _close(session: Session, reason: str, *, by: User | None, at: dt.datetime) -> int:
    if session.closed_at is None:
        session.closed_at = at
        session.save(update_fields=["closed_at"])
    people = people_of(session)
    known = {row.enrolment_id: row for row in session.presences.all()}
    absent = Marks(hours="0" * session.hours)
    fresh = [
        Presence(session=session, enrolment=one, source=PresenceSource.HAND, **asdict(absent))
        for one in people
        if one.pk not in known
    ]
    Presence.objects.bulk_create(fresh, batch_size=500)
    entries = _days(session, people)
    cohort = session.class_group.track.cohort
    if entries:
        record_attendance(cohort=cohort, entries=entries, by=by, at=at, reason=reason)
    details = {"people": len(people), "written": len(entries)}
    journal.record(
        event="session.attendance_taken", by=by, at=at, on=session, reason=reason, details=details
    )
    return len(entries)


def _days(session: Session, people: Sequence[Enrolment]) -> list[DayEntry]:
    """The day of each person: their marks at all sessions of the day that were taken, in order."""
    ids = [row.pk for row in people]
    rows = Presence.objects.filter(
        enrolment__in=ids, session__held_on=session.held_on, session__closed_at__isnull=False,
        session__class_group=session.class_group_id, session__state=SessionState.PLANNED,
    ).order_by("session__first_hour")  # fmt: skip
    parts: dict[int, list[Presence]] = {}
    for row in rows:
        parts.setdefault(row.enrolment_id, []).append(row)
    stored = {
        row.enrolment_id: row
        for row in Attendance.objects.filter(enrolment__in=ids, held_on=session.held_on)
    }
    days = [_day(one, session.held_on, parts[one.pk]) for one in people if one.pk in parts]
    return [day for day in days if _differs(day, stored.get(day.enrolment.pk))]


def _day(enrolment: Enrolment, on: dt.date, parts: Sequence[Presence]) -> DayEntry:
    return DayEntry(
        enrolment=enrolment,
        held_on=on,
        hours="".join(part.hours for part in parts),
        late=any(part.late for part in parts),
        left_early=any(part.left_early for part in parts),
        went_out=any(part.went_out for part in parts),
        excuse=next((part.excuse for part in parts if part.excuse), ""),
    )


def _differs(day: DayEntry, stored: Attendance | None) -> bool:
    return stored is None or any(getattr(day, name) != getattr(stored, name) for name in _DAY)


def _fill_in(row: Presence, entry: ListEntry, session: Session) -> None:
    row.source = row.source or PresenceSource.HAND
    for name in _TIMES:
        setattr(row, name, getattr(entry, name))
    row.excuse = entry.excuse if entry.state == "excused" else ""
    if entry.state in {"absent", "excused"}:
        row.arrived_at = row.left_at = None
    else:
        row.arrived_at = row.arrived_at or session.starts_at
    _judge(row, session)
    if entry.state == "excused":
        _mark(row, excused(session.hours))
    # Said without a time: the hours count, the event is noted.
    row.late = row.late or entry.state == "late"
    row.left_early = row.left_early or entry.state == "left_early"


def _judge(row: Presence, session: Session) -> None:
    times = Times(**{name: getattr(row, name) for name in _TIMES})
    values = session.class_group.track.cohort.rule_set.thresholds
    starts_at, ends_at, hours = session.starts_at, session.ends_at, session.hours
    _mark(row, marks_of(times, starts_at=starts_at, ends_at=ends_at, hours=hours, values=values))


def _mark(row: Presence, marks: Marks) -> None:
    for name in _MARKS:
        setattr(row, name, getattr(marks, name))


def _seat(session: Session, person: User) -> Enrolment:
    rows = Enrolment.objects.filter(
        class_group=session.class_group_id, person=person, state=EnrolmentState.ENROLLED
    )
    found = rows.first()
    if found is None:
        raise Refused(_("You do not sit in the class of this session."), code="not_enrolled")
    return found


def _own_row(session: Session, enrolment: Enrolment, device: str) -> Presence:
    if not device:
        raise Refused(_("Your browser must allow cookies to sign in here."), code="no_device")
    row = Presence.objects.filter(session=session, enrolment=enrolment).first()
    if row is None:
        return Presence(session=session, enrolment=enrolment)
    if row.device and row.device != device:
        raise Refused(
            _("You signed in to this session with another device. Ask your instructor."),
            code="other_device",
        )
    return row


def _refuse_unless_open(session: Session, at: dt.datetime) -> None:
    values = session.class_group.track.cohort.rule_set.thresholds
    opens = session.starts_at - dt.timedelta(minutes=values.sign_in_before_minutes)
    if session.state != SessionState.PLANNED or session.closed_at is not None:
        raise Refused(_("Signing in to this session is over."), code="closed")
    if at < opens:
        raise Refused(_("Signing in to this session is not open yet."), code="too_early")
    if at > session.ends_at + dt.timedelta(minutes=values.sign_in_before_minutes):
        raise Refused(_("Signing in to this session is over."), code="closed")


def _refuse_too_early(session: Session, at: dt.datetime) -> None:
    if session.state != SessionState.PLANNED:
        raise Refused(_("This session is cancelled."), code="wrong_state")
    if at < session.starts_at:
        raise Refused(_("The session has not begun yet."), code="too_early")


def _locked(session: Session) -> Session:
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related(
            "module", "instructor", "class_group__track__cohort__programme",
            "class_group__track__cohort__rule_set",
        )
        .get(pk=session.pk)
    )  # fmt: skip


def _note_step(event: str, row: Presence, *, by: User, at: dt.datetime) -> None:
    after: dict[str, Any] = {name: getattr(row, name) for name in (*_TIMES, *_MARKS)}
    details = {"session": str(row.session.uuid), "source": row.source}
    journal.record(event=event, by=by, at=at, on=row, after=after, details=details)
