"""Trying out: the visible examples only, at once, without an attempt and without a trace.

The last try of a person in a lab is kept for some days, so that it can be handed in as it is;
the next one takes its place. It costs no attempt, so it is limited otherwise: one at a time, with
a pause between two, and in the queue whatever counts goes first.
"""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import Failure, LabKind, LabState, PracticeState
from bitgoeul.apps.labs.models import Lab, LabFile, Practice, Submission
from bitgoeul.apps.labs.queries.kept import file_of, function_spec_of, read
from bitgoeul.apps.labs.services import grading
from bitgoeul.apps.labs.services.submissions import DOORS, admit, has_place, receive_submission
from bitgoeul.core import jobs, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.registry import resolve
from bitgoeul.core.journal.services import Change
from bitgoeul.runner import Mode

PAUSE = dt.timedelta(seconds=15)
"""So long after a try the next one is taken."""
KEPT = dt.timedelta(days=7)
# By its path: tasks stand above services, and only the queue looks the name up.
PRACTICE_TASK = "bitgoeul.apps.labs.tasks.try_practice"
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a try came to, before it is written."""

    practice: UUID
    graded: grading.Graded


def receive_practice(
    *, lab: Lab, person: User, name: str, content: bytes, by: User | None, at: dt.datetime
) -> Practice:
    """Take a file to be tried; the person's try before it goes.

    Deadlines and attempts do not matter, for nothing of it counts.

    Raises
    ------
    Refused
        When the lab has nothing to try, is not open, the person has no place, the file may not
        come in, or the last try is still running or was just now.
    """
    if lab.kind not in rules.PRACTISED_KINDS:
        raise Refused(_("In this lab there is nothing to try out."), code="wrong_kind")
    admit(name=name, content=content, door=DOORS[lab.kind])
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone tries out for themselves."))
    made = Practice(lab=lab, person=person, name=uploads.safe_name(name), tried_at=at)
    try:
        with transaction.atomic():
            _make_room(lab, person, at=at)
            made.file.save(made.name, ContentFile(content), save=False)
            job = jobs.enqueue(
                resolve(PRACTICE_TASK), by=by, at=at, dedupe=f"labs.practise:{made.uuid}",
                practice=str(made.uuid),
            )  # fmt: skip
            made.job_uuid = job.uuid
            made.save(force_insert=True)
            journal.record(
                event="practice.received", by=by, at=at, on=made, details={"lab": str(lab.uuid)}
            )
    except BaseException:
        # The row is gone with the transaction; the file must not outlive it.
        if made.file.name:
            made.file.storage.delete(made.file.name)
        raise
    return made


def try_out(*, practice: UUID) -> Tried:
    """Run the visible examples; slow, and changes nothing."""
    row = Practice.objects.select_related("lab").filter(uuid=practice).first()
    if row is None:
        return Tried(practice=practice, graded=grading.Graded(failure=Failure.LOST))
    try:
        return Tried(practice=practice, graded=_graded(row, read(row)))
    except OSError:
        return Tried(practice=practice, graded=grading.Graded(failure=Failure.UNREADABLE))


def record_practice(*, tried: Tried, at: dt.datetime) -> dict[str, object]:
    """Write what a try came to; one that was replaced meanwhile leaves nothing."""
    with transaction.atomic():
        rows = Practice.objects.select_for_update()
        row = rows.filter(uuid=tried.practice, state=PracticeState.QUEUED).first()
        if row is None:
            return {"state": "gone"}
        graded = tried.graded
        row.faults, row.checks, row.output = graded.found, graded.checks, graded.output
        if graded.failure:
            row.state, row.reason_code = PracticeState.FAILED, graded.failure
        else:
            row.state = PracticeState.REFUSED if graded.refused else PracticeState.DONE
        row.save()
        journal.record(event="practice.tried", by=None, at=at, on=row, details={"state": row.state})
    return {"state": row.state}


def hand_in_practice(*, practice: Practice, by: User | None, at: dt.datetime) -> Submission:
    """Hand in what was tried, as it is; from here on it counts.

    Raises
    ------
    Refused
        As `receive_submission` does, and when the file cannot be read any more.
    """
    if by is not None and not rules.can_view_practice(by, practice):
        raise Refused(_("Everyone hands in for themselves."))
    try:
        content = read(practice)
    except OSError as error:
        raise Refused(str(Failure.UNREADABLE.label), code=Failure.UNREADABLE) from error
    return receive_submission(
        lab=practice.lab, person=practice.person, name=practice.name, content=content, by=by, at=at
    )


def settle_practice(*, at: dt.datetime) -> dict[str, int]:
    """Forget tries that are old, and end those whose job ended without them."""
    with transaction.atomic():
        old = list(Practice.objects.select_for_update().filter(tried_at__lt=at - KEPT)[:_AT_ONCE])
        forgotten = [Change(on=row) for row in old]
        journal.record_many(event="practice.forgotten", by=None, at=at, changes=forgotten)
        for row in old:
            _forget(row)
        waiting = list(Practice.objects.filter(state=PracticeState.QUEUED)[:_AT_ONCE])
        live = _live(waiting)
        gone = [row.pk for row in waiting if row.job_uuid not in live]
        # A job that ended meanwhile has written its own end: what it wrote stands.
        still = Practice.objects.select_for_update().filter(state=PracticeState.QUEUED)
        lost = list(still.filter(pk__in=gone))
        for row in lost:
            row.state, row.reason_code = PracticeState.FAILED, Failure.LOST
        Practice.objects.bulk_update(lost, ["state", "reason_code"])
        ended = [Change(on=row, after={"state": row.state}) for row in lost]
        journal.record_many(event="practice.settled", by=None, at=at, changes=ended)
    return {"forgotten": len(old), "settled": len(lost)}


def _make_room(lab: Lab, person: User, *, at: dt.datetime) -> None:
    """Check what two tries at the same moment could both pass, under the lock of the place."""
    if not has_place(lab, person, at=at):
        raise Refused(_("You were not admitted to this lab."), code="not_admitted")
    state = Lab.objects.values_list("state", flat=True).get(pk=lab.pk)
    if state != LabState.OPEN or at < lab.opens_at:
        raise Refused(_("In this lab nothing can be tried now."), code="not_open")
    last = Practice.objects.filter(lab=lab, person=person).first()
    if last is None:
        return
    if last.state == PracticeState.QUEUED and _live([last]):
        raise Refused(_("Your last try is still running."), code="still_running")
    if at - last.tried_at < PAUSE:
        raise Refused(
            _("Wait %(seconds)s seconds between two tries.") % {"seconds": PAUSE.seconds},
            code="too_soon",
        )
    _forget(last)


def _forget(row: Practice) -> None:
    storage, name = row.file.storage, str(row.file.name)
    row.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _live(rows: list[Practice]) -> set[UUID]:
    jobs_of = [row.job_uuid for row in rows if row.job_uuid]
    found = Job.objects.filter(uuid__in=jobs_of, state__in=LIVE)
    return set(found.values_list("uuid", flat=True))


def _graded(row: Practice, content: bytes) -> grading.Graded:
    lab = row.lab
    if lab.kind == LabKind.FUNCTION:
        try:
            spec = function_spec_of(lab)
        except Refused:
            return grading.Graded(failure=Failure.CHECKS)
        spec = replace(spec, checks=spec.visible)
        return grading.grade_function(content.decode("utf-8", "replace"), spec, lab)
    source, data = file_of(lab, LabFile.Kind.SOURCE), file_of(lab, LabFile.Kind.DATA)
    asked = read(source) if source else b""
    files = {data.name: read(data)} if data else {}
    return grading.grade_notebook(content, asked, files, lab, Mode.PRACTICE)
