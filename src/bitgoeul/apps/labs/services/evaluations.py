"""What scoring came to is written. Evaluations are only ever added, never changed."""

import datetime as dt
import math
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import rules, workflow
from bitgoeul.apps.labs.enums import Failure, LabKind, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.services.notices import tell_settled
from bitgoeul.apps.labs.services.outcomes import Outcome
from bitgoeul.apps.labs.services.proving import prove_skills
from bitgoeul.apps.labs.services.submissions import enqueue_scoring
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job

_SETTLED_AT_ONCE = 1000


def record_outcome(*, outcome: Outcome, at: dt.datetime) -> dict[str, object]:
    """Write what scoring came to; returns the job's result."""
    row = Submission.objects.select_for_update(of=("self",)).get(uuid=outcome.submission)
    if row.state != SubmissionState.QUEUED:
        # The sweep or a second job was faster; what it wrote stands.
        return {"state": row.state}
    if outcome.failure:
        words = str(Failure(outcome.failure).label)
        fail_submission(submission=row, reason=words, code=outcome.failure, at=at)
    elif outcome.score is None:
        _refuse(row, outcome, at=at)
    else:
        record_evaluation(submission=row, outcome=outcome, at=at)
    row.refresh_from_db(fields=["state"])
    return {"state": row.state, "score": outcome.score}


def record_evaluation(*, submission: Submission, outcome: Outcome, at: dt.datetime) -> Evaluation:
    """Add the evaluation of one version of the scorer; the same version is recorded once.

    Raises
    ------
    Refused
        When there is no finite score: such a result would rank nowhere.
    """
    if outcome.score is None or not math.isfinite(outcome.score):
        raise Refused(_("There is no score to record."), code="no_score")
    with transaction.atomic():
        found, fresh = Evaluation.objects.get_or_create(
            submission=submission,
            scorer_version=outcome.scorer_version,
            defaults={
                "metric": submission.lab.metric,
                "score": outcome.score,
                "rows": outcome.rows,
                "inputs_digest": outcome.inputs_digest,
                "evaluated_at": at,
                "checks": list(outcome.checks),
                "output": outcome.output,
            },
        )
        _settle(submission, "score", reason="", found=outcome.found)
        if fresh:
            journal.record(
                event="submission.scored",
                by=None,
                at=at,
                on=submission,
                after={"score": found.score, "rows": found.rows},
                details={
                    "scorer": found.scorer_version,
                    "metric": found.metric,
                    "inputs": found.inputs_digest,
                },
            )
            prove_skills(submission, found, at=at)
            tell_settled(submission, scored=True, at=at)
    return found


def fail_submission(
    *, submission: Submission, reason: str, at: dt.datetime, code: str = ""
) -> Submission:
    """End a submission that could not be evaluated through no fault of its owner."""
    with transaction.atomic():
        _settle(submission, "fail", reason=reason, found=(), code=code)
        journal.record(
            event="submission.failed",
            by=None,
            at=at,
            on=submission,
            after={"reason": reason},
            details={"code": code},
        )
        tell_settled(submission, scored=False, at=at)
    return submission


def rescore(*, lab: Lab, by: User | None, at: dt.datetime) -> int:
    """Have every settled submission of a lab scored again; returns how many.

    Earlier evaluations stay; with the same scorer and truth nothing new is recorded.
    """
    if by is not None and not rules.can_manage_lab(by, lab):
        raise Refused(_("You may not run this lab."))
    if lab.kind == LabKind.ANSWERS:
        raise Refused(_("Answers in words are marked by a person."), code="wrong_kind")
    with transaction.atomic():
        settled = list(
            Submission.objects.select_for_update().filter(
                lab=lab, state__in=(SubmissionState.SCORED, SubmissionState.FAILED)
            )
        )
        for row in settled:
            row.state = workflow.submission_after(row.state, "rescore")
            row.save(update_fields=["state"])
            enqueue_scoring(row, by=by, at=at)
        journal.record(
            event="lab.rescored", by=by, at=at, on=lab, details={"submissions": len(settled)}
        )
    return len(settled)


def settle_stuck(*, at: dt.datetime) -> int:
    """End queued submissions whose job has ended or is gone; returns how many.

    A job that was killed too often, ran out of time or was stopped leaves its submission queued:
    this gives it a final state and the job's reason.
    """
    # What a held lab was handed, its room has evaluated and settles.
    waiting = Submission.objects.filter(state=SubmissionState.QUEUED, lab__held_by_kind="")
    uuids = [uuid for uuid in waiting.values_list("job_uuid", flat=True)[:_SETTLED_AT_ONCE] if uuid]
    known = {job.uuid: job for job in Job.objects.filter(uuid__in=uuids)}
    settled = 0
    for row in waiting[:_SETTLED_AT_ONCE]:
        job = known.get(row.job_uuid) if row.job_uuid else None
        if job is not None and job.state in LIVE:
            continue
        settled += _settle_one(row, job, at=at)
    return settled


def _settle_one(row: Submission, job: Job | None, *, at: dt.datetime) -> int:
    with transaction.atomic():
        fresh = Submission.objects.select_for_update().get(pk=row.pk)
        # Scored meanwhile, or queued anew under another job: then this is none of our business.
        if fresh.state != SubmissionState.QUEUED or fresh.job_uuid != row.job_uuid:
            return 0
        told = job.reason if job else ""
        code = "" if told else Failure.LOST
        reason = told or str(Failure.LOST.label)
        fail_submission(submission=fresh, reason=reason, code=code, at=at)
    return 1


def _refuse(row: Submission, outcome: Outcome, *, at: dt.datetime) -> None:
    count = outcome.fault_count
    reason = ngettext(
        "%(count)s fault was found in the file.", "%(count)s faults were found in the file.", count
    ) % {"count": count}
    with transaction.atomic():
        _settle(row, "refuse", reason=reason, found=outcome.found)
        journal.record(
            event="submission.refused",
            by=None,
            at=at,
            on=row,
            details={"faults": count, "codes": sorted({f["code"] for f in outcome.found})},
        )
        tell_settled(row, scored=False, at=at)


def _settle(
    row: Submission, action: str, *, reason: str, found: Sequence[faults.Fault], code: str = ""
) -> None:
    row.state = workflow.submission_after(row.state, action)
    row.reason, row.reason_code = reason[:500], code
    row.faults = list(found)
    row.save(update_fields=["state", "reason", "reason_code", "faults"])
