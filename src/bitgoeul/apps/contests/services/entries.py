"""An entry comes in: the attempt is reserved, the file kept and queued, in one transaction."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestState, EntryState, ExternalData
from bitgoeul.apps.contests.models import Entry, Phase, Task, Team
from bitgoeul.apps.contests.queries.eligibility import members_of
from bitgoeul.apps.contests.queries.pages import is_in_phase
from bitgoeul.apps.contests.queries.quota import left_altogether, left_today
from bitgoeul.apps.contests.queries.visibility import viewer_of
from bitgoeul.apps.contests.services.permission import require
from bitgoeul.apps.contests.services.teams import locked_team
from bitgoeul.apps.contests.services.terms import require_terms
from bitgoeul.apps.labs import services as labs
from bitgoeul.core import jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve

ENTRY_DOORS = labs.SUBMISSION_DOORS
"""What each kind of task takes."""
ENTRY_BYTES = max(door.most_bytes for door in ENTRY_DOORS.values())
DATA_BYTES = labs.LAB_DOOR.most_bytes

# By its path: tasks stand above services, and only the queue looks the name up.
SCORE_TASK = "bitgoeul.apps.contests.tasks.score_entry"


def submit_entry(
    *,
    task: Task,
    team: Team,
    name: str,
    content: bytes,
    by: User,
    at: dt.datetime,
    note: str = "",
    external_data: str = "",
    queued: bool = True,
) -> Entry:
    """Take an entry of a team, hold it against the limits, and queue it to be scored.

    A file that is not as asked is refused before it is an entry: it costs no attempt. Without
    `queued` the caller scores it before its transaction ends; else the sweep gives it back.

    Raises
    ------
    Refused
        When the phase takes nothing now, the team is not in it, its attempts are used up, a text
        was not agreed to, or the file may not come in.
    """
    if task.lab is None:
        raise Refused(_("This task takes no entries."), code="wrong_kind")
    # What is cheap to ask is asked first, and again under the lock.
    _reserve(task.phase, team, by, external_data, at=at)
    labs.check_file(lab=task.lab, name=name, content=content)
    submission = None
    try:
        with transaction.atomic():
            team = locked_team(team)
            # A switch of scorers waits for this row, and this waits for a switch.
            lab = Task.objects.select_for_update(of=("self",)).get(pk=task.pk).lab
            _reserve(task.phase, team, by, external_data, at=at)
            submission = labs.receive_for_holder(
                lab=lab or task.lab, person=by, name=name, content=content, by=by, at=at
            )
            entry = Entry(
                phase=task.phase,
                task=task,
                team=team,
                person=by,
                submission=submission,
                note=note[:200],
                external_data=external_data[:1000],
                received_at=at,
            )
            entry.save(force_insert=True)
            if queued:
                queue_entry(entry, by=by, at=at)
            details = {"task": str(task.uuid), "team": str(team.uuid), "bytes": len(content)}
            journal.record(
                event="entry.received", by=by, at=at, on=entry,
                after={"sha256": submission.sha256}, details=details,
            )  # fmt: skip
    except BaseException:
        # The rows are gone with the transaction; the file must not outlive them.
        if submission is not None and submission.file.name:
            submission.file.storage.delete(submission.file.name)
        raise
    return entry


def queue_entry(entry: Entry, *, by: User | None, at: dt.datetime) -> None:
    """Put an entry in the queue and note its job; the caller records why."""
    job = jobs.enqueue(
        resolve(SCORE_TASK), by=by, at=at, dedupe=f"contests.score:{entry.uuid}",
        entry=str(entry.uuid),
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(job_uuid=job.uuid)
    entry.job_uuid = job.uuid


def choose_finals(
    *, team: Team, task: Task, entries: list[Entry], by: User, at: dt.datetime
) -> list[Entry]:
    """Say which scored entries of a task count in the end; none means the best public ones.

    Raises
    ------
    Refused
        When there are more than the phase lets count, one is not scored, or it is too late.
    """
    with transaction.atomic():
        team = locked_team(team)
        require(by, rules.can_submit_for_team, team)
        if team.contest.state != ContestState.RUNNING or task.phase.advanced_at is not None:
            raise Refused(_("Final entries cannot be chosen any more."), code="too_late")
        if viewer_of(task.phase, by, at=at).own.private:
            raise Refused(_("Private scores are shown: it is too late to choose."), code="too_late")
        if len(entries) > task.phase.finals:
            told = _("At most %(most)s entries count.") % {"most": task.phase.finals}
            raise Refused(told, code="too_many")
        own = [one for one in entries if one.team_id == team.pk and one.task_id == task.pk]
        if len(own) < len(entries) or any(one.state != EntryState.SCORED for one in own):
            raise Refused(_("Only scored entries of the team can count."), code="invalid")
        mine = Entry.objects.filter(team=team, task=task)
        mine.update(final=False)
        mine.filter(pk__in=[one.pk for one in own]).update(final=True)
        details = {"task": str(task.uuid), "entries": sorted(str(one.uuid) for one in own)}
        journal.record(event="team.finals_chosen", by=by, at=at, on=team, details=details)
    return own


def _reserve(phase: Phase, team: Team, person: User, external: str, *, at: dt.datetime) -> None:
    """Check everything that two entries at the same moment could both pass, under the lock."""
    contest = team.contest
    require(person, rules.can_submit_for_team, team)
    if contest.pk != phase.contest_id:
        raise Refused(_("Your team did not get into this phase."), code="not_in_phase")
    if contest.state != ContestState.RUNNING or at < phase.opens_at:
        raise Refused(_("This phase takes no entries now."), code="not_open")
    if at > phase.closes_at:
        raise Refused(_("The deadline of this phase has passed."), code="too_late")
    if not is_in_phase(team, phase):
        raise Refused(_("Your team did not get into this phase."), code="not_in_phase")
    if len(members_of(team)) < contest.team_least:
        told = _("A team of this contest has at least %(least)s people.")
        raise Refused(told % {"least": contest.team_least}, code="too_few")
    if rules.can_manage_contest(person, contest):
        raise Refused(_("Whoever runs the contest does not take part."), code="not_eligible")
    require_terms(contest, person)
    if external.strip() and contest.external_data == ExternalData.NONE:
        raise Refused(_("This contest allows no data from elsewhere."), code="external_data")
    if left_altogether(phase, team) == 0:
        raise Refused(_("Your team has used all entries of this phase."), code="total_limit")
    if left_today(phase, team, at=at) <= 0:
        limit = phase.daily_limit
        raise Refused(
            ngettext(
                "Your team has used today's only entry. Try again tomorrow.",
                "Your team has used today's %(limit)s entries. Try again tomorrow.",
                limit,
            )
            % {"limit": limit},
            code="daily_limit",
        )
