"""What is handed in is received: counted against the limits, kept, and put in the queue."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.enums import LabKind, LabState
from bitgoeul.apps.labs.models import Lab, Participant, Submission
from bitgoeul.apps.labs.queries import attempts_left, attempts_left_altogether
from bitgoeul.core import jobs, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import FileRefused
from bitgoeul.core.jobs.registry import resolve

DOOR = uploads.Door(suffixes=("csv", "txt"), most_bytes=5 * 1024 * 1024)
"""Larger than any table of predictions that the labs ask for."""
BUNDLE_DOOR = uploads.Door(
    suffixes=("zip", "csv", "tsv", "txt", "json", "jsonl", "py", "npy", "npz", "h5", "predict"),
    most_bytes=30 * 1024 * 1024,
)
"""For bundles of other platforms: the runner opens it, within bounds and behind walls."""
DOORS: Mapping[str, uploads.Door] = {
    LabKind.BUNDLE: BUNDLE_DOOR,
    LabKind.PREDICTION: DOOR,
    LabKind.FUNCTION: uploads.Door(suffixes=("py",), most_bytes=200_000),
    LabKind.NOTEBOOK: uploads.Door(suffixes=("ipynb",), most_bytes=5 * 1024 * 1024),
}
"""What each kind of lab takes."""
OPEN_LAB = "labs.lab"
"""Who admitted a participant of an open lab: the lab itself."""

# By its path: tasks stand above services, and only the queue looks the name up.
SCORE_TASK = "bitgoeul.apps.labs.tasks.score_submission"


def receive_submission(
    *, lab: Lab, person: User, name: str, content: bytes, by: User | None, at: dt.datetime
) -> Submission:
    """Keep a file and have it evaluated.

    Raises
    ------
    Refused
        When the person was not admitted, the lab takes nothing now, the file may not come in,
        or the day's attempts are used up.
    """
    if lab.kind not in DOORS:
        raise Refused(_("This lab asks for answers in words, not for a file."), code="wrong_kind")
    admit(name=name, content=content, door=DOORS[lab.kind])
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone hands in for themselves."))
    submission = Submission(
        lab=lab,
        person=person,
        name=uploads.safe_name(name),
        received_at=at,
    )
    return keep_submission(submission, content, by=by, at=at, queue=True)


def keep_submission(
    submission: Submission, content: bytes, *, by: User | None, at: dt.datetime, queue: bool
) -> Submission:
    """Count, keep and journal what was handed in, in one transaction; the door was passed."""
    lab, person = submission.lab, submission.person
    submission.sha256 = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            _reserve(lab, person, at=at)
            submission.file.save(submission.name, ContentFile(content), save=False)
            submission.save(force_insert=True)
            if queue:
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
        if door is BUNDLE_DOOR:
            uploads.check_name(name, door)
            uploads.check_size(len(content), door)
        else:
            uploads.admit(content, name=name, door=door)
    except FileRefused as refusal:
        raise Refused(str(refusal), code=refusal.code) from refusal


def _reserve(lab: Lab, person: User, *, at: dt.datetime) -> None:
    """Check everything that two uploads at the same moment could both pass, under a lock."""
    if not has_place(lab, person, at=at):
        raise Refused(_("You were not admitted to this lab."), code="not_admitted")
    state = Lab.objects.values_list("state", flat=True).get(pk=lab.pk)
    if state != LabState.OPEN or at < lab.opens_at:
        raise Refused(_("This lab takes no submissions now."), code="not_open")
    if at > lab.closes_at:
        raise Refused(_("The deadline of this lab has passed."), code="too_late")
    if attempts_left_altogether(lab, person) == 0:
        raise Refused(_("You have used all attempts of this lab."), code="total_limit")
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


def has_place(lab: Lab, person: User, *, at: dt.datetime) -> bool:
    """Lock the person's place; in a lab that is open to everybody, give them one first."""
    if lab.open_to_all:
        Participant.objects.get_or_create(
            lab=lab,
            person=person,
            defaults={
                "admitted_at": at,
                "admitted_by_kind": OPEN_LAB,
                "admitted_by_uuid": lab.uuid,
            },
        )
    rows = Participant.objects.select_for_update().filter(lab=lab, person=person)
    return rows.first() is not None
