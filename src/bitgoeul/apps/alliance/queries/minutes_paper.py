"""Minutes as PDF, set by Typst; the digest printed under them is the one in the journal."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Decision, Meeting, Presence
from bitgoeul.apps.alliance.queries.committee import (
    decided_at,
    minutes_actions,
    presences_of,
    quorum_of,
)
from bitgoeul.core import formats

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "alliance" / "minutes.typ"
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pretendard-gov-print"


def pdf_of(meeting: Meeting, *, address: str) -> bytes:
    """Set the minutes of a meeting; `address` is where its page stands."""
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=0)
    content = _content(meeting) | {"address": address, "qr": drawing.getvalue().decode()}
    made: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
    )
    return made


def _content(meeting: Meeting) -> dict[str, Any]:
    language = "en" if get_language() == "en" else "ko"
    presences = presences_of(meeting)
    quorum = quorum_of(meeting, presences)
    approved = meeting.approved_at
    return {
        "language": language,
        "title": f"{meeting.committee.name} – {meeting}",
        "when": f"{formats.moment(meeting.starts_at, language)} – "
        f"{formats.clock_time(meeting.ends_at, language)}",
        "where": meeting.place or meeting.online_link,
        "quorum": _("%(there)s of %(members)s members represented, %(needed)s needed")
        % {"there": quorum.represented, "members": quorum.members, "needed": quorum.needed},
        "attendance": [_attendance_line(row) for row in presences],
        "agenda": [
            {"title": str(item), "text": item.text, "minutes": item.minutes}
            for item in meeting.agenda.order_by("number")
        ],
        "minutes": meeting.minutes,
        "decisions": [_decision(row, language) for row in decided_at(meeting)],
        "actions": [
            [row.text, f"{row.owner} ({row.organisation})", formats.day(row.due_on, language)]
            for row in minutes_actions(meeting)
        ],
        "approved": _("Approved by %(name)s on %(day)s")
        % {"name": meeting.approved_by, "day": formats.day(approved, language)}
        if approved
        else _("Circulated, not approved yet"),
        "written": _("Written by %(name)s") % {"name": meeting.minutes_by},
        "digest": meeting.minutes_digest,
        "words": _words(),
    }


def _attendance_line(row: Presence) -> list[str]:
    state = row.get_state_display()
    if row.proxy is not None:
        state = _("represented by %(name)s") % {"name": row.proxy.person}
    office = row.seat.get_office_display()
    return [row.seat.person.full_name, str(row.seat.organisation), office, state]


def _decision(decision: Decision, language: str) -> dict[str, Any]:
    return {
        "key": decision.key,
        "title": decision.title,
        "text": decision.text,
        "result": _("carried") if decision.carried else _("not carried"),
        "effective": formats.day(decision.effective_on, language),
        "votes": [
            [str(v.organisation), str(v.in_favour), str(v.against), str(v.abstained)]
            for v in decision.votes.all()
        ],
        "concerned": [
            f"{row.commitment}{': ' if row.change else ''}{row.change}"
            for row in decision.concerned.select_related("commitment")
        ],
    }


def _words() -> dict[str, str]:
    return {
        "name": _("Name"),
        "party": _("Party"),
        "office": _("Office"),
        "attendance": _("Participation"),
        "quorum": _("Quorum"),
        "state": _("State"),
        "agenda": _("Agenda and what was said"),
        "minutes": _("Minutes"),
        "decisions": _("Decisions"),
        "in_favour": _("For"),
        "against": _("Against"),
        "abstained": _("Abstained"),
        "effective": _("Takes effect"),
        "concerned": _("Concerns"),
        "actions": _("Actions"),
        "action": pgettext("committee", "Action"),
        "owner": _("Who does it"),
        "due": _("Until when"),
        "digest": _("Digest"),
        "check": _("The digest stands in the sealed journal under “minutes.approved”."),
    }
