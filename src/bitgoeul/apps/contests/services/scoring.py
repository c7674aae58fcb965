"""From a kept entry to its score. Scores are only ever added; an entry is settled once."""

import datetime as dt
import math
from collections import Counter
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.contests import workflow
from bitgoeul.apps.contests.enums import EntryState, ScorerState, Verdict
from bitgoeul.apps.contests.models import Entry, Score, Scorer, Team
from bitgoeul.apps.contests.services.ladder import add_rung
from bitgoeul.apps.contests.services.notices import tell_entry
from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.enums import Failure, SubmissionState
from bitgoeul.apps.labs.queries import faults
from bitgoeul.core import jobs, journal
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.registry import resolve

RESCORE_TASK = "bitgoeul.apps.contests.tasks.rescore_entry"
_AT_ONCE = 1000
_SCORER_FAULTS = (
    Failure.NO_TRUTH, Failure.TRUTH, Failure.CHECKS, Failure.SOURCE, Failure.BUNDLE, Failure.SCORER,
)  # fmt: skip
# How a program of a bundle ended, in the runner's codes; everything else is a matter of form.
_BUNDLE_VERDICTS = {
    "bundle:time": Verdict.TIME,
    "bundle:memory": Verdict.MEMORY,
    "bundle:error": Verdict.RUNTIME,
    "bundle:crashed": Verdict.RUNTIME,
    "bundle:output": Verdict.RUNTIME,
    "bundle:disk": Verdict.RUNTIME,
    "bundle:no_answer": Verdict.RUNTIME,
    "bundle:package_missing": Verdict.RUNTIME,
}
_RUN_VERDICTS = {
    "time": Verdict.TIME,
    "memory": Verdict.MEMORY,
    "crashed": Verdict.RUNTIME,
    "raised": Verdict.RUNTIME,
    "output": Verdict.RUNTIME,
}


def evaluate_entry(*, entry: UUID) -> labs.Outcome:
    """Evaluate a kept entry by the scorer in force. Slow, and changes nothing."""
    row = Entry.objects.select_related("submission", "task__lab").get(uuid=entry)
    assert row.submission is not None  # a task with a lab always keeps a submission
    return labs.evaluate(submission=row.submission.uuid, against=row.task.lab)


def evaluate_entry_by(*, entry: UUID, scorer: UUID) -> labs.Outcome:
    """Evaluate a kept entry by a candidate. Slow, and changes nothing."""
    row = Entry.objects.select_related("submission").get(uuid=entry)
    judge = Scorer.objects.select_related("lab").get(uuid=scorer)
    assert row.submission is not None  # the same
    return labs.evaluate(submission=row.submission.uuid, against=judge.lab)


def record_result(*, entry: UUID, outcome: labs.Outcome, at: dt.datetime) -> dict[str, object]:
    """Write what scoring came to, together with the end of the job; returns the job's result."""
    with transaction.atomic():
        # The team first, as whoever merges teams does: its entries climb the board one by one.
        Team.objects.select_for_update(of=("self",)).get(entries__uuid=entry)
        row = _locked(entry)
        if row.state != EntryState.QUEUED:
            # The sweep or a second job was faster; what it wrote stands.
            return {"state": row.state}
        labs.record_outcome(outcome=outcome, at=at)
        verdict, reason = verdict_of(outcome)
        if verdict == Verdict.SCORED:
            scorer = Scorer.objects.select_related("lab").get(
                task=row.task, state=ScorerState.CURRENT
            )
            _add_score(row, scorer, outcome, at=at)
            _settle(row, "score", verdict, "", at=at)
            _queue_for_candidate(row, at=at)
        elif verdict in (Verdict.PLATFORM, Verdict.SCORER):
            _settle(row, "fail", verdict, reason, at=at)
        else:
            _settle(row, "refuse", verdict, reason, at=at)
    return {"state": row.state, "verdict": row.verdict}


def record_rescore(
    *, entry: UUID, scorer: UUID, outcome: labs.Outcome, at: dt.datetime
) -> dict[str, object]:
    """Add what a candidate scorer found for an entry; the board does not change by it."""
    with transaction.atomic():
        row = _locked(entry)
        judge = Scorer.objects.get(uuid=scorer)
        if judge.state != ScorerState.CANDIDATE:
            return {"added": False}
        if verdict_of(outcome)[0] == Verdict.PLATFORM:
            # Not tried: a row would count as one. The sweep asks for it again.
            return {"added": False}
        added = _add_score(row, judge, outcome, at=at)
    return {"added": added}


def verdict_of(outcome: labs.Outcome) -> tuple[Verdict, str]:
    """Return how an entry ended, typed, with the reason in words."""
    if outcome.failure:
        ours = Verdict.SCORER if outcome.failure in _SCORER_FAULTS else Verdict.PLATFORM
        return ours, str(Failure(outcome.failure).label)
    if outcome.score is None and outcome.found:
        ended = _BUNDLE_VERDICTS.get(outcome.found[0]["code"])
        if ended is not None:
            return ended, faults.phrase(outcome.found[0])
    if outcome.score is None or not math.isfinite(outcome.score):
        return Verdict.FORMAT, _("What was handed in is not as asked; below is what to correct.")
    if outcome.checks and outcome.score <= 0:
        counted = Counter(_RUN_VERDICTS.get(check["code"]) for check in outcome.checks)
        verdict, number = counted.most_common(1)[0]
        if verdict is not None and number == len(outcome.checks):
            return verdict, str(verdict.label)
    if public_of(outcome) is None:
        return Verdict.SCORER, _("The metric is not defined on the public part of the truth.")
    return Verdict.SCORED, ""


