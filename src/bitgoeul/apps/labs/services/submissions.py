"""A prediction file is received: counted against the day's limit, kept, and put in the queue."""

import datetime as dt
import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.enums import LabState
from bitgoeul.apps.labs.models import Lab, Participant, Submission
from bitgoeul.apps.labs.queries import attempts_left
from bitgoeul.core import jobs, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import FileRefused
from bitgoeul.core.jobs.registry import resolve

DOOR = uploads.Door(suffixes=("csv", "txt"), most_bytes=5 * 1024 * 1024)
"""Larger than any table of predictions that the labs ask for."""

# By its path: tasks stand above services, and only the queue looks the name up.
SCORE_TASK = "bitgoeul.apps.labs.tasks.score_submission"


def receive_submission(
    *, lab: Lab, person: User, name: str, content: bytes, by: User | None, at: dt.datetime
) -> Submission:
    """Keep a prediction file and have it scored.

    Raises
    ------
    Refused
        When the person was not admitted, the lab takes nothing now, the file may not come in,
        or the day's attempts are used up.
    """
    admit(name=name, content=content, door=DOOR)
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone hands in for themselves."))
    submission = Submission(
        lab=lab,
        person=person,
        name=uploads.safe_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        received_at=at,
    )
    try:
        with transaction.atomic():
            _reserve(lab, person, at=at)
            submission.file.save(submission.name, ContentFile(content), save=False)
            submission.save(force_insert=True)
            enqueue_scoring(submission, by=by, at=at)
            journal.record(
                event="submission.received",
                by=by,
                at=at,
                on=submission,
                after={"lab": lab.uuid, "person": person.uuid, "sha256": submission.sha256},
                details={"lab": str(lab.uuid), "bytes": len(content)},
            )
    except BaseException:
        # The row is gone with the transaction; the file must not outlive it.
        if submission.file.name:
            submission.file.storage.delete(submission.file.name)
        raise
    return submission


def enqueue_scoring(submission: Submission, *, by: User | None, at: dt.datetime) -> None:
    """Put a submission in the queue and note its job."""
    job = jobs.enqueue(
        resolve(SCORE_TASK),
        by=by,
        at=at,
        dedupe=f"labs.score:{submission.uuid}",
        submission=str(submission.uuid),
    )
    submission.job_uuid = job.uuid
    submission.save(update_fields=["job_uuid"])


def admit(*, name: str, content: bytes, door: uploads.Door) -> None:
    """Let a file in by a door of the labs.

    Raises
    ------
    Refused
        With the gate's own words.
    """
    try:
        uploads.admit(content, name=name, door=door)
    except FileRefused as refusal:
        raise Refused(str(refusal), code=refusal.code) from refusal


def _reserve(lab: Lab, person: User, *, at: dt.datetime) -> None:
    """Check everything that two uploads at the same moment could both pass, under a lock."""
    place = Participant.objects.select_for_update().filter(lab=lab, person=person).first()
    if place is None:
        raise Refused(_("You were not admitted to this lab."), code="not_admitted")
    state = Lab.objects.values_list("state", flat=True).get(pk=lab.pk)
    if state != LabState.OPEN or at < lab.opens_at:
        raise Refused(_("This lab takes no submissions now."), code="not_open")
    if at > lab.closes_at:
        raise Refused(_("The deadline of this lab has passed."), code="too_late")
    if attempts_left(lab, person, at=at) <= 0:
        limit = lab.daily_limit
        raise Refused(
            ngettext(
                "You have used today's only attempt. Try again tomorrow.",
                "You have used today's %(limit)s attempts. Try again tomorrow.",
                limit,
            )
            % {"limit": limit},
            code="daily_limit",
        )
