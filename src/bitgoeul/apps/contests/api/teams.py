"""Teams: registered, joined, led; listed for those who run the contest."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.api.room import room
from bitgoeul.apps.contests.forms import InviteForm, MergeForm, ReasonForm, TeamFilter, TeamForm
from bitgoeul.apps.contests.models import Invitation, Team
from bitgoeul.apps.contests.queries.eligibility import members_of
from bitgoeul.apps.contests.queries.teams import people_by_team, teams_listed
from bitgoeul.apps.contests.views import teams as pages
from bitgoeul.apps.contests.views.replies import contest_for, managed
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, sliced
from bitgoeul.core.api.values import Short


class TeamPerson(Row):
    """Somebody in a team."""

    uuid: UUID
    full_name: str


class ContestTeamRow(Row):
    """A team with its people."""

    uuid: UUID
    contest: UUID
    name: str
    state: str
    captain: UUID
    people: list[TeamPerson]


class InvitationOut(Row):
    """A link into a team."""

    uuid: UUID
    link: str
    expires_at: dt.datetime


class AgreedOut(Row):
    """Which texts one has agreed to now."""

    texts: Annotated[list[str], At("")]


class CaptainIn(Body):
    """Who is the captain from now on."""

    person: UUID


class MergeAnswerIn(Body):
    """`agree`, `decline` or `take_back`."""

    action: Short


class KeyIn(Body):
    """The key of an invitation, and whether one agrees to the texts of the contest."""

    key: Short
    agreed: bool = False


def _team(team: Team, people: list[User]) -> dict[str, Any]:
    return {
        "uuid": team.uuid,
        "contest": team.contest.uuid,
        "name": team.name,
        "state": team.state,
        "captain": team.captain.uuid,
        "people": [{"uuid": one.uuid, "full_name": one.full_name} for one in people],
    }


@room.lists("/contests/{uuid:uuid}/teams", ContestTeamRow, filters=TeamFilter)
def team_list(request: Request, uuid: UUID) -> Any:
    """List the teams of a contest that one runs; the reading is recorded."""
    contest = managed(request, uuid)
    asked = request.asked
    found = teams_listed(contest, name=asked["q"] or "", state=asked["state"] or "")
    page = sliced(request, list(found.select_related("contest")))
    people = people_by_team(page["items"])
    everybody = [one for some in people.values() for one in some]
    pages.note(request, everybody, what="teams", about=uuid)
    return page | {"items": [_team(team, people.get(team.pk, [])) for team in page["items"]]}


@room.reads("/contests/{uuid:uuid}/team", ContestTeamRow)
def team_own(request: Request, uuid: UUID) -> Any:
    """Read one's own team in a contest."""
    contest = contest_for(request, uuid)
    rows = Team.objects.select_related("contest", "captain")
    team = access.get(rows, rules.teams_of(request.user), contest=contest)
    people = members_of(team)
    pages.note(request, people, what="team", about=team.uuid)
    return _team(team, people)


@room.reads("/teams/{uuid:uuid}", ContestTeamRow)
def team_detail(request: Request, uuid: UUID) -> Any:
    """Read a team with its people."""
    team = pages.team_for(request, uuid)
    people = members_of(team)
    pages.note(request, people, what="team", about=uuid)
    return _team(team, people)


@room.writes("/contests/{uuid:uuid}/teams", Made, status=201, body=TeamForm)
def team_create(request: Request, uuid: UUID) -> Any:
    """Register a team; whoever does is its captain."""
    contest = contest_for(request, uuid)
    facts = bind(request, TeamForm).cleaned_data
    team = pages.register(contest=contest, **facts, by=request.user, at=clock.now())
    return {"uuid": team.uuid}


@room.writes("/contests/{uuid:uuid}/agreements", AgreedOut)
def terms_accept(request: Request, uuid: UUID) -> Any:
    """Agree to the newest texts of a contest."""
    contest, who = contest_for(request, uuid), request.user
    made = services.accept_terms(contest=contest, person=who, by=who, at=clock.now())
    return {"texts": [str(one.terms) for one in made]}