def public_of(outcome: labs.Outcome) -> float | None:
    """Return the score that the board uses; what is not a number is none."""
    return _finite(outcome.public if outcome.split else outcome.score)


def private_of(outcome: labs.Outcome) -> float | None:
    """Return the score that counts in the end; without a split it is the same."""
    return _finite(outcome.private if outcome.split else outcome.score)


def settle_entries(*, at: dt.datetime) -> int:
    """End queued entries whose job has ended or is gone; the attempt is given back."""
    waiting = Entry.objects.filter(state=EntryState.QUEUED).order_by("pk")[:_AT_ONCE]
    rows = list(waiting)
    uuids = [row.job_uuid for row in rows if row.job_uuid]
    known = {job.uuid: job for job in Job.objects.filter(uuid__in=uuids)}
    settled = 0
    _queue_untried(at=at)
    for row in rows:
        job = known.get(row.job_uuid) if row.job_uuid else None
        if job is None or job.state not in LIVE:
            settled += _give_back(row, job, at=at)
    return settled


def _queue_untried(*, at: dt.datetime) -> None:
    """Queue again what a candidate has not tried because its job ended without a score."""
    for scorer in Scorer.objects.filter(state=ScorerState.CANDIDATE).select_related("task"):
        scored = Entry.objects.filter(task=scorer.task, state=EntryState.SCORED)
        for row in scored.exclude(scores__scorer=scorer)[:_AT_ONCE]:
            key = rescore_key(row, scorer)
            if not Job.objects.filter(dedupe=key, state__in=LIVE).exists():
                queue_rescore(row, scorer, at=at)


def _give_back(row: Entry, job: Job | None, *, at: dt.datetime) -> int:
    with transaction.atomic():
        fresh = _locked(row.uuid)
        # Scored meanwhile, or queued anew under another job: then this is none of our business.
        if fresh.state != EntryState.QUEUED or fresh.job_uuid != row.job_uuid:
            return 0
        reason = job.reason if job and job.reason else _("The task that should score it is gone.")
        if fresh.submission is not None and fresh.submission.state == SubmissionState.QUEUED:
            labs.fail_submission(submission=fresh.submission, reason=reason, at=at)
        _settle(fresh, "fail", Verdict.PLATFORM, reason, at=at)
    return 1


def _settle(row: Entry, action: str, verdict: Verdict, reason: str, *, at: dt.datetime) -> None:
    row.state = workflow.go(workflow.ENTRY, row.state, action)
    row.verdict, row.reason, row.settled_at = verdict, reason[:500], at
    row.save(update_fields=["state", "verdict", "reason", "settled_at"])
    journal.record(
        event=f"entry.{action}", by=None, at=at, on=row, details={"verdict": str(verdict)}
    )
    scored = row.state == EntryState.SCORED
    tell_entry("contests.settled" if scored else "contests.not_scored", row, at=at)


def _add_score(row: Entry, scorer: Scorer, outcome: labs.Outcome, *, at: dt.datetime) -> bool:
    found, fresh = Score.objects.get_or_create(
        entry=row,
        scorer=scorer,
        defaults={
            "version": outcome.scorer_version,
            "public": public_of(outcome),
            "private": private_of(outcome),
            "rows": outcome.rows,
            "note": str(outcome.failure)[:300],
            "inputs_digest": outcome.inputs_digest,
            "scored_at": at,
        },
    )
    if fresh:
        # A candidate's scores climb when it begins to rule, in the order of handing in.
        rung = add_rung(found, at=at) if scorer.state == ScorerState.CURRENT else None
        details = {"scorer": scorer.number, "version": found.version, "task": str(row.task.uuid)}
        journal.record(
            event="entry.score_added", by=None, at=at, on=row,
            after={"public": found.public, "private": found.private,
                   "shown": rung.shown if rung else found.public}, details=details,
        )  # fmt: skip
    return fresh


def _queue_for_candidate(row: Entry, *, at: dt.datetime) -> None:
    for scorer in Scorer.objects.filter(task=row.task, state=ScorerState.CANDIDATE):
        queue_rescore(row, scorer, at=at)


def rescore_key(row: Entry, scorer: Scorer) -> str:
    """Name the job that tries a candidate on an entry: one lives at a time."""
    return f"contests.rescore:{scorer.uuid}:{row.uuid}"


def queue_rescore(row: Entry, scorer: Scorer, *, at: dt.datetime) -> None:
    """Have an entry scored by a candidate, too; the caller records why."""
    jobs.enqueue(
        resolve(RESCORE_TASK), by=None, at=at, dedupe=rescore_key(row, scorer),
        entry=str(row.uuid), scorer=str(scorer.uuid),
    )  # fmt: skip


def _locked(entry: UUID) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",))
    return rows.select_related("task__phase", "team__contest", "person", "submission__lab").get(
        uuid=entry
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
