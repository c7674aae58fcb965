"""Background work for programs: how far it is, and stopping it."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.core import access, clock
from bitgoeul.core.api.rooms import Request, Room
from bitgoeul.core.api.rows import At, Row, one

from . import rules, services
from .enums import State
from .models import Job

room = Room("jobs", title=_("Background work"))


class JobOut(Row):
    """How far a job is, and why it ended."""

    uuid: UUID
    state: State
    done: Annotated[int, At("progress_done")]
    total: Annotated[int, At("progress_total")]
    note: Annotated[str, At("progress_note")]
    reason: str
    cancel_requested: bool
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class Stopped(Row):
    """Whether asking to stop changed something."""

    stopped: bool


@room.reads("/{uuid:uuid}", JobOut)
def job_detail(request: Request, uuid: UUID) -> Any:
    """Read how far a job is."""
    return one(Job.objects.all(), rules.jobs_visible_to(request.user), JobOut, uuid=uuid)


@room.writes("/{uuid:uuid}/cancellation", Stopped)
def job_cancel(request: Request, uuid: UUID) -> Any:
    """Ask a job to stop."""
    job = access.get(Job.objects.all(), rules.jobs_visible_to(request.user), uuid=uuid)
    return {"stopped": services.cancel(job, at=clock.now())}
