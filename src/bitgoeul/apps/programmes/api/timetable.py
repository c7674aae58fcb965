"""Timetables: one's own, a class's, a cohort's, and their changes."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms.timetable import CancelForm, DayFilter, MoveForm
from bitgoeul.apps.programmes.models import ClassGroup, Session
from bitgoeul.apps.programmes.queries.timetable import (
    sessions,
    sessions_of_class,
    sessions_of_cohort,
    sessions_of_person,
    week_of,
)
from bitgoeul.apps.programmes.views import timetable as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, listed, one


class SessionRow(Row):
    """A session; `first_hour` counts the hours of the day from 1."""

    uuid: UUID
    class_group: Annotated[UUID, At("class_group__uuid")]
    module: Annotated[UUID | None, At("module__uuid")]
    instructor: Annotated[UUID | None, At("instructor__uuid")]
    held_on: dt.date
    first_hour: int
    hours: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str
    state: str
    reason: str


class SessionsMade(Row):
    """How many sessions were made."""

    made: int


@room.lists("/timetable", SessionRow, filters=DayFilter)
def timetable(request: Request) -> Any:
    """List what one attends and teaches in two weeks from a day on."""
    day = request.asked["day"] or clock.today()
    return listed(request, sessions_of_person(request.user, day, day + pages.AHEAD), SessionRow)


@room.lists("/classes/{uuid:uuid}/timetable", SessionRow, filters=DayFilter)
def class_timetable(request: Request, uuid: UUID) -> Any:
    """List the sessions of a class in the week of a day."""
    rows = ClassGroup.objects.all()
    class_group = access.get(rows, rules.classes_visible_to(request.user), uuid=uuid)
    first, last = week_of(request.asked["day"] or clock.today())
    return listed(request, sessions_of_class(class_group, first, last), SessionRow)


@room.lists("/cohorts/{uuid:uuid}/timetable", SessionRow)
def cohort_timetable(request: Request, uuid: UUID) -> Any:
    """List all sessions of a cohort."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return listed(request, sessions_of_cohort(cohort), SessionRow)


room.hands_out(
    "/cohorts/{uuid:uuid}/timetable.{form}",
    pages.export,
    CSV,
    XLSX,
    name="timetable_file",
)


@room.writes("/cohorts/{uuid:uuid}/timetable/make", SessionsMade)
def timetable_make(request: Request, uuid: UUID) -> Any:
    """Plan what is not planned yet from calendar and curriculum."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return {"made": services.make_timetable(cohort=cohort, **acting(request))}


@room.reads("/sessions/{uuid:uuid}", SessionRow)
def session_detail(request: Request, uuid: UUID) -> Any:
    """Read one session."""
    return one(sessions(), rules.sessions_visible_to(request.user), SessionRow, uuid=uuid)


@room.writes("/sessions/{uuid:uuid}/move", Made, body=MoveForm)
def session_move(request: Request, uuid: UUID) -> Any:
    """Move a session to another time, room or instructor."""
    row = _taught(request, uuid)
    values = bind(request, MoveForm, session=row).cleaned_data
    services.move_session(session=row, **values, **acting(request))
    return {"uuid": uuid}


@room.writes("/sessions/{uuid:uuid}/cancel", Made, body=CancelForm)
def session_cancel(request: Request, uuid: UUID) -> Any:
    """Cancel a session."""
    row = _taught(request, uuid)
    values = bind(request, CancelForm).cleaned_data
    services.cancel_session(session=row, **values, **acting(request))
    return {"uuid": uuid}


def _taught(request: Request, uuid: UUID) -> Session:
    return access.get(sessions(), rules.sessions_taught_by(request.user), uuid=uuid)
