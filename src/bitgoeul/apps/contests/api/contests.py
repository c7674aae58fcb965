"""Contests, phases, policies and texts."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404

from bitgoeul.apps.contests import queries, rules, services
from bitgoeul.apps.contests.api.room import room
from bitgoeul.apps.contests.forms import (
    ContestChangesForm,
    ContestFilter,
    ContestForm,
    NewPhaseForm,
    PhaseForm,
    PolicyForm,
    TermsForm,
)
from bitgoeul.apps.contests.models import Contest, Phase, ScorePolicy, Terms
from bitgoeul.apps.contests.views.contests import STEPS
from bitgoeul.apps.contests.views.replies import contest_for, managed, managed_phase
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.api.values import Short


class ContestRow(Row):
    """A contest in a list."""

    uuid: UUID
    key: str
    kind: str
    title_ko: str
    title_en: str
    owner: Annotated[UUID, At("owner__uuid")]
    state: str
    registration_opens_at: dt.datetime
    registration_closes_at: dt.datetime


class PhaseRow(Row):
    """A phase of a contest."""

    uuid: UUID
    number: int
    title_ko: str
    title_en: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    daily_limit: int
    total_limit: int | None
    finals: int
    advances: int
    board: str


class TermsRow(Row):
    """A version of a text to agree to."""

    uuid: UUID
    kind: str
    version: int
    text_ko: str
    text_en: str
    published_at: dt.datetime


class PolicyRow(Row):
    """From when on an audience sees what."""

    phase: Annotated[UUID, At("phase__uuid")]
    audience: str
    public_score: str
    private_score: str
    rank: str


class ContestOut(ContestRow):
    """A contest with its texts and phases."""

    summary_ko: str
    summary_en: str
    text_ko: str
    text_en: str
    prizes_ko: str
    prizes_en: str
    prize_places: int
    agreement: Annotated[UUID | None, At("agreement__uuid")]
    team_least: int
    team_most: int
    age_from: int | None
    age_to: int | None
    regions: list[str]
    external_data: str
    phases: Annotated[list[PhaseRow], At("")]
    policies: Annotated[list[PolicyRow], At("")]
    terms: Annotated[list[TermsRow], At("")]


class StepIn(Body):
    """What a contest does next."""

    action: Short


@room.lists("/contests", ContestRow, filters=ContestFilter, public=True)
def contest_list(request: Request) -> Any:
    """List contests by a part of the title, kind and state."""
    asked = {name: value or "" for name, value in request.asked.items()}
    found = queries.contests_listed(
        rules.contests_visible_to(request.user),
        name=asked["q"],
        state=asked["state"],
        kind=asked["kind"],
    )
    return listed(request, found, ContestRow)


@room.reads("/contests/{uuid:uuid}", ContestOut, public=True)
def contest_detail(request: Request, uuid: UUID) -> Any:
    """Read a contest with its phases, who sees which score when, and the texts to agree to."""
    contest = contest_for(request, uuid)
    policies = ScorePolicy.objects.filter(phase__contest=contest)
    return one(Contest.objects.all(), access.EVERYBODY, ContestOut, uuid=uuid) | {
        "phases": every(Phase.objects.filter(contest=contest), PhaseRow),
        "policies": every(policies, PolicyRow),
        "terms": every(Terms.objects.filter(contest=contest), TermsRow),
    }


@room.writes("/contests", Made, status=201, body=ContestForm)
def contest_create(request: Request) -> Any:
    """Make a contest, as a draft."""
    access.require(rules.can_create_contest(request.user))
    form = bind(request, ContestForm, person=request.user)
    return {"uuid": services.create_contest(**form.facts(), by=request.user, at=clock.now()).uuid}


@room.writes("/contests/{uuid:uuid}", Made, method="PATCH", body=ContestChangesForm)
def contest_change(request: Request, uuid: UUID) -> Any:
    """Change what is said of a contest; what is not named stays."""
    contest = managed(request, uuid)
    form = bind(request, ContestChangesForm, instance=contest, person=request.user)
    services.change_contest(contest=contest, **form.facts(), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/contests/{uuid:uuid}/steps", Made, body=StepIn)
def contest_move(request: Request, uuid: UUID) -> Any:
    """Announce, start, judge or close a contest."""
    contest, action = managed(request, uuid), given(request).action
    if action not in STEPS:
        raise Http404
    services.move_contest(contest=contest, action=action, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/contests/{uuid:uuid}/phases", Made, status=201, body=NewPhaseForm)
def phase_plan(request: Request, uuid: UUID) -> Any:
    """Plan the next phase."""
    contest = managed(request, uuid)
    facts = bind(request, NewPhaseForm).cleaned_data
    made = services.plan_phase(contest=contest, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/phases/{uuid:uuid}", Made, method="PATCH", body=PhaseForm)
def phase_change(request: Request, uuid: UUID) -> Any:
    """Change a phase; what is not named stays."""
    phase = managed_phase(request, uuid)
    facts = bind(request, PhaseForm, instance=phase).cleaned_data
    services.change_phase(phase=phase, **facts, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/phases/{uuid:uuid}/policies/{slug:audience}", Made, method="PUT", body=PolicyForm)
def policy_change(request: Request, uuid: UUID, audience: Short) -> Any:
    """Say from when on an audience sees scores and ranks of a phase."""
    phase = managed_phase(request, uuid)
    policy = access.get(
        ScorePolicy.objects.filter(phase=phase), access.EVERYBODY, audience=audience
    )
    facts = bind(request, PolicyForm, instance=policy).cleaned_data
    services.set_score_policy(
        phase=phase, audience=audience, **facts, by=request.user, at=clock.now()
    )
    return {"uuid": uuid}


@room.writes("/contests/{uuid:uuid}/terms", Made, status=201, body=TermsForm)
def terms_publish(request: Request, uuid: UUID) -> Any:
    """Publish the next version of a text that whoever takes part agrees to."""
    contest = managed(request, uuid)
    facts = bind(request, TermsForm).cleaned_data
    made = services.publish_terms(contest=contest, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}
