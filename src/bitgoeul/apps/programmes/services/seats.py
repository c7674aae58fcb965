"""The answer to an offer: the seat is taken, or the next in line is called at once."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, OfferCause, OfferState
from bitgoeul.apps.programmes.models import SeatOffer
from bitgoeul.apps.programmes.services.enrolments import enrol_called
from bitgoeul.apps.programmes.services.offers import (
    call_next,
    end_offer,
    leave_seat,
    locked_offer,
)
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core.errors import Refused


def answer_seat(*, offer: SeatOffer, accept: bool, by: User | None, at: dt.datetime) -> SeatOffer:
    """Accept a seat, or decline it: then the next in line is called at once."""
    with transaction.atomic():
        offer = locked_offer(offer)
        require(by, rules.can_answer_seat_offer, offer)
        if offer.state != OfferState.MADE:
            raise Refused(_("This offer is answered already."), code="wrong_state")
        if at > offer.answer_by:
            raise Refused(_("The time for an answer is over."), code="closed")
        if accept:
            end_offer(offer, OfferState.ACCEPTED, by=by, at=at)
            if offer.round.cohort.state == CohortState.RUNNING:
                enrol_called(offer=offer, by=None, at=at)
        else:
            end_offer(offer, OfferState.DECLINED, by=by, at=at)
            leave_seat(offer.application, "decline", "declined", by=by, at=at)
            call_next(
                selection_round=offer.round,
                track=offer.track,
                pool=offer.pool,
                cause=OfferCause.DECLINED,
                turn=offer.turn + 1,
                at=at,
            )
    return offer
