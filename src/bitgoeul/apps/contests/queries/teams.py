"""Teams as lists, and what a team's page shows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestState, MergeState
from bitgoeul.apps.contests.models import Contest, Merge, Team, TeamMember
from bitgoeul.apps.contests.queries.eligibility import missing_terms
from bitgoeul.core.db.matching import matches


def teams_listed(contest: Contest, *, name: str = "", state: str = "") -> QuerySet[Team]:
    """Return a contest's teams by a part of the name and a state, each with its `entry_count`."""
    found = Team.objects.filter(contest=contest).select_related("captain")
    if name:
        found = found.filter(matches(name, "name"))
    if state:
        found = found.filter(state=state)
    return found.annotate(entry_count=Count("entries")).order_by("name", "id")


def people_by_team(teams: Iterable[Team]) -> dict[int, list[User]]:
    """Return who is in each of several teams now, by the team's id."""
    found: dict[int, list[User]] = {}
    rows = TeamMember.objects.filter(team__in=list(teams), left_at__isnull=True)
    for row in rows.select_related("person").order_by("joined_at", "id"):
        found.setdefault(row.team_id, []).append(row.person)
    return found


def team_page(team: Team, user: User, people: list[User], *, at: dt.datetime) -> dict[str, Any]:
    """Return what a team's page shows to somebody who may see it."""
    contest = team.contest
    leads = rules.can_lead_team(user, team)
    inside = user.pk in {person.pk for person in people}
    running = contest.state in (ContestState.PUBLISHED, ContestState.RUNNING)
    invitations = team.invitations.filter(
        revoked_at__isnull=True, used_at__isnull=True, expires_at__gt=at
    )
    merges = Merge.objects.filter(Q(team=team) | Q(joining=team), state=MergeState.ASKED)
    return {
        "contest": contest,
        "team": team,
        "people": people,
        "leads": leads,
        "inside": inside,
        "runs": rules.can_manage_contest(user, contest),
        "missing": missing_terms(contest, user) if inside else [],
        "too_few": len(people) < contest.team_least,
        "invitations": list(invitations) if leads else [],
        "merges": list(merges.select_related("team", "joining")) if leads else [],
        "merges_open": leads and running and at <= contest.registration_closes_at,
        "may_change": running,
        "tasks": [
            (phase, list(phase.tasks.all())) for phase in contest.phases.prefetch_related("tasks")
        ],
    }
