"""The selection: run, look, verify, publish."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, services, tasks
from bitgoeul.apps.programmes.api.room import asked_of, room
from bitgoeul.apps.programmes.forms import SelectionFilter
from bitgoeul.apps.programmes.models import SelectionRound
from bitgoeul.apps.programmes.queries.listings import current_round, selections_listed
from bitgoeul.apps.programmes.queries.selection import pools_of, summary_of
from bitgoeul.apps.programmes.views import selection as pages
from bitgoeul.apps.programmes.views.loading import cohort_for, managed_cohort, note_reading
from bitgoeul.core import access, clock, jobs
from bitgoeul.core.api.rooms import ZIP, Request
from bitgoeul.core.api.rows import At, JobMade, Row, listed
from bitgoeul.core.errors import Refused


class SelectionRoundOut(Row):
    """A cohort's newest selection round; small pools are without numbers."""

    uuid: UUID | None
    number: int | None
    published_at: dt.datetime | None
    inputs_digest: str
    engine_version: str
    pools: list[Any]
    summary: dict[str, Any]


class SelectionRow(Row):
    """The result of one application."""

    uuid: UUID
    application: Annotated[UUID, At("application__uuid")]
    person: Annotated[UUID, At("application__person__uuid")]
    number: Annotated[str, At("application__number")]
    track: Annotated[str | None, At("track__key")]
    pool: str
    total_score: float
    local: bool


class JudgedOut(Row):
    """What the independent verifier says, and whether the round is published."""

    holds: bool
    reason: str
    published_at: dt.datetime | None


@room.reads("/cohorts/{uuid:uuid}/selection", SelectionRoundOut)
def selection(request: Request, uuid: UUID) -> Any:
    """Read a cohort's selection round: when it is published, or as who runs it."""
    user = request.user
    cohort = cohort_for(rules.cohorts_visible_to(user), uuid)
    found = current_round(cohort)
    manages = isinstance(user, User) and rules.can_manage_cohort(user, cohort)
    access.require(manages or (found is not None and rules.can_see_selection_round(user, found)))
    said = ("uuid", "number", "published_at", "inputs_digest", "engine_version")
    if found is None:
        blank = dict.fromkeys(said, None) | {"inputs_digest": "", "engine_version": ""}
        return blank | {"pools": [], "summary": {}}
    parts = {
        "pools": pools_of(found, whole=manages),
        "summary": summary_of(found, whole=manages),
    }
    return {name: getattr(found, name) for name in said} | parts


@room.lists("/cohorts/{uuid:uuid}/selection/results", SelectionRow, filters=SelectionFilter)
def selection_list(request: Request, uuid: UUID) -> Any:
    """List everybody's result; the reading is recorded."""
    found = current_round(managed_cohort(request, uuid))  # type: ignore[arg-type]  # both doors
    if found is None:
        return {"items": [], "next": None}
    asked = asked_of(request, "q", "seat")
    rows = selections_listed(found, name=asked["q"], seat=asked["seat"])
    page = listed(request, rows, SelectionRow)
    people = [row["person"] for row in page["items"]]
    note_reading(request, people, what="selection", purpose=_("Selecting"))  # type: ignore[arg-type]  # both doors
    return page


@room.writes("/cohorts/{uuid:uuid}/selection/run", JobMade, status=202)
def selection_run(request: Request, uuid: UUID) -> Any:
    """Run the selection in the background."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    job = jobs.enqueue(
        tasks.run_selection,
        by=request.user,
        dedupe=f"{pages.KEY}:{cohort.uuid}",
        cohort=str(cohort.uuid),
        officer=str(request.user.uuid),
    )
    return {"job": job.uuid}


@room.writes("/cohorts/{uuid:uuid}/selection/verification", JudgedOut)
def selection_verify(request: Request, uuid: UUID) -> Any:
    """Let the independent verifier check what is stored."""
    return _judge(request, uuid, services.verify_selection)


@room.writes("/cohorts/{uuid:uuid}/selection/publication", JudgedOut)
def selection_publish(request: Request, uuid: UUID) -> Any:
    """Publish the round; it is verified first and withheld when it fails."""
    return _judge(request, uuid, services.publish_selection)


room.hands_out(
    "/cohorts/{uuid:uuid}/selection.zip", pages.selection_bundle, ZIP, name="selection_bundle"
)


def _judge(request: Request, uuid: UUID, service: Any) -> Any:
    found = current_round(managed_cohort(request, uuid))  # type: ignore[arg-type]  # both doors
    if found is None:
        raise Refused(_("There is nothing to verify yet."))
    done: SelectionRound = service(selection_round=found, by=request.user, at=clock.now())
    verdict = done.verdict
    said = {"holds": verdict["holds"], "reason": verdict.get("reason", "")}
    return said | {"published_at": done.published_at}
