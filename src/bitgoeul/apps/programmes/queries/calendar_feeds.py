"""Timetables as calendar files, and whose they are by a secret link."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models import CalendarFeed, Session
from bitgoeul.apps.programmes.queries.timetable import sessions_of_class, sessions_of_person
from bitgoeul.core.clock import SEOUL

BEFORE, AFTER = dt.timedelta(days=60), dt.timedelta(days=240)


def feed_of(checksum: str) -> CalendarFeed | None:
    """Return the link of a key's checksum, as long as it was not taken back."""
    rows = CalendarFeed.objects.select_related("person", "class_group__track__cohort__programme")
    return rows.filter(key_sha256=checksum, revoked_at__isnull=True, person__is_active=True).first()


def feeds_of(person: User) -> list[CalendarFeed]:
    """Return a person's links that work."""
    rows = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True)
    return list(rows.select_related("class_group"))


def sessions_of_feed(feed: CalendarFeed, *, today: dt.date) -> list[Session]:
    """Return the sessions that a link shows: two months back, eight ahead."""
    first, last = today - BEFORE, today + AFTER
    if feed.class_group is not None:
        return list(sessions_of_class(feed.class_group, first, last))
    return list(sessions_of_person(feed.person, first, last))


def calendar_of(rows: Iterable[Session], *, name: str, stamp: dt.datetime) -> bytes:
    """Return sessions as a calendar file; it names no trainee."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bitgoeul//timetable//KO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for row in rows:
        calendar.add_component(_event(row, stamp))
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made


def _event(row: Session, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"session.{row.uuid}@bitgoeul")
    event.add("sequence", row.changes)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", row.starts_at.astimezone(SEOUL))
    event.add("dtend", row.ends_at.astimezone(SEOUL))
    event.add("summary", f"{row.subject} – {row.class_group.name}")
    event.add("status", "CANCELLED" if row.state == SessionState.CANCELLED else "CONFIRMED")
    if row.room:
        event.add("location", row.room)
    address = settings.BITGOEUL.public_url + reverse(
        "programmes:session_detail", kwargs={"uuid": row.uuid}
    )
    lines = [address]
    if row.reason:
        lines.append(_("Reason: %(reason)s") % {"reason": row.reason})
    event.add("description", "\n".join(lines))
    event.add("url", address)
    return event
