"""What somebody has to do: given, done with evidence, dropped with a reason, reminded of."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules
from bitgoeul.apps.alliance.enums import ActionState
from bitgoeul.apps.alliance.models import (
    Action,
    Committee,
    Decision,
    Meeting,
    Organisation,
    Seat,
    User,
)
from bitgoeul.apps.alliance.services.committee_news import tell_members, tell_owner
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import FileRefused

NEAR = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A file as it came: its name and its bytes."""

    name: str
    content: bytes


def give_action(
    *,
    committee: Committee,
    text: str,
    owner: User,
    organisation: Organisation,
    due_on: dt.date,
    by: User | None,
    at: dt.datetime,
    meeting: Meeting | None = None,
    decision: Decision | None = None,
) -> Action:
    """Give somebody something to do until a day; they are told."""
    if by is not None and not rules.can_give_action(by, committee):
        raise Refused(_("Actions are given by chair, deputy and secretary."))
    if decision is not None:
        meeting = meeting or decision.meeting
    if any(one is not None and one.committee_id != committee.pk for one in (meeting, decision)):
        raise Refused(_("Meeting and decision must be of this committee."))
    if not owner.is_active or not _acts_for(owner, organisation, committee, on=at.date()):
        raise Refused(_("The owner does not act for that organisation."))
    action = Action(
        committee=committee,
        meeting=meeting,
        decision=decision,
        text=text,
        owner=owner,
        organisation=organisation,
        due_on=due_on,
        created_at=at,
    )
    with transaction.atomic():
        check(action)
        action.save(force_insert=True)
        journal.record(
            event="action.given", by=by, at=at, on=action, after=_state(action), details=_of(action)
        )
        tell_owner("committee.action_given", action=action, at=at)
    return action


def _acts_for(
    owner: User, organisation: Organisation, committee: Committee, *, on: dt.date
) -> bool:
    held = owner.memberships.on(on).filter(organisation=organisation)
    seated = Seat.objects.on(on).filter(
        committee=committee, person=owner, organisation=organisation
    )
    return held.exists() or seated.exists()


def finish_action(
    *, action: Action, evidence: str, by: User, at: dt.datetime, paper: Paper | None = None
) -> Action:
    """Say that something is done, and what shows it: words, and a file if there is one."""
    if not rules.can_settle_action(by, action):
        raise Refused(_("This is settled already, or not yours to settle."))
    if not evidence.strip():
        raise Refused(_("Say what shows that it is done."))
    if paper is not None:
        admit_paper(paper)
    return _settle(action, ActionState.DONE, evidence, by=by, at=at, paper=paper)


def drop_action(*, action: Action, reason: str, by: User, at: dt.datetime) -> Action:
    """Say that something is not to be done any more, and why."""
    if not rules.can_drop_action(by, action):
        raise Refused(_("This is settled already, or not yours to settle."))
    if not reason.strip():
        raise Refused(_("Say why this is not to be done any more."))
    return _settle(action, ActionState.DROPPED, reason, by=by, at=at)


def _settle(
    action: Action,
    state: ActionState,
    outcome: str,
    *,
    by: User,
    at: dt.datetime,
    paper: Paper | None = None,
) -> Action:
    before = _state(action)
    try:
        with transaction.atomic():
            fresh = Action.objects.select_for_update().get(pk=action.pk)
            if fresh.state != ActionState.OPEN:
                raise Refused(_("This is settled already, or not yours to settle."))
            action.state, action.outcome = state, outcome.strip()
            action.settled_at, action.settled_by = at, by
            if paper is not None:
                action.file_name = uploads.safe_name(paper.name)
                action.file_sha256 = hashlib.sha256(paper.content).hexdigest()
                action.file.save(action.file_name, ContentFile(paper.content), save=False)
            check(action)
            action.save()
            journal.record(
                event=f"action.{state.value}",
                by=by,
                at=at,
                on=action,
                before=before,
                after=_state(action),
                details=_of(action),
            )
    except BaseException:
        # The row is as it was; the file must not outlive it.
        if paper is not None and action.file.name:
            action.file.storage.delete(action.file.name)
        raise
    return action


def admit_paper(paper: Paper) -> None:
    """Let a paper in by the one gate.

    Raises
    ------
    Refused
        With the gate's own words.
    """
    try:
        uploads.admit_paper(paper.content, name=paper.name)
    except FileRefused as refusal:
        raise Refused(str(refusal), code=refusal.code) from refusal


def remind_committees(*, on: dt.date, at: dt.datetime) -> int:
    """Tell owners what is overdue (once a week) and members which meeting is near (once)."""
    late = list(queries.overdue_actions(on=on))
    year, week, _weekday = on.isocalendar()
    for action in late:
        once = f"{action.uuid}:{year}-{week:02d}"
        tell_owner("committee.action_overdue", action=action, at=at, once=once)
    near = queries.meetings_between(at, at + NEAR)
    for meeting in near:
        people = [row.seat.person for row in meeting.presences.all()]
        once = f"{meeting.uuid}:{meeting.changes}"
        tell_members("committee.soon", meeting=meeting, people=people, at=at, once=once)
    return len(late) + len(near)


def _of(action: Action) -> dict[str, object]:
    return {
        "committee": str(action.committee.uuid),
        "decision": action.decision.key if action.decision else None,
        "due_on": action.due_on.isoformat(),
    }


def _state(action: Action) -> dict[str, object]:
    return {
        "text": action.text,
        "owner": action.owner.uuid,
        "organisation": action.organisation.uuid,
        "due_on": action.due_on,
        "state": action.state,
        "outcome": action.outcome,
        "file": action.file_sha256,
    }
