"""Entries: handed in, watched, listed."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.api.room import room
from bitgoeul.apps.contests.forms import EntryFilter, EntryForm
from bitgoeul.apps.contests.queries.eligibility import team_of
from bitgoeul.apps.contests.queries.entries import (
    Seen,
    entries_listed,
    entry_page,
    scored_rows,
    task_page,
)
from bitgoeul.apps.contests.views import entries as pages
from bitgoeul.apps.contests.views.replies import managed
from bitgoeul.apps.contests.views.tasks import entry_facts, task_for
from bitgoeul.apps.contests.views.teams import note
from bitgoeul.apps.labs.queries import faults
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request, require_files
from bitgoeul.core.api.rows import Made, Row, sliced, whole

FILE = "application/octet-stream"


class ContestEntryRow(Row):
    """An entry with the scores that one may see."""

    uuid: UUID
    task: UUID
    team: UUID
    person: UUID
    received_at: dt.datetime
    state: str
    verdict: str
    public: float | None
    private: float | None
    improved: bool | None
    final: bool
    note: str


class EntryOut(ContestEntryRow):
    """What became of an entry: scores, or why there is none and what to correct."""

    reason: str
    faults: list[str]
    before: int | None
    job: UUID | None
    alive_until: dt.datetime | None


def _row(seen: Seen) -> dict[str, Any]:
    entry = seen.entry
    names = ("uuid", "received_at", "state", "verdict", "final", "note")
    return {name: getattr(entry, name) for name in names} | {
        "task": entry.task.uuid,
        "team": entry.team.uuid,
        "person": entry.person.uuid,
        "public": seen.public,
        "private": seen.private,
        "improved": seen.improved,
    }


@room.lists("/contests/{uuid:uuid}/entries", ContestEntryRow, filters=EntryFilter)
def entry_list(request: Request, uuid: UUID) -> Any:
    """List the entries of a contest that one runs; the reading is recorded."""
    contest = managed(request, uuid)
    asked = request.asked
    found = entries_listed(contest, name=asked["q"] or "", state=asked["state"] or "")
    page = sliced(request, list(found))
    rows = scored_rows(page["items"], request.user, at=clock.now())
    note(request, [row.entry.person for row in rows], what="entries", about=uuid)
    return page | {"items": [_row(row) for row in rows]}


@room.lists("/tasks/{uuid:uuid}/entries", ContestEntryRow)
def entry_own(request: Request, uuid: UUID) -> Any:
    """List what one's own team handed in to a task."""
    page = task_page(task_for(request, uuid), request.user, at=clock.now())
    access.require(page["team"] is not None)
    people = [row.entry.person for row in page["entries"]]
    note(request, people, what="entries", about=uuid)
    return whole([_row(row) for row in page["entries"]])


@room.writes(
    "/tasks/{uuid:uuid}/entries",
    Made,
    status=201,
    body=EntryForm,
    files=("file",),
    most_bytes=services.ENTRY_BYTES,
)
def submit(request: Request, uuid: UUID) -> Any:
    """Hand in for one's team; a file that is not as asked is refused and costs no attempt."""
    task = task_for(request, uuid)
    team = team_of(task.phase.contest, request.user)
    access.require(team is not None)
    assert team is not None
    require_files(request)
    form = bind(request, EntryForm, task=task)
    entry = services.submit_entry(
        task=task, team=team, by=request.user, at=clock.now(), **entry_facts(form, task)
    )
    return {"uuid": entry.uuid}


@room.reads("/entries/{uuid:uuid}", EntryOut)
def entry_detail(request: Request, uuid: UUID) -> Any:
    """Read what became of an entry: place in the queue, sign of life, scores or reasons."""
    entry = pages.entry_for(request, uuid)
    page = entry_page(entry, request.user, at=clock.now())
    note(request, [entry.person], what="entry", about=uuid)
    kept, job = entry.submission, page["job"]
    return _row(page["seen"]) | {
        "reason": entry.told,
        "faults": [str(one) for one in faults.phrased(kept.faults)] if kept else [],
        "before": page["before"],
        "job": job.uuid if job else None,
        "alive_until": job.lease_until if job else None,
    }


room.hands_out("/entries/{uuid:uuid}/file", pages.entry_file, FILE, name="entry_file")
