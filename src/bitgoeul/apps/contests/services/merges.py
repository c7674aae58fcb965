"""Two teams become one when both captains agree, and one team could have handed in as often."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules, workflow
from bitgoeul.apps.contests.enums import ContestState, MergeState, TeamState
from bitgoeul.apps.contests.models import Entry, Merge, Team, TeamMember
from bitgoeul.apps.contests.queries.eligibility import members_of
from bitgoeul.apps.contests.queries.quota import merge_fits
from bitgoeul.apps.contests.services.notices import tell_person
from bitgoeul.apps.contests.services.permission import require
from bitgoeul.apps.contests.services.teams import team_state
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def ask_merge(*, team: Team, joining: Team, by: User, at: dt.datetime) -> Merge:
    """Ask another team to join one's own; its captain answers.

    Raises
    ------
    Refused
        When the merge would not be possible now, or is asked already.
    """
    with transaction.atomic():
        team, joining = _both(team, joining)
        require(by, rules.can_lead_team, team)
        _check(team, joining, at=at)
        if Merge.objects.filter(team=team, joining=joining, state=MergeState.ASKED).exists():
            raise Refused(_("You have asked this team already."), code="asked")
        merge = Merge.objects.create(team=team, joining=joining, asked_at=at)
        details = {"joining": str(joining.uuid)}
        journal.record(event="team.merge_asked", by=by, at=at, on=team, details=details)
        tell_person("contests.merge_asked", joining.captain, joining, at=at, other=team.name)
    return merge


def answer_merge(*, merge: Merge, agree: bool, by: User, at: dt.datetime) -> Merge:
    """Agree or decline, as the captain who was asked; agreed, the two are one at once."""
    with transaction.atomic():
        row = _locked(merge)
        require(by, rules.can_lead_team, row.joining)
        row.state = workflow.go(workflow.MERGE, row.state, "agree" if agree else "decline")
        row.answered_at = at
        if agree:
            _check(row.team, row.joining, at=at)
            _join(row.team, row.joining, by=by, at=at)
        row.save(update_fields=["state", "answered_at"])
        event = "team.merged" if agree else "team.merge_declined"
        details = {"joining": str(row.joining.uuid)}
        journal.record(event=event, by=by, at=at, on=row.team, details=details)
        message = "contests.merged" if agree else "contests.merge_declined"
        tell_person(message, row.team.captain, row.team, at=at, other=row.joining.name)
    return row


def take_back_merge(*, merge: Merge, by: User, at: dt.datetime) -> Merge:
    """Take back what one asked."""
    with transaction.atomic():
        row = _locked(merge)
        require(by, rules.can_lead_team, row.team)
        row.state = workflow.go(workflow.MERGE, row.state, "take_back")
        row.answered_at = at
        row.save(update_fields=["state", "answered_at"])
        journal.record(event="team.merge_taken_back", by=by, at=at, on=row.team)
    return row


def _join(team: Team, joining: Team, *, by: User, at: dt.datetime) -> None:
    before = team_state(joining)
    people = members_of(joining)
    open_rows = TeamMember.objects.filter(team=joining, left_at__isnull=True)
    open_rows.update(left_at=at)
    TeamMember.objects.bulk_create(
        TeamMember(contest=team.contest, team=team, person=person, joined_at=at)
        for person in people
    )
    # The entries go along: they count against the limits of the team that stays.
    moved = Entry.objects.filter(team=joining).update(team=team, final=False)
    team.phases.add(*joining.phases.all())
    # Two statements: SQLite's planner fails on the OR of both over partial indexes.
    for others in (Merge.objects.filter(team=joining), Merge.objects.filter(joining=joining)):
        waiting = others.filter(state=MergeState.ASKED).exclude(team=team)
        waiting.update(state=MergeState.DECLINED, answered_at=at)
    joining.state = workflow.go(workflow.TEAM, joining.state, "merge")
    joining.merged_into = team
    joining.save(update_fields=["state", "merged_into"])
    journal.record(
        event="team.merged_away", by=by, at=at, on=joining, before=before,
        after=team_state(joining), details={"entries": moved, "people": len(people)},
    )  # fmt: skip


def _check(team: Team, joining: Team, *, at: dt.datetime) -> None:
    contest = team.contest
    if team.pk == joining.pk or joining.contest_id != contest.pk:
        raise Refused(_("Only two teams of one contest merge."), code="invalid")
    if {team.state, joining.state} != {TeamState.ACTIVE}:
        raise Refused(_("The team does not take part any more."), code="wrong_state")
    running = contest.state in (ContestState.PUBLISHED, ContestState.RUNNING)
    if not running or at > contest.registration_closes_at:
        raise Refused(_("Teams merge until registration closes."), code="not_open")
    if len(members_of(team)) + len(members_of(joining)) > contest.team_most:
        told = _("Together there would be more than %(most)s people.")
        raise Refused(told % {"most": contest.team_most}, code="full")
    for phase in contest.phases.all():
        if not merge_fits(phase, [team, joining], at=at):
            told = _("Together the teams have handed in more often than one team could have.")
            raise Refused(told, code="quota")


def _locked(merge: Merge) -> Merge:
    rows = Merge.objects.select_for_update(of=("self",)).select_related("team", "joining")
    row = rows.get(pk=merge.pk)
    row.team, row.joining = _both(row.team, row.joining)
    return row


def _both(team: Team, joining: Team) -> tuple[Team, Team]:
    # In the order of their numbers, so that two merges at once never wait for each other.
    rows = Team.objects.select_for_update(of=("self",)).select_related("contest", "captain")
    held = {one.pk: one for one in rows.filter(pk__in=(team.pk, joining.pk)).order_by("pk")}
    return held[team.pk], held[joining.pk]
