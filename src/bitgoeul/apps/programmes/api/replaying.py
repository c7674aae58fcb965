"""Verdicts applied once more."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.api.room import only, room
from bitgoeul.apps.programmes.queries.replaying import Replay, replays_of
from bitgoeul.apps.programmes.views.loading import enrolment_for, note_reading
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import Row


class VerdictDifference(Row):
    """One thing that the replay says otherwise."""

    what: str
    stored: str
    again: str


class ReplayOut(Row):
    """A stored verdict, and whether its own rules say the same of its own inputs."""

    verdict: UUID
    version: int
    decided_at: dt.datetime
    completed: bool
    inputs_digest: str
    same: bool
    differences: list[VerdictDifference]


class ReplaysOut(Row):
    """The verdicts on one person, newest first."""

    enrolment: UUID
    replays: list[ReplayOut]


@room.reads("/enrolments/{uuid:uuid}/replay", ReplaysOut)
def enrolment_replay(request: Request, uuid: UUID) -> Any:
    """Apply the rules of each verdict to its stored inputs once more; the reading is recorded."""
    enrolment = enrolment_for(rules.enrolments_visible_to(request.user), uuid)
    note_reading(request, [enrolment.person.uuid], what="enrolment_replay")  # type: ignore[arg-type]  # both doors
    return {"enrolment": uuid, "replays": [_shown(found) for found in replays_of(enrolment)]}


def _shown(found: Replay) -> dict[str, Any]:
    verdict = found.verdict
    return {
        "verdict": verdict.uuid,
        "version": verdict.rule_set.version,
        "decided_at": verdict.decided_at,
        "completed": verdict.completed,
        "inputs_digest": verdict.inputs_digest,
        "same": found.same,
        "differences": [only(each, VerdictDifference) for each in found.differences],
    }
