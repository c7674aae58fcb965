"""Teams are made, joined, left, handed over; the organiser excludes and readmits."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules, workflow
from bitgoeul.apps.contests.enums import ContestState, TeamState
from bitgoeul.apps.contests.models import Contest, Entry, Team, TeamMember
from bitgoeul.apps.contests.queries.eligibility import members_of, reasons_against, team_of
from bitgoeul.apps.contests.queries.pages import registration_open
from bitgoeul.apps.contests.services.notices import tell_team
from bitgoeul.apps.contests.services.permission import check, require
from bitgoeul.apps.contests.services.terms import require_terms
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def create_team(
    *, contest: Contest, name: str, person: User, by: User | None, at: dt.datetime
) -> Team:
    """Register a team; whoever does is its captain.

    Raises
    ------
    Refused
        When registration is not open, the person may not take part, is in a team, or has not
        agreed to the texts.
    """
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone takes part for themselves."), code="not_allowed")
    with transaction.atomic():
        contest = Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
        if not registration_open(contest, at=at):
            raise Refused(_("Registration is not open now."), code="not_open")
        require_admission(contest, person)
        team = Team(contest=contest, name=" ".join(name.split()), captain=person, made_at=at)
        check(team)
        team.save(force_insert=True)
        _take_in(team, person, at=at)
        details = {"contest": str(contest.uuid)}
        journal.record(
            event="team.created", by=by, at=at, on=team, after=team_state(team), details=details
        )
    return team


def require_admission(contest: Contest, person: User, *, team: Team | None = None) -> None:
    """Refuse whoever may not take part, is in a team already, or played for another.

    Whoever handed in for `team` and left may come back to it.
    """
    if rules.can_manage_contest(person, contest):
        raise Refused(_("Whoever runs the contest does not take part."), code="not_eligible")
    require_terms(contest, person)
    if reasons := reasons_against(contest, person):
        raise Refused(" ".join(reasons), code="not_eligible")
    if team_of(contest, person) is not None:
        raise Refused(_("You are in a team of this contest already."), code="in_team")
    played = Entry.objects.filter(team__contest=contest, person=person)
    if played.exclude(team=team).exists():
        told = _("You have handed in with another team; nobody plays for two teams.")
        raise Refused(told, code="in_team")


def add_member(*, team: Team, person: User, by: User | None, at: dt.datetime) -> TeamMember:
    """Put somebody into a team that has room; the caller holds the team's lock."""
    require_admission(team.contest, person, team=team)
    if len(members_of(team)) >= team.contest.team_most:
        raise Refused(_("The team is full."), code="full")
    member = _take_in(team, person, at=at)
    journal.record(event="team.joined", by=by, at=at, on=team, after={"person": person.uuid})
    return member


def _take_in(team: Team, person: User, *, at: dt.datetime) -> TeamMember:
    try:
        with transaction.atomic():
            return TeamMember.objects.create(
                contest=team.contest, team=team, person=person, joined_at=at
            )
    except IntegrityError as error:
        # Joined another team at the same moment, under that team's lock.
        raise Refused(_("You are in a team of this contest already."), code="in_team") from error


def leave_team(*, team: Team, person: User, by: User | None, at: dt.datetime) -> Team:
    """Take somebody out of a team: themselves, or by its captain. The last one ends the team.

    Raises
    ------
    Refused
        When the captain would leave others behind: they hand over first.
    """
    with transaction.atomic():
        team = locked_team(team)
        if by is not None and by.pk != person.pk:
            require(by, rules.can_lead_team, team)
        _require_unsettled(team)
        row = TeamMember.objects.filter(team=team, person=person, left_at__isnull=True).first()
        if row is None:
            raise Refused(_("This person is not in the team."), code="not_in_team")
        others = [one for one in members_of(team) if one.pk != person.pk]
        if person.pk == team.captain_id and others:
            raise Refused(_("Hand the team over to somebody first."), code="captain")
        row.left_at = at
        row.save(update_fields=["left_at"])
        if not others:
            team.state = workflow.go(workflow.TEAM, team.state, "withdraw")
            team.save(update_fields=["state"])
        journal.record(
            event="team.left", by=by, at=at, on=team, after={"person": person.uuid},
            details={"ended": not others},
        )  # fmt: skip
    return team


def hand_over_team(*, team: Team, to: User, by: User | None, at: dt.datetime) -> Team:
    """Make another member the captain."""
    with transaction.atomic():
        team = locked_team(team)
        require(by, rules.can_lead_team, team)
        if to.pk not in {one.pk for one in members_of(team)}:
            raise Refused(_("This person is not in the team."), code="not_in_team")
        before = team_state(team)
        team.captain = to
        team.save(update_fields=["captain"])
        journal.record(
            event="team.handed_over", by=by, at=at, on=team, before=before, after=team_state(team)
        )
    return team


def withdraw_team(*, team: Team, by: User | None, at: dt.datetime) -> Team:
    """End a team's part in the contest; its entries stay, and rank no more."""
    with transaction.atomic():
        team = locked_team(team)
        require(by, rules.can_lead_team, team)
        _require_unsettled(team)
        return _move(team, "withdraw", reason="", by=by, at=at)


def exclude_team(*, team: Team, reason: str, by: User | None, at: dt.datetime) -> Team:
    """Disqualify a team, with the reason that it is told; its entries stay, and rank no more."""
    return _judge(team, "disqualify", reason=reason, by=by, at=at)


def readmit_team(*, team: Team, reason: str, by: User | None, at: dt.datetime) -> Team:
    """Take a disqualification back, with the reason that the team is told."""
    return _judge(team, "readmit", reason=reason, by=by, at=at)


def team_state(team: Team) -> dict[str, object]:
    """What of a team the journal digests."""
    return {
        "name": team.name,
        "captain": team.captain.uuid,
        "state": team.state,
        "reason": team.reason,
        "merged_into": team.merged_into.uuid if team.merged_into else None,
    }


def locked_team(team: Team) -> Team:
    """Take a team under a lock."""
    rows = Team.objects.select_for_update(of=("self",)).select_related("contest", "captain")
    return rows.get(pk=team.pk)


def _judge(team: Team, action: str, *, reason: str, by: User | None, at: dt.datetime) -> Team:
    if not reason.strip():
        raise Refused(_("Say why: the team is told."), code="no_reason")
    with transaction.atomic():
        team = locked_team(team)
        require(by, rules.can_manage_contest, team.contest)
        team = _move(team, action, reason=reason.strip(), by=by, at=at)
        tell_team(f"contests.{action}", team, at=at, reason=team.reason)
    return team


def _move(team: Team, action: str, *, reason: str, by: User | None, at: dt.datetime) -> Team:
    before = team_state(team)
    team.state = workflow.go(workflow.TEAM, team.state, action)
    team.reason = reason[:300]
    team.save(update_fields=["state", "reason"])
    journal.record(
        event=f"team.{action}", by=by, at=at, on=team, before=before, after=team_state(team)
    )
    return team


def _require_unsettled(team: Team) -> None:
    if team.contest.state in (ContestState.JUDGING, ContestState.CLOSED):
        raise Refused(_("The contest is being judged: teams stay as they are."), code="wrong_state")
    if team.state != TeamState.ACTIVE:
        raise Refused(_("The team does not take part any more."), code="wrong_state")
