"""Entries as lists and pages, with the scores that the reader may see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestState, EntryState
from bitgoeul.apps.contests.models import Contest, Entry, Phase, Task
from bitgoeul.apps.contests.queries.eligibility import missing_terms, team_of
from bitgoeul.apps.contests.queries.pages import is_in_phase
from bitgoeul.apps.contests.queries.quota import left_altogether, left_today
from bitgoeul.apps.contests.queries.visibility import Viewer, scores_seen, viewer_of
from bitgoeul.apps.labs.enums import METRIC_EXPLANATIONS, Metric
from bitgoeul.apps.labs.models import LabFile
from bitgoeul.apps.labs.rules import HIDDEN_KINDS
from bitgoeul.core.db.matching import matches
from bitgoeul.core.jobs.enums import State
from bitgoeul.core.jobs.models import Job

SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An entry with the scores that its reader may see.

    `improved` is whether the public score is its own; None where every score is shown as it is.
    """

    entry: Entry
    public: float | None = None
    private: float | None = None
    improved: bool | None = None


def with_scores(entries: list[Entry], phase: Phase, viewer: Viewer) -> list[Seen]:
    """Return entries of a phase with the scores that a viewer may see; one statement."""
    rows = scores_seen(phase, viewer).filter(entry__in=entries)
    names: tuple[str, ...] = ("entry_id", "seen_public", "seen_private", "seen_improved")
    known = {row[0]: row[1:] for row in rows.values_list(*names)}
    nothing = (None, None, None)
    return [
        Seen(
            entry=entry,
            public=known.get(entry.pk, nothing)[0],
            private=known.get(entry.pk, nothing)[1],
            improved=known.get(entry.pk, nothing)[2],
        )
        for entry in entries
    ]


def task_page(task: Task, user: Any, *, at: dt.datetime) -> dict[str, Any]:
    """Return what a task's page shows: the task to everybody, to a team what is its own."""
    phase, contest, lab = task.phase, task.phase.contest, task.lab
    files = LabFile.objects.filter(lab=lab).exclude(kind__in=HIDDEN_KINDS)
    team = team_of(contest, user) if user.is_authenticated else None
    context: dict[str, Any] = {
        "contest": contest,
        "phase": phase,
        "task": task,
        "lab": lab,
        "files": list(files),
        "metric": Metric(lab.metric) if lab else None,
        "metric_explained": METRIC_EXPLANATIONS[Metric(lab.metric)] if lab else "",
        "runs": rules.can_manage_contest(user, contest),
        "team": team,
        "takes": contest.state == ContestState.RUNNING and phase.opens_at <= at <= phase.closes_at,
    }
    if team is None:
        return context
    entries = Entry.objects.filter(team=team, task=task).select_related("person", "submission")
    viewer = viewer_of(phase, user, at=at)
    return context | {
        "in_phase": is_in_phase(team, phase),
        "missing": missing_terms(contest, user),
        "left": left_today(phase, team, at=at),
        "left_altogether": left_altogether(phase, team),
        "entries": with_scores(_newest_and_final(entries), phase, viewer),
        "sight": viewer.own,
        "may_choose": contest.state == ContestState.RUNNING and phase.advanced_at is None,
    }


def _newest_and_final(entries: QuerySet[Entry]) -> list[Entry]:
    """The newest, and older ones that count: saving the choice must not forget them."""
    newest = list(entries[:SHOWN])
    if len(newest) < SHOWN:
        return newest
    return newest + list(entries.filter(final=True).exclude(pk__in=[one.pk for one in newest]))


def entries_listed(contest: Contest, *, name: str = "", state: str = "") -> QuerySet[Entry]:
    """Return a contest's entries, newest first, by a part of the team's name and a state."""
    found = Entry.objects.filter(team__contest=contest)
    if name:
        found = found.filter(matches(name, "team__name"))
    if state:
        found = found.filter(state=state)
    near = ("team", "task__phase", "person", "submission", "phase__contest")
    return found.select_related(*near)


def scored_rows(entries: list[Entry], user: Any, *, at: dt.datetime) -> list[Seen]:
    """Return entries of several phases with the scores that a person may see, in their order."""
    found: dict[int, Seen] = {}
    phases = {entry.phase_id: entry.phase for entry in entries}
    for phase in phases.values():
        own = [entry for entry in entries if entry.phase_id == phase.pk]
        seen = with_scores(own, phase, viewer_of(phase, user, at=at))
        found |= {one.entry.pk: one for one in seen}
    return [found[entry.pk] for entry in entries]


def entry_page(entry: Entry, user: Any, *, at: dt.datetime) -> dict[str, Any]:
    """Return what an entry's page shows to somebody who may see it."""
    phase = entry.phase
    viewer = viewer_of(phase, user, at=at)
    job = Job.objects.filter(uuid=entry.job_uuid).first() if entry.job_uuid else None
    waits = entry.state == EntryState.QUEUED and job is not None
    return {
        "contest": entry.team.contest,
        "entry": entry,
        "seen": with_scores([entry], phase, viewer)[0],
        "sight": viewer.of(entry.team_id),
        "job": job if waits else None,
        "before": waiting_before(job) if waits and job is not None else None,
        "runs": viewer.organiser,
        "own": rules.is_in_team(user, entry.team),
    }


def waiting_before(job: Job) -> int | None:
    """Return how many jobs are taken before one that waits; None once it runs."""
    if job.state != State.READY:
        return None
    ready = Job.objects.filter(state=State.READY)
    return ready.filter(priority__gt=job.priority).count() + (
        ready.filter(priority=job.priority, pk__lt=job.pk).count()
    )
