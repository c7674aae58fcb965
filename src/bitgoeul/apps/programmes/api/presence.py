"""Attendance at a session, and who of a cohort is there now."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.enums import Excuse
from bitgoeul.apps.programmes.models import Session
from bitgoeul.apps.programmes.queries.roster import live_roster, presences_of, standing_of
from bitgoeul.apps.programmes.queries.timetable import sessions
from bitgoeul.apps.programmes.views import presence as pages
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import PDF, Request
from bitgoeul.core.api.rows import Row, sliced
from bitgoeul.core.api.values import Line, Moment


class SessionPresenceRow(Row):
    """How one person stands at a session; null where nothing is known."""

    enrolment: UUID
    person: UUID
    full_name: str
    standing: str
    arrived_at: dt.datetime | None
    left_at: dt.datetime | None
    hours: str


class StandingRow(Row):
    """One person of a cohort today, with their hours so far."""

    enrolment: UUID
    person: UUID
    full_name: str
    standings: list[str]
    attended: int
    held: int


class PresenceIn(Body):
    """How one person was there; times win over the state."""

    enrolment: UUID
    state: Literal[services.STATES]  # type: ignore[valid-type]  # made at run time
    arrived_at: Moment | None = None
    left_at: Moment | None = None
    out_minutes: Annotated[int, Field(ge=0, le=720)] = 0
    excuse: Literal[("", *Excuse.values)] = ""  # type: ignore[valid-type]  # made at run time


class ListIn(Body):
    """The list of a session; who is not on it was away."""

    entries: Annotated[list[PresenceIn], Field(max_length=500)]
    reason: Line = ""


class Written(Row):
    """How many people's day was written."""

    written: int


@room.lists("/sessions/{uuid:uuid}/attendance", SessionPresenceRow)
def session_list(request: Request, uuid: UUID) -> Any:
    """List who should be at a session, and how they stand; the reading is recorded."""
    row = _taught(request, uuid)
    known = presences_of(row)
    page = sliced(request, services.people_of(row))
    items = [_line(one, known.get(one.pk), row) for one in page["items"]]
    people = [item["person"] for item in items]
    note_reading(request, people, what="session_list", about=uuid)  # type: ignore[arg-type]  # both doors
    return page | {"items": items}


@room.writes("/sessions/{uuid:uuid}/attendance", Written, body=ListIn)
def session_take(request: Request, uuid: UUID) -> Any:
    """Take the attendance of a session; once taken, a change needs a reason."""
    row = _taught(request, uuid)
    asked = given(request)
    seats = {one.uuid: one for one in services.people_of(row)}
    entries = []
    for place, line in enumerate(asked.entries):
        if line.enrolment not in seats:
            message = _("Somebody on the list does not sit in this class.")
            raise Problem(
                "invalid", errors=[FieldError(place=f"body.entries.{place}", message=message)]
            )
        facts = line.model_dump() | {"enrolment": seats[line.enrolment]}
        entries.append(services.ListEntry(**facts))
    facts = {"reason": asked.reason, **acting(request)}
    return {"written": services.take_attendance(session=row, entries=entries, **facts)}


room.hands_out(
    "/sessions/{uuid:uuid}/attendance.pdf", pages.session_paper, PDF, name="session_paper"
)


@room.lists("/cohorts/{uuid:uuid}/now", StandingRow)
def roster_now(request: Request, uuid: UUID) -> Any:
    """List who of a cohort is there now; the reading is recorded."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    page = sliced(request, live_roster(cohort, clock.today()))
    items = [
        {
            "enrolment": line.enrolment.uuid,
            "person": line.enrolment.person.uuid,
            "full_name": line.enrolment.person.full_name,
            "standings": [standing.key for _session, standing in line.standings],
            "attended": line.attended,
            "held": line.held,
        }
        for line in page["items"]
    ]
    note_reading(request, [item["person"] for item in items], what="roster_now")  # type: ignore[arg-type]  # both doors
    return page | {"items": items}


def _line(one: Any, known: Any, row: Session) -> dict[str, Any]:
    return {
        "enrolment": one.uuid,
        "person": one.person.uuid,
        "full_name": one.person.full_name,
        "standing": standing_of(known, row).key,
        "arrived_at": known.arrived_at if known else None,
        "left_at": known.left_at if known else None,
        "hours": known.hours if known else "",
    }


def _taught(request: Request, uuid: UUID) -> Session:
    return access.get(sessions(), rules.sessions_taught_by(request.user), uuid=uuid)
