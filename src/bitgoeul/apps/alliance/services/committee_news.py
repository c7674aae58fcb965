"""What the steering committee tells its members."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Action, Meeting, User
from bitgoeul.apps.alliance.queries.calendar_files import calendar_file, calendar_name
from bitgoeul.core import formats, notices


def _calendar(person: Any, values: Mapping[str, Any]) -> notices.Attachment | None:
    """The meeting as it stands when the letter is written."""
    meeting = Meeting.objects.select_related("committee").filter(uuid=values["meeting_id"]).first()
    if meeting is None or meeting.called_at is None:
        return None
    content = calendar_file(meeting, person=person, stamp=meeting.called_at)
    cancelled = b"METHOD:CANCEL" in content
    media = f"text/calendar; method={'CANCEL' if cancelled else 'REQUEST'}; charset=utf-8"
    return notices.Attachment(name=calendar_name(meeting), content=content, media=media)


_WHERE = _("%(committee)s, %(meeting)s: %(when)s, %(place)s.")

COMMITTEE = notices.declare(
    notices.Topic(
        key="committee",
        title=_("Steering committee"),
        about=_("Meetings that are called, minutes to approve, and what you have to do."),
        messages=(
            notices.Message(
                key="committee.called",
                subject=_("A meeting of the committee is called"),
                text=_WHERE,
                attach=_calendar,
            ),
            notices.Message(
                key="committee.changed",
                subject=_("A meeting of the committee was changed"),
                text=_WHERE,
                attach=_calendar,
            ),
            notices.Message(
                key="committee.cancelled",
                subject=_("A meeting of the committee does not take place"),
                text=_("%(committee)s, %(meeting)s, %(when)s: %(reason)s"),
                attach=_calendar,
            ),
            notices.Message(
                key="committee.soon",
                subject=_("A meeting of the committee is near"),
                text=_WHERE,
            ),
            notices.Message(
                key="committee.circulated",
                subject=_("Minutes of the committee are circulated"),
                text=_("%(committee)s, %(meeting)s: read the minutes and say what is wrong."),
            ),
            notices.Message(
                key="committee.approved",
                subject=_("Minutes of the committee are approved"),
                text=_(
                    "%(committee)s, %(meeting)s: the minutes are approved and stand as they are."
                ),
            ),
            notices.Message(
                key="committee.given_back",
                subject=_("Minutes of the committee were given back"),
                text=_("%(committee)s, %(meeting)s: %(reason)s"),
            ),
            notices.Message(
                key="committee.action_given",
                subject=_("You have something to do for the committee"),
                text=_("%(action)s – until %(due)s."),
            ),
            notices.Message(
                key="committee.action_overdue",
                subject=_("Something you have to do for the committee is overdue"),
                text=_("%(action)s – was due on %(due)s."),
            ),
        ),
    )
)


def tell_members(
    message: str, *, meeting: Meeting, people: Iterable[User], at: dt.datetime, **more: Any
) -> int:
    """Tell people about a meeting."""
    once = more.pop("once", None)
    path = reverse("alliance:meeting_detail", kwargs={"uuid": meeting.uuid})
    values = {
        "meeting_id": str(meeting.uuid),
        "committee": notices.in_both(lambda _language: meeting.committee.name),
        "meeting": notices.in_both(lambda _language: str(meeting)),
        "when": notices.in_both(lambda language: formats.moment(meeting.starts_at, language)),
        "place": meeting.place or meeting.online_link,
        **more,
    }
    told = [notices.News(person=p, path=path, values=values, once=once) for p in people]
    return notices.tell_many(message, told, at=at)


def tell_owner(message: str, *, action: Action, at: dt.datetime, once: str | None = None) -> None:
    """Tell somebody what they have to do."""
    notices.tell(
        message,
        person=action.owner,
        path=reverse("alliance:action_detail", kwargs={"uuid": action.uuid}),
        at=at,
        once=once,
        action=action.text,
        due=notices.in_both(lambda language: formats.day(action.due_on, language)),
    )
