"""Offers, placements, checks and exclusions."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.api.room import asked_of, note, room
from bitgoeul.apps.careers.enums import OfferState
from bitgoeul.apps.careers.forms import (
    AnswerForm,
    CheckFilter,
    EndForm,
    EvidenceForm,
    ExclusionFilter,
    ExclusionForm,
    OfferFilter,
    PlacementFilter,
    PlacementForm,
    StartForm,
)
from bitgoeul.apps.careers.models import Offer, Placement, RetentionCheck
from bitgoeul.apps.careers.queries.placements import (
    checks_listed,
    exclusions_listed,
    offers_listed,
    placements_listed,
)
from bitgoeul.apps.careers.views import checks as check_pages
from bitgoeul.apps.careers.views import offers as offer_pages
from bitgoeul.apps.careers.views import placements as placement_pages
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.errors import Refused


class OfferRow(Row):
    """An offer."""

    uuid: UUID
    round: Annotated[UUID, At("round__uuid")]
    vacancy: Annotated[UUID, At("vacancy__uuid")]
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    state: str
    made_at: dt.datetime
    expires_at: dt.datetime
    answered_at: dt.datetime | None


class PlacementRow(Row):
    """A spell of work."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    organisation: Annotated[UUID, At("organisation__uuid")]
    vacancy: Annotated[UUID | None, At("vacancy__uuid")]
    kind: str
    started_on: dt.date
    evidence_kind: str
    evidence_on: dt.date | None
    ended_on: dt.date | None


class CheckRow(Row):
    """A retention check."""

    uuid: UUID
    placement: Annotated[UUID, At("placement__uuid")]
    person: Annotated[UUID, At("placement__person__uuid")]
    full_name: Annotated[str, At("placement__person__full_name")]
    months: int
    due_on: dt.date
    state: str
    source: str
    answered_on: dt.date | None


class PlacementOut(PlacementRow):
    """A placement with its checks."""

    checks: Annotated[list[CheckRow], At("")]


class ExclusionRow(Row):
    """Who does not count in the employment rate of a cohort."""

    uuid: UUID
    person: Annotated[UUID, At("person__uuid")]
    full_name: Annotated[str, At("person__full_name")]
    cohort: Annotated[UUID, At("cohort__uuid")]
    reason: str
    evidence_on: dt.date
    evidence_note: str


@room.lists("/offers", OfferRow, filters=OfferFilter)
def offer_list(request: Request) -> Any:
    """List the offers that one may see; the reading is recorded."""
    found = offers_listed(rules.offers_visible_to(request.user), **asked_of(request))
    return _noted(request, listed(request, found, OfferRow), what="careers.offer_list")


room.hands_out(
    "/offers.{form}",
    offer_pages.offer_export,
    CSV,
    XLSX,
    name="offer_file",
    filters=OfferFilter,
)


