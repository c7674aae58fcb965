"""Answering the offer of a seat, the offers of a round, and the store for research."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.models import SeatOffer
from bitgoeul.apps.programmes.queries.listings import current_round
from bitgoeul.apps.programmes.views import offers as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, given
from bitgoeul.core.api.rooms import CSV, XLSX, ZIP, Request
from bitgoeul.core.api.rows import At, Made, Row, listed


class SeatOfferRow(Row):
    """A seat that is or was offered."""

    uuid: UUID
    application: Annotated[UUID, At("application__uuid")]
    person: Annotated[UUID, At("application__person__uuid")]
    number: Annotated[str, At("application__number")]
    track: Annotated[str, At("track__key")]
    pool: str
    turn: int
    cause: str
    state: str
    made_at: dt.datetime
    answer_by: dt.datetime
    answered_at: dt.datetime | None


class AnswerIn(Body):
    """Whether one takes the seat."""

    accept: bool = False


@room.writes("/seat-offers/{uuid:uuid}/answer", Made, body=AnswerIn)
def seat_answer(request: Request, uuid: UUID) -> Any:
    """Accept or decline the seat that is offered; declined, the next in line is called."""
    rows = SeatOffer.objects.select_related("application__cohort__programme")
    offer = access.get(rows, rules.seat_offers_answerable_by(request.user), uuid=uuid)
    accept = given(request).accept
    services.answer_seat(offer=offer, accept=accept, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.lists("/cohorts/{uuid:uuid}/seat-offers", SeatOfferRow)
def waiting_list(request: Request, uuid: UUID) -> Any:
    """List every offer of a cohort's published round; the reading is recorded."""
    found = current_round(managed_cohort(request, uuid))  # type: ignore[arg-type]  # both doors
    access.require(found is not None and found.published_at is not None)
    page = listed(request, SeatOffer.objects.filter(round=found), SeatOfferRow, newest_first=True)
    note_reading(request, [row["person"] for row in page["items"]], what="waiting_list")  # type: ignore[arg-type]  # both doors
    return page


room.hands_out(
    "/cohorts/{uuid:uuid}/seat-offers.{form}",
    pages.offer_export,
    CSV,
    XLSX,
    name="seat_offers_file",
)
room.hands_out(
    "/cohorts/{uuid:uuid}/selection/research.zip",
    pages.selection_store,
    ZIP,
    name="selection_store",
)
