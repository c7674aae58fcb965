"""A rejudge: a candidate scorer tries every entry, its differences are looked at, then it rules."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import workflow
from bitgoeul.apps.contests.enums import EntryState, ScorerState
from bitgoeul.apps.contests.models import Entry, Scorer, Task
from bitgoeul.apps.contests.services.ladder import add_rungs
from bitgoeul.apps.contests.services.notices import tell_everybody
from bitgoeul.apps.contests.services.phases import locked_phase
from bitgoeul.apps.contests.services.scoring import queue_rescore
from bitgoeul.apps.labs import services as labs
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def start_rejudge(
    *,
    task: Task,
    reason: str,
    by: User | None,
    at: dt.datetime,
    truth: labs.Content | None = None,
) -> Scorer:
    """Make a candidate scorer, with a corrected truth or the present engine, and try it.

    Raises
    ------
    Refused
        When one is being tried already, no reason is given, or the truth does not fit.
    """
    if not reason.strip():
        raise Refused(_("Say why: everybody who takes part is told."), code="no_reason")
    with transaction.atomic():
        locked_phase(task.phase, by)
        task = Task.objects.select_related("lab").get(pk=task.pk)
        if task.lab is None:
            raise Refused(_("This task takes no entries."), code="wrong_kind")
        if task.scorers.filter(state=ScorerState.CANDIDATE).exists():
            raise Refused(_("A scorer is being tried already."), code="tried")
        number = task.scorers.count() + 1
        lab = task.lab
        if truth is not None:
            key = f"{lab.key[:50]}-v{number}"
            lab = labs.copy_held_lab(lab=lab, key=key, truth=truth, by=by, at=at)
        scorer = Scorer.objects.create(
            task=task, number=number, lab=lab, reason=reason.strip()[:300], made_at=at
        )
        rows = list(Entry.objects.filter(task=task, state=EntryState.SCORED))
        for row in rows:
            queue_rescore(row, scorer, at=at)
        details = {"number": number, "entries": len(rows), "truth": truth is not None}
        journal.record(event="task.rejudge_started", by=by, at=at, on=task, details=details)
    return scorer


def switch_scorer(*, scorer: Scorer, by: User | None, at: dt.datetime) -> Scorer:
    """Let a candidate rule: from one moment to the next the board is by its scores.

    Raises
    ------
    Refused
        While an entry has no score by it yet, or waits for its first.
    """
    with transaction.atomic():
        phase = locked_phase(scorer.task.phase, by)
        row = _candidate(scorer)
        task = Task.objects.select_for_update(of=("self",)).get(pk=row.task_id)
        waiting = Entry.objects.filter(task=task, state=EntryState.QUEUED).exists()
        tried = row.scores.values("entry")
        untried = Entry.objects.filter(task=task, state=EntryState.SCORED).exclude(pk__in=tried)
        if waiting or untried.exists():
            raise Refused(_("Not every entry has been scored anew yet."), code="not_ready")
        for old in task.scorers.filter(state=ScorerState.CURRENT):
            old.state = workflow.go(workflow.SCORER, old.state, "replace")
            old.save(update_fields=["state"])
        row.state = workflow.go(workflow.SCORER, row.state, "switch")
        row.switched_at = at
        row.save(update_fields=["state", "switched_at"])
        task.lab = row.lab
        task.save(update_fields=["lab"])
        climbed = add_rungs(row, at=at)
        details = {"number": row.number, "reason": row.reason, "climbed": climbed}
        journal.record(event="task.scorer_switched", by=by, at=at, on=task, details=details)
        tell_everybody("contests.rejudged", phase.contest, at=at, reason=row.reason)
    return row


def drop_scorer(*, scorer: Scorer, by: User | None, at: dt.datetime) -> Scorer:
    """Give a candidate up; what it found stays written down."""
    with transaction.atomic():
        locked_phase(scorer.task.phase, by)
        row = _candidate(scorer)
        row.state = workflow.go(workflow.SCORER, row.state, "drop")
        row.save(update_fields=["state"])
        details = {"number": row.number}
        journal.record(event="task.scorer_dropped", by=by, at=at, on=row.task, details=details)
    return row


def _candidate(scorer: Scorer) -> Scorer:
    rows = Scorer.objects.select_for_update(of=("self",)).select_related("task", "lab")
    return rows.get(pk=scorer.pk)
