"""Who may what: each yes/no beside the filter that gives the same answer for a list.

A contest is run by officers of its owner and of a city or university party of its agreement.
Everybody reads what was announced; drafts are read by those who run the contest.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.models import Organisation, Party, User
from bitgoeul.apps.alliance.rules import PUBLIC_KINDS, is_officer, officer_organisations
from bitgoeul.apps.contests.enums import ContestState, TeamState
from bitgoeul.core import access
from bitgoeul.core.access import NOBODY

Anyone = User | AnonymousUser


def contests_managed_by(user: Anyone, *, prefix: str = "") -> Q:
    """Filter beside `can_manage_contest`; `prefix` leads to the contest."""
    if not is_officer(user):
        return NOBODY
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    signed = Party.objects.filter(organisation__in=public).values("agreement")
    return Q(**{f"{prefix}owner__in": officer_organisations(user)}) | Q(
        **{f"{prefix}agreement__in": signed}
    )


def can_manage_contest(user: Anyone, contest: Any) -> bool:
    """Those who run a contest change it, read every score, and judge what was flagged."""
    if contest.owner_id in officer_organisations(user):
        return True
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    if contest.agreement_id is None or not public:
        return False
    signed = Party.objects.filter(organisation__in=public, agreement=contest.agreement_id)
    return access.once(user, ("contest-party", contest.agreement_id), signed.exists)


def contests_visible_to(user: Anyone, *, prefix: str = "") -> Q:
    """Filter beside `can_view_contest`."""
    announced = ~Q(**{f"{prefix}state": ContestState.DRAFT})
    managed = contests_managed_by(user, prefix=prefix)
    return announced if managed is NOBODY else announced | managed


def can_view_contest(user: Anyone, contest: Any) -> bool:
    """Everybody reads what was announced; a draft whoever runs it."""
    return contest.state != ContestState.DRAFT or can_manage_contest(user, contest)


def can_create_contest(user: Anyone) -> bool:
    """Officers make contests, for their own organisations."""
    return is_officer(user)


def can_create_contest_for(user: Anyone, owner: Organisation) -> bool:
    """Tell whether a person makes contests for this organisation."""
    return owner.pk in officer_organisations(user)


def contest_owners_for(user: Anyone) -> Q:
    """Filter beside `can_create_contest_for`: the organisations one may make contests for."""
    return Q(pk__in=officer_organisations(user))


def teams_of(user: Anyone) -> Q:
    """Filter beside `is_in_team`: the teams that a person is in."""
    if not isinstance(user, User):
        return NOBODY
    return Q(memberships__person=user, memberships__left_at__isnull=True)


def is_in_team(user: Anyone, team: Any) -> bool:
    """Tell whether a person is in a team now."""
    if not isinstance(user, User):
        return False
    return bool(team.memberships.filter(person=user, left_at__isnull=True).exists())


def can_lead_team(user: Anyone, team: Any) -> bool:
    """The captain invites, hands over, merges and withdraws, as long as the team takes part."""
    return isinstance(user, User) and user.pk == team.captain_id and team.state == TeamState.ACTIVE


def teams_led_by(user: Anyone) -> Q:
    """Filter beside `can_lead_team`."""
    if not isinstance(user, User):
        return NOBODY
    return Q(captain=user, state=TeamState.ACTIVE)


def can_view_team(user: Anyone, team: Any) -> bool:
    """Who is in a team, and who runs the contest, sees its people and entries."""
    return is_in_team(user, team) or can_manage_contest(user, team.contest)


def teams_visible_to(user: Anyone) -> Q:
    """Filter beside `can_view_team`."""
    return teams_of(user) | contests_managed_by(user, prefix="contest__")


def can_submit_for_team(user: Anyone, team: Any) -> bool:
    """Everybody in a team that takes part hands in for it."""
    return team.state == TeamState.ACTIVE and is_in_team(user, team)


def can_view_entry(user: Anyone, entry: Any) -> bool:
    """Whoever sees the team sees its entries; what of the scores, the policy says."""
    return can_view_team(user, entry.team)


def entries_visible_to(user: Anyone) -> Q:
    """Filter beside `can_view_entry`."""
    managed = contests_managed_by(user, prefix="team__contest__")
    if not isinstance(user, User):
        return NOBODY
    mine = Q(team__memberships__person=user, team__memberships__left_at__isnull=True)
    return mine | managed


def can_answer_question(user: Anyone, question: Any) -> bool:
    """Those who run the contest answer."""
    return can_manage_contest(user, question.contest)


def questions_visible_to(user: Anyone) -> Q:
    """Filter beside `can_view_question`: what was answered, one's own, all to those who run it."""
    answered = Q(answered_at__isnull=False, hidden=False) & ~Q(contest__state=ContestState.DRAFT)
    managed = contests_managed_by(user, prefix="contest__")
    own = Q(asked_by=user) if isinstance(user, User) else NOBODY
    return answered | own | managed


def can_view_question(user: Anyone, question: Any) -> bool:
    """Everybody reads what was answered; the rest who asked, and who runs the contest."""
    if isinstance(user, User) and question.asked_by_id == user.pk:
        return True
    if can_manage_contest(user, question.contest):
        return True
    public = question.answered_at is not None and not question.hidden
    return bool(public and question.contest.state != ContestState.DRAFT)


def tasks_visible_to(user: Anyone, *, at: dt.datetime) -> Q:
    """Filter beside `can_view_task`."""
    begun = Q(phase__opens_at__lte=at) & ~Q(phase__contest__state=ContestState.DRAFT)
    return begun | contests_managed_by(user, prefix="phase__contest__")


def can_view_task(user: Anyone, task: Any, *, at: dt.datetime) -> bool:
    """Everybody reads a task and takes its data once its phase has begun."""
    contest = task.phase.contest
    begun = task.phase.opens_at <= at and contest.state != ContestState.DRAFT
    return bool(begun or can_manage_contest(user, contest))
