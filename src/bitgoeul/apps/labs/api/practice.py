"""Trying out before it counts: one's own tries only."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.labs import rules, services
from bitgoeul.apps.labs.api.room import room, visible_lab
from bitgoeul.apps.labs.api.submissions import LabCheckRow
from bitgoeul.apps.labs.forms import SubmissionForm, content_of
from bitgoeul.apps.labs.models import Lab, Practice
from bitgoeul.apps.labs.queries import faults, feedback
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request, require_files
from bitgoeul.core.api.rows import At, Made, Row, one


class PracticeOut(Row):
    """What came of one's last try: the visible checks, or why there are none."""

    uuid: UUID
    name: str
    tried_at: dt.datetime
    state: str
    reason: str
    reason_code: str
    output: str
    job: Annotated[UUID | None, At("job_uuid")]
    checks: Annotated[list[LabCheckRow], At("")]
    faults: Annotated[list[str], At("")]


@room.writes(
    "/labs/{uuid:uuid}/practice",
    Made,
    status=202,
    body=SubmissionForm,
    files=("file",),
    most_bytes=services.SUBMISSION_DOOR.most_bytes,
)
def practise(request: Request, uuid: UUID) -> Any:
    """Try a file by the visible examples: it costs no attempt and counts nothing."""
    lab = _practised(request, uuid)
    require_files(request)
    door = services.SUBMISSION_DOOR
    content = content_of(bind(request, SubmissionForm, kind=lab.kind).cleaned_data["file"], door)
    made = services.receive_practice(
        lab=lab,
        person=request.user,
        name=content.name,
        content=content.data,
        by=request.user,
        at=clock.now(),
    )
    return {"uuid": made.uuid}


@room.reads("/labs/{uuid:uuid}/practice", PracticeOut)
def practice(request: Request, uuid: UUID) -> Any:
    """Read what came of one's last try."""
    last = _last(request, _practised(request, uuid))
    found = one(Practice.objects.all(), access.EVERYBODY, PracticeOut, uuid=last.uuid)
    return found | {
        "reason": last.told,
        "checks": [vars(line) for line in feedback.lines_of(last.checks)],
        "faults": [str(fault) for fault in faults.phrased(last.faults)],
    }


@room.writes("/labs/{uuid:uuid}/practice/handing-in", Made, status=202)
def practice_hand_in(request: Request, uuid: UUID) -> Any:
    """Hand in what one tried last, as it is."""
    last = _last(request, _practised(request, uuid))
    made = services.hand_in_practice(practice=last, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


def _practised(request: Request, uuid: UUID) -> Lab:
    lab = visible_lab(request, uuid)
    access.require(rules.can_practise_in_lab(request.user, lab))
    return lab


def _last(request: Request, lab: Lab) -> Practice:
    rows = Practice.objects.select_related("lab", "person").filter(lab=lab)
    return access.get(rows, rules.practices_visible_to(request.user), person=request.user.pk)