@room.writes("/offers/{uuid:uuid}/acceptance", Made)
def offer_accept(request: Request, uuid: UUID) -> Any:
    """Take the seat."""
    services.accept_offer(offer=_own_offer(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/offers/{uuid:uuid}/refusal", Made)
def offer_decline(request: Request, uuid: UUID) -> Any:
    """Leave the seat."""
    services.decline_offer(offer=_own_offer(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/offers/{uuid:uuid}/start", Made, status=201, body=StartForm)
def offer_start(request: Request, uuid: UUID) -> Any:
    """Record that the job of an accepted offer began."""
    offer = _offer(request, uuid)
    person, organisation = offer.person, offer.vacancy.organisation
    access.require(rules.can_record_placement(request.user, person, organisation))
    access.require(offer.state == OfferState.ACCEPTED and not hasattr(offer, "placement"))
    facts = {**bind(request, StartForm).cleaned_data, "by": request.user, "at": clock.now()}
    made = services.record_placement(person=person, organisation=organisation, offer=offer, **facts)
    return {"uuid": made.uuid}


@room.lists("/placements", PlacementRow, filters=PlacementFilter)
def placement_list(request: Request) -> Any:
    """List placements; the reading is recorded."""
    found = placements_listed(rules.placements_visible_to(request.user), **asked_of(request))
    return _noted(request, listed(request, found, PlacementRow), what="careers.placement_list")


room.hands_out(
    "/placements.{form}",
    placement_pages.placement_export,
    CSV,
    XLSX,
    name="placement_file",
    filters=PlacementFilter,
)


@room.reads("/placements/{uuid:uuid}", PlacementOut)
def placement_detail(request: Request, uuid: UUID) -> Any:
    """Read a placement with its checks; the reading is recorded."""
    visible = rules.placements_visible_to(request.user)
    found = one(Placement.objects.all(), visible, PlacementOut, uuid=uuid)
    note(request, [found["person"]], what="careers.placement")
    checks = RetentionCheck.objects.filter(placement__uuid=uuid).order_by("months")
    return found | {"checks": every(checks, CheckRow)}


@room.writes("/placements", Made, status=201, body=PlacementForm)
def placement_create(request: Request) -> Any:
    """Record a job that began without an offer, or an own company."""
    access.require(rules.is_office(request.user))
    facts = dict(bind(request, PlacementForm).cleaned_data)
    person = User.objects.filter(email=facts.pop("email")).first()
    stranger = Refused(_("Nobody in your cohorts has this e-mail address."))
    if person is None:
        raise stranger
    try:
        made = services.record_placement(person=person, **facts, by=request.user, at=clock.now())
    except Refused as refusal:
        # A stranger's address must read like one that nobody has: else it tells who exists.
        raise (stranger if refusal.code == "forbidden" else refusal) from None
    return {"uuid": made.uuid}


@room.writes("/placements/{uuid:uuid}/evidence", Made, body=EvidenceForm)
def placement_evidence(request: Request, uuid: UUID) -> Any:
    """Write down what proves a job."""
    placement = _editable(request, uuid)
    facts = {**bind(request, EvidenceForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.update_evidence(placement=placement, **facts)
    return {"uuid": uuid}


@room.writes("/placements/{uuid:uuid}/end", Made, body=EndForm)
def placement_end(request: Request, uuid: UUID) -> Any:
    """Record the last day at work."""
    placement = _editable(request, uuid)
    facts = {**bind(request, EndForm).cleaned_data, "by": request.user, "at": clock.now()}
    services.end_placement(placement=placement, **facts)
    return {"uuid": uuid}


@room.lists("/checks", CheckRow, filters=CheckFilter)
def check_list(request: Request) -> Any:
    """List the checks whose day has come; the reading is recorded."""
    visible = rules.checks_visible_to(request.user)
    found = checks_listed(visible, today=clock.today(), **asked_of(request))
    return _noted(request, listed(request, found, CheckRow), what="careers.check_list")


room.hands_out(
    "/checks.{form}",
    check_pages.check_export,
    CSV,
    XLSX,
    name="check_file",
    filters=CheckFilter,
)


@room.writes("/checks/{uuid:uuid}/answer", Made, body=AnswerForm)
def check_answer(request: Request, uuid: UUID) -> Any:
    """Say whether a job is kept."""
    rows = RetentionCheck.objects.select_related("placement__person", "placement__organisation")
    check = access.get(rows, rules.checks_visible_to(request.user), uuid=uuid)
    state = bind(request, AnswerForm).cleaned_data["state"]
    source = services.source_of(by=request.user, check=check)
    facts = {"answered_on": clock.today(), "by": request.user, "at": clock.now()}
    services.answer_check(check=check, state=state, source=source, **facts)
    return {"uuid": uuid}


@room.lists("/exclusions", ExclusionRow, filters=ExclusionFilter)
def exclusion_list(request: Request) -> Any:
    """List who does not count in the rate; the reading is recorded."""
    found = exclusions_listed(rules.exclusions_visible_to(request.user), **asked_of(request))
    return _noted(request, listed(request, found, ExclusionRow), what="careers.exclusion_list")


@room.writes("/exclusions", Made, status=201, body=ExclusionForm)
def exclusion_create(request: Request) -> Any:
    """Record that a person does not count."""
    access.require(rules.is_office(request.user))
    facts = dict(bind(request, ExclusionForm, person=request.user).cleaned_data)
    person = User.objects.filter(email=facts.pop("email")).first()
    if person is None:
        raise Refused(_("Only those who completed or left for a job can be excluded."))
    made = services.record_exclusion(person=person, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


def _noted(request: Request, page: dict[str, Any], *, what: str) -> dict[str, Any]:
    note(request, [row["person"] for row in page["items"]], what=what)
    return page


def _offer(request: Request, uuid: UUID) -> Offer:
    rows = Offer.objects.select_related("person", "vacancy__organisation", "placement")
    return access.get(rows, rules.offers_visible_to(request.user), uuid=uuid)


def _own_offer(request: Request, uuid: UUID) -> Offer:
    offer = _offer(request, uuid)
    access.require(rules.can_answer_offer(request.user, offer))
    return offer


def _editable(request: Request, uuid: UUID) -> Placement:
    rows = Placement.objects.select_related("person", "organisation", "vacancy")
    placement = access.get(rows, rules.placements_visible_to(request.user), uuid=uuid)
    access.require(rules.can_edit_placement(request.user, placement))
    return placement
