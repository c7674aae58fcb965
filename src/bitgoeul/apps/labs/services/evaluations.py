"""From a kept file to a score. Evaluations are only ever added, never changed."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import rules, workflow
from bitgoeul.apps.labs.enums import Failure, LabKind, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, LabFile, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.queries.feedback import CheckResult
from bitgoeul.apps.labs.queries.kept import file_of, function_spec_of, read
from bitgoeul.apps.labs.services import bundle_runs, grading
from bitgoeul.apps.labs.services.notices import tell_settled
from bitgoeul.apps.labs.services.proving import prove_skills
from bitgoeul.apps.labs.services.submissions import enqueue_scoring
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job
from bitgoeul.engines import evidence
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import ENGINE_VERSION, ScoreResult, score

MOST_FAULTS = 100
_SETTLED_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What evaluating a submission came to: a score, faults of the file, or a fault of ours.

    `public` and `private` are scores on the two parts of a truth that is `split`.
    """

    submission: UUID
    scorer_version: str
    inputs_digest: str = ""
    score: float | None = None
    split: bool = False
    public: float | None = None
    private: float | None = None
    rows: int = 0
    found: tuple[faults.Fault, ...] = ()
    fault_count: int = 0
    failure: str = ""
    checks: tuple[CheckResult, ...] = ()
    output: str = ""


def evaluate(*, submission: UUID, against: Lab | None = None) -> Outcome:
    """Evaluate a kept file. Slow, changes nothing: `record_outcome` writes what came of it.

    `against` is another lab of the same task, such as one with a corrected truth.
    """
    row = Submission.objects.select_related("lab").get(uuid=submission)
    if against is not None:
        row.lab = against
    return _EVALUATIONS[row.lab.kind](row)


def _evaluate_prediction(row: Submission) -> Outcome:
    submission = row.uuid
    truth = LabFile.objects.filter(lab=row.lab, kind=LabFile.Kind.TRUTH).first()
    if truth is None:
        return Outcome(
            submission=submission,
            scorer_version=f"{ENGINE_VERSION}+none",
            failure=Failure.NO_TRUTH,
        )
    version = f"{ENGINE_VERSION}+{truth.sha256[:12]}"
    try:
        known, handed_in = read(truth), read(row)
    except OSError:
        return Outcome(
            submission=submission,
            scorer_version=version,
            failure=Failure.UNREADABLE,
        )
    return _scored(row, known, handed_in, version=version, truth_sha256=truth.sha256)


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


def _scored(
    row: Submission, truth: bytes, handed_in: bytes, *, version: str, truth_sha256: str
) -> Outcome:
    lab = row.lab
    inputs = {
        "truth": truth_sha256,
        "submission": row.sha256,
        "metric": lab.metric,
        "id": lab.id_column,
        "target": lab.target_column,
        "engine": ENGINE_VERSION,
    }
    if lab.usage_column:
        inputs["usage"] = lab.usage_column
    digest = evidence.digest(inputs)
    try:
        result = score(
            truth,
            handed_in,
            metric=lab.metric,
            id=lab.id_column,
            target=lab.target_column,
            usage=lab.usage_column or None,
        )
    except EngineError as error:
        return _not_scored(row, error, version=version)
    return _outcome(row, result, version=version, digest=digest)


def _not_scored(row: Submission, error: EngineError, *, version: str) -> Outcome:
    if error.file == "truth" or error.code == "unknown_metric":
        return Outcome(
            submission=row.uuid,
            scorer_version=version,
            failure=Failure.TRUTH,
        )
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        found=(faults.of_error(error),),
        fault_count=1,
    )


def _outcome(row: Submission, result: ScoreResult, *, version: str, digest: str) -> Outcome:
    found = [faults.of_row(error) for error in result.errors]
    if result.score is None and not found:
        found = [faults.undefined(row.lab.metric)]
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=digest,
        score=result.score,
        split=bool(row.lab.usage_column),
        public=result.public,
        private=result.private,
        rows=result.rows,
        found=tuple(found[:MOST_FAULTS]),
        fault_count=len(found),
    )


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


def _evaluate_function(row: Submission) -> Outcome:
    checks = file_of(row.lab, LabFile.Kind.CHECKS)
    version = f"{grading.FUNCTION_GRADER}+{checks.sha256[:12] if checks else 'none'}"
    try:
        spec, source = function_spec_of(row.lab), read(row).decode("utf-8", "replace")
    except (OSError, Refused):
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.CHECKS)
    graded = grading.grade_function(source, spec, row.lab)
    inputs = {
        "checks": checks.sha256 if checks else "",
        "submission": row.sha256,
        "seconds": row.lab.seconds,
        "memory": row.lab.memory_mb,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=None if graded.failure else graded.points,
        rows=len(graded.checks),
        failure=graded.failure,
        checks=graded.checks,
        output=graded.output,
    )


def _evaluate_notebook(row: Submission) -> Outcome:
    source = file_of(row.lab, LabFile.Kind.SOURCE)
    version = f"{grading.NOTEBOOK_GRADER}+{source.sha256[:12] if source else 'none'}"
    try:
        asked, content = read(source) if source else b"", read(row)
        data = file_of(row.lab, LabFile.Kind.DATA)
        files = {data.name: read(data)} if data else {}
    except OSError:
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.UNREADABLE)
    graded = grading.grade_notebook(content, asked, files, row.lab)
    inputs = {
        "source": source.sha256 if source else "",
        "data": data.sha256 if data else "",
        "submission": row.sha256,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=None if graded.failure or graded.refused else graded.points,
        rows=len(graded.checks),
        found=graded.found,
        fault_count=len(graded.found),
        failure=graded.failure,
        checks=graded.checks,
        output=graded.output,
    )


def _evaluate_bundle(row: Submission) -> Outcome:
    kept = file_of(row.lab, LabFile.Kind.BUNDLE)
    version = f"{bundle_runs.BUNDLE_RUNNER}+{kept.sha256[:12] if kept else 'none'}"
    try:
        bundle, content = read(kept) if kept else b"", read(row)
    except OSError:
        return Outcome(submission=row.uuid, scorer_version=version, failure=Failure.UNREADABLE)
    ran = bundle_runs.run(row.lab, bundle, content, name=row.name)
    inputs = {
        "bundle": kept.sha256 if kept else "",
        "task": row.lab.bundle_task,
        "submission": row.sha256,
        "engine": version,
    }
    return Outcome(
        submission=row.uuid,
        scorer_version=version,
        inputs_digest=evidence.digest(inputs),
        score=ran.score,
        found=ran.found,
        fault_count=len(ran.found),
        failure=ran.failure,
        output=ran.output,
    )


_EVALUATIONS: Mapping[str, Callable[[Submission], Outcome]] = {
    LabKind.PREDICTION: _evaluate_prediction,
    LabKind.FUNCTION: _evaluate_function,
    LabKind.NOTEBOOK: _evaluate_notebook,
    LabKind.BUNDLE: _evaluate_bundle,
}
"""How each kind of lab evaluates a file; answers in words wait for a person."""