@room.writes("/teams/{uuid:uuid}/invitations", InvitationOut, status=201, body=InviteForm)
def team_invite(request: Request, uuid: UUID) -> Any:
    """Make a link into one's team; with an address a letter carries it."""
    team = pages.led(request, uuid)
    facts = bind(request, InviteForm).cleaned_data
    made = services.invite_member(team=team, **facts, by=request.user, at=clock.now())
    link = "" if made.email else services.link_of(made)
    return {"uuid": made.uuid, "link": link, "expires_at": made.expires_at}


@room.writes("/invitations/{uuid:uuid}/end", Made)
def invitation_revoke(request: Request, uuid: UUID) -> Any:
    """Take an invitation back."""
    rows = Invitation.objects.filter(team__in=Team.objects.filter(rules.teams_led_by(request.user)))
    invitation = access.get(rows.select_related("team"), access.EVERYBODY, uuid=uuid)
    services.revoke_invitation(invitation=invitation, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/invitations/use", Made, body=KeyIn)
def invitation(request: Request) -> Any:
    """Join a team by the key of an invitation."""
    said, who, at = given(request), request.user, clock.now()
    found = services.invitation_of(said.key, at=at)
    access.require(found is not None)
    assert found is not None
    if said.agreed:
        services.accept_terms(contest=found.team.contest, person=who, by=who, at=at)
    member = services.join_team(key=said.key, person=who, by=who, at=at)
    return {"uuid": member.team.uuid}


@room.writes("/teams/{uuid:uuid}/people/{uuid:person}/end", Made)
def member_leave(request: Request, uuid: UUID, person: UUID) -> Any:
    """Leave a team, or take somebody out of the team one leads."""
    team = pages.team_for(request, uuid)
    who = access.get(User.objects.filter(team_memberships__team=team), Q(uuid=person))
    access.require(who.pk == request.user.pk or rules.can_lead_team(request.user, team))
    services.leave_team(team=team, person=who, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/teams/{uuid:uuid}/captain", Made, method="PUT", body=CaptainIn)
def team_hand_over(request: Request, uuid: UUID) -> Any:
    """Make another member the captain."""
    team = pages.led(request, uuid)
    mates = User.objects.filter(pk__in=[one.pk for one in members_of(team)])
    to = access.get(mates, access.EVERYBODY, uuid=given(request).person)
    services.hand_over_team(team=team, to=to, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/teams/{uuid:uuid}/withdrawal", Made)
def team_withdraw(request: Request, uuid: UUID) -> Any:
    """End one's team's part in the contest."""
    services.withdraw_team(team=pages.led(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/teams/{uuid:uuid}/merges", Made, status=201, body=MergeForm)
def merge_ask(request: Request, uuid: UUID) -> Any:
    """Ask another team to join one's own."""
    team = pages.led(request, uuid)
    facts = bind(request, MergeForm, team=team).cleaned_data
    made = services.ask_merge(team=team, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/merges/{uuid:uuid}", Made, body=MergeAnswerIn)
def merge_answer(request: Request, uuid: UUID) -> Any:
    """Agree, decline, or take back what one asked."""
    merge, action, who = pages.merge_for(request, uuid), given(request).action, request.user
    if action not in pages.ANSWERS:
        raise Http404
    if action == "take_back":
        services.take_back_merge(merge=merge, by=who, at=clock.now())
    else:
        services.answer_merge(merge=merge, agree=action == "agree", by=who, at=clock.now())
    return {"uuid": uuid}


@room.writes("/teams/{uuid:uuid}/judgements/{slug:action}", Made, body=ReasonForm)
def team_judge(request: Request, uuid: UUID, action: Short) -> Any:
    """`exclude` or `readmit` a team, with the reason that it is told."""
    rows = Team.objects.select_related("contest")
    visible = rules.contests_managed_by(request.user, prefix="contest__")
    team = access.get(rows, visible, uuid=uuid)
    if action not in pages.JUDGED:
        raise Http404
    reason = bind(request, ReasonForm).cleaned_data["reason"]
    pages.JUDGED[action](team=team, reason=reason, by=request.user, at=clock.now())
    return {"uuid": uuid}
