"""Answering offers."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.enums import OfferState
from bitgoeul.apps.careers.models import Offer
from bitgoeul.apps.careers.services.notices import tell_answered
from bitgoeul.apps.careers.services.steps import next_state
from bitgoeul.apps.careers.workflow import OFFER_STEPS
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change


def accept_offer(*, offer: Offer, by: User | None, at: dt.datetime) -> Offer:
    """Take the seat."""
    return _answer(offer=offer, action="accept", event="offer.accepted", by=by, at=at)


def decline_offer(*, offer: Offer, by: User | None, at: dt.datetime) -> Offer:
    """Leave the seat."""
    return _answer(offer=offer, action="decline", event="offer.declined", by=by, at=at)


def expire_offers(*, at: dt.datetime) -> int:
    """End the offers whose deadline has passed; returns how many."""
    with transaction.atomic():
        due = list(
            Offer.objects.select_for_update().filter(state=OfferState.MADE, expires_at__lte=at)
        )
        for offer in due:
            offer.state = next_state(
                OFFER_STEPS, obj=offer, state=offer.state, action="expire", by=None
            )
        Offer.objects.bulk_update(due, ("state",), batch_size=300)
        changes = [Change(on=offer, after={"state": offer.state}) for offer in due]
        journal.record_many(event="offer.expired", by=None, at=at, changes=changes)
    return len(due)


def _answer(*, offer: Offer, action: str, event: str, by: User | None, at: dt.datetime) -> Offer:
    with transaction.atomic():
        current = (
            Offer.objects.select_for_update(of=("self",))
            .select_related("vacancy__organisation", "person")
            .get(pk=offer.pk)
        )
        before = current.state
        current.state = next_state(OFFER_STEPS, obj=current, state=before, action=action, by=by)
        if at >= current.expires_at:
            raise Refused(_("The deadline for an answer has passed."), code="too_late")
        current.answered_at = at
        current.save(update_fields=["state", "answered_at"])
        journal.record(
            event=event,
            by=by,
            at=at,
            on=current,
            before={"state": before},
            after={"state": current.state},
        )
        tell_answered(current, at=at)
    return current
