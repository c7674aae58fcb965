"""Progress in the remote part of a course."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.queries.remote import RemoteStanding, remote_standings_of
from bitgoeul.apps.programmes.views import remote as pages
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Row, sliced


class RemotePartOut(Row):
    """A remote module and how far somebody is in it; null where nothing is recorded."""

    module: str
    hours: int
    percent: Decimal | None
    source: str
    as_of: dt.date | None


class RemoteStandingOut(Row):
    """One person; `percent` is that of the modules together, weighted by hours."""

    enrolment: UUID
    person: UUID
    full_name: str
    percent: Decimal | None
    parts: list[RemotePartOut]


@room.lists("/cohorts/{uuid:uuid}/remote-progress", RemoteStandingOut)
def remote_list(request: Request, uuid: UUID) -> Any:
    """List how far everyone is in the remote part; the reading is recorded."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    page = sliced(request, pages.people_of(cohort))
    people = [one.person.uuid for one in page["items"]]
    note_reading(request, people, what="remote_list")  # type: ignore[arg-type]  # both doors
    found = remote_standings_of(cohort, page["items"])
    return page | {"items": [_shown(found[one.pk]) for one in page["items"]]}


room.hands_out(
    "/cohorts/{uuid:uuid}/remote-progress.{form}",
    pages.remote_export,
    CSV,
    XLSX,
    name="remote_file",
)


def _shown(one: RemoteStanding) -> dict[str, Any]:
    return {
        "enrolment": one.enrolment.uuid,
        "person": one.enrolment.person.uuid,
        "full_name": one.enrolment.person.full_name,
        "percent": one.together,
        "parts": [
            {
                "module": module.key,
                "hours": module.hours,
                "percent": row.percent if row else None,
                "source": row.source if row else "",
                "as_of": row.as_of if row else None,
            }
            for module, row in one.parts
        ],
    }
