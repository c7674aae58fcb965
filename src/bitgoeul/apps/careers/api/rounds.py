"""Matching rounds: the office runs them, everybody can check what was published."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from bitgoeul.apps.careers import rules, services, tasks
from bitgoeul.apps.careers.api.room import room
from bitgoeul.apps.careers.enums import RoundState
from bitgoeul.apps.careers.forms import RoundForm
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.careers.queries import rounds as queries
from bitgoeul.apps.careers.views import rounds as pages
from bitgoeul.apps.careers.workflow import ROUND_STEPS, actions
from bitgoeul.core import access, clock, jobs
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import ZIP, Request
from bitgoeul.core.api.rows import At, Made, Row, listed, one


class RoundRow(Row):
    """A matching round."""

    uuid: UUID
    cohort: Annotated[UUID, At("cohort__uuid")]
    name_ko: str
    name_en: str
    state: str
    closes_at: dt.datetime
    offers_expire_at: dt.datetime
    inputs_digest: str
    published_at: dt.datetime | None


class PoolOut(Row):
    """Seats of a vacancy; small pools without numbers, unless to whoever runs the round."""

    number: str
    is_reserve: bool
    seats: int
    filled: int | None
    cutoff: str | None


class RoundOut(RoundRow):
    """A round with its result as far as one may see it."""

    holds: Annotated[bool | None, At("")]
    totals: Annotated[dict[str, int | None], At("")]
    pools: Annotated[list[PoolOut], At("")]


class StepIn(Body):
    """The step to take; `match` runs in the background."""

    action: Literal["open", "lock", "match", "publish", "close"]


class Stepped(Row):
    """The round, and the job that matches."""

    uuid: UUID
    job: UUID | None


@room.lists("/rounds", RoundRow, public=True)
def round_list(request: Request) -> Any:
    """List the rounds that one may know of."""
    found = MatchingRound.objects.filter(rules.rounds_visible_to(request.user))
    return listed(request, found, RoundRow)


@room.reads("/rounds/{uuid:uuid}", RoundOut)
def round_detail(request: Request, uuid: UUID) -> Any:
    """Read a round, with its result once that may be seen."""
    visible = rules.rounds_visible_to(request.user)
    rows = MatchingRound.objects.select_related("cohort__programme__organiser")
    found = access.get(rows, visible, uuid=uuid)
    runs = rules.can_run_round(request.user, found)
    told = found.state in rules.PUBLISHED_ROUNDS or (runs and found.state in pages.WITH_RESULT)
    pools = queries.pools_of(found, whole=runs) if told else []
    names = PoolOut.model_fields
    return one(MatchingRound.objects.all(), visible, RoundOut, uuid=uuid) | {
        "holds": services.holds(found.verification) if told else None,
        "totals": queries.totals_of(found, whole=runs) if told else {},
        "pools": [{name: getattr(pool, name) for name in names} for pool in pools],
    }


@room.writes("/rounds", Made, status=201, body=RoundForm)
def round_create(request: Request) -> Any:
    """Prepare a round."""
    access.require(rules.is_office(request.user))
    form = bind(request, RoundForm, person=request.user)
    made = services.create_round(**form.cleaned_data, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/rounds/{uuid:uuid}", Made, method="PATCH", body=RoundForm)
def round_edit(request: Request, uuid: UUID) -> Any:
    """Change a round that has not opened; what is not named stays."""
    found = _run_by(request, uuid)
    access.require(found.state == RoundState.DRAFT)
    form = bind(request, RoundForm, instance=found, person=request.user)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    services.update_round(matching_round=found, **facts)
    return {"uuid": uuid}


@room.writes("/rounds/{uuid:uuid}/steps", Stepped, body=StepIn)
def round_step(request: Request, uuid: UUID) -> Any:
    """Take a round a step on."""
    found, action = _run_by(request, uuid), given(request).action
    if action != "match":
        step, _said = pages.DIRECT_STEPS[action]
        step(matching_round=found, by=request.user, at=clock.now())
        return {"uuid": uuid, "job": None}
    if "match" not in actions(ROUND_STEPS, state=found.state):
        return {"uuid": uuid, "job": None}
    job = jobs.enqueue(
        tasks.run_match,
        by=request.user,
        dedupe=queries.match_job_key(found),
        round_uuid=str(found.uuid),
        by_uuid=str(request.user.uuid),
    )
    return {"uuid": uuid, "job": job.uuid}


room.hands_out("/rounds/{uuid:uuid}/bundle.zip", pages.round_bundle, ZIP, name="round_bundle")


def _run_by(request: Request, uuid: UUID) -> MatchingRound:
    rows = MatchingRound.objects.select_related("cohort__programme")
    return access.get(rows, rules.rounds_run_by(request.user), uuid=uuid)
