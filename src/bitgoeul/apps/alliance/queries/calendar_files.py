"""A meeting as a calendar file, as every calendar program reads it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.apps.alliance.models import Meeting
from bitgoeul.core.clock import SEOUL


def calendar_file(meeting: Meeting, *, person: Any, stamp: dt.datetime) -> bytes:
    """Return the meeting as an .ics file; a later version of it replaces an earlier one.

    It names nobody but the person it is for: who else comes stands on the page.
    """
    cancelled = meeting.state == MeetingState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Bitgoeul//committee//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"meeting.{meeting.uuid}@bitgoeul")
    event.add("sequence", meeting.changes)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", meeting.starts_at.astimezone(SEOUL))
    event.add("dtend", meeting.ends_at.astimezone(SEOUL))
    event.add("summary", f"{meeting.committee.name} – {meeting}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("location", meeting.place or meeting.online_link)
    address = settings.BITGOEUL.public_url + reverse(
        "alliance:meeting_detail", kwargs={"uuid": meeting.uuid}
    )
    lines = [address]
    if meeting.online_link:
        lines.append(_("Online: %(link)s") % {"link": meeting.online_link})
    event.add("description", "\n".join(lines))
    event.add("url", address)
    _name_people(event, meeting, person)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made


def _name_people(event: Event, meeting: Meeting, person: Any) -> None:
    organizer = vCalAddress(f"MAILTO:{_bare(settings.DEFAULT_FROM_EMAIL)}")
    organizer.params["cn"] = vText(meeting.committee.name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"MAILTO:{person.email}")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)


def calendar_name(meeting: Meeting) -> str:
    """Return the name of the file."""
    return f"meeting-{meeting.key}.ics"


def _bare(address: str) -> str:
    return address.rpartition("<")[2].rstrip(">").strip()
