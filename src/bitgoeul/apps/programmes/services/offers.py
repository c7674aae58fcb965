"""Seats are offered, accepted until a date, and move down the waiting list by themselves."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import workflow
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    OfferCause,
    OfferState,
)
from bitgoeul.apps.programmes.models import (
    Application,
    Cohort,
    SeatOffer,
    Selection,
    SelectionRound,
    Track,
)
from bitgoeul.apps.programmes.queries.waiting import ALIVE, line_for
from bitgoeul.apps.programmes.services.notices import tell_offered
from bitgoeul.core import clock, journal
from bitgoeul.core.journal.services import Change

_CHUNK = 500


def make_first_offers(selection_round: SelectionRound, *, by: User | None, at: dt.datetime) -> None:
    """Offer every seat of a round that is being published, if the cohort asks for an answer."""
    cohort = selection_round.cohort
    if cohort.answer_days is None:
        return
    chosen = Selection.objects.filter(round=selection_round, track__isnull=False)
    offers = [
        SeatOffer(
            round=selection_round,
            application=row.application,
            track=row.track,
            pool=row.pool,
            made_at=at,
            answer_by=answer_by(cohort, at),
        )
        for row in chosen.select_related("application__person", "track")
        if row.track is not None
    ]
    SeatOffer.objects.bulk_create(offers, batch_size=_CHUNK)
    _record_made(offers, by=by, at=at)
    tell_offered(offers, cohort, at=at)


def lapse_seat_offers(*, at: dt.datetime) -> int:
    """Let offers lapse whose time is over, and call whoever is next; the hourly job's work."""
    due = SeatOffer.objects.filter(state=OfferState.MADE, answer_by__lt=at).order_by("id")
    ids = list(due.values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            offer = locked_offer(SeatOffer(pk=pk))
            if offer.state != OfferState.MADE:
                continue
            end_offer(offer, OfferState.LAPSED, by=None, at=at)
            leave_seat(offer.application, "lapse", "lapsed", by=None, at=at)
            call_next(
                selection_round=offer.round,
                track=offer.track,
                pool=offer.pool,
                cause=OfferCause.LAPSED,
                turn=offer.turn + 1,
                at=at,
            )
    return len(ids)


def withdraw_seat(
    application: Application, *, cause: str, by: User | None, at: dt.datetime
) -> None:
    """Take a seat back that somebody may not have, and call the next in line at once.

    Called inside the transaction of a disqualification or of the end of an enrolment.
    """
    offer = (
        SeatOffer.objects.select_for_update(of=("self",))
        .select_related("round__cohort__programme", "round__cohort__rule_set", "track")
        .filter(application=application, state__in=ALIVE)
        .first()
    )
    if offer is None:
        return
    end_offer(offer, OfferState.WITHDRAWN, by=by, at=at)
    call_next(
        selection_round=offer.round,
        track=offer.track,
        pool=offer.pool,
        cause=cause,
        turn=offer.turn + 1,
        at=at,
    )


def call_next(
    *,
    selection_round: SelectionRound,
    track: Track,
    pool: str,
    cause: str,
    turn: int,
    at: dt.datetime,
) -> SeatOffer | None:
    """Offer a free seat to whoever is next in line; None when nobody waits or it is too late."""
    cohort = selection_round.cohort
    if cohort.answer_days is None or not _calls(cohort, at):
        return None
    for waiting in line_for(selection_round, track.key, pool=pool):
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("person", "cohort__programme")
            .get(cohort=cohort, number=waiting.number)
        )
        _move(application, "call", "", by=None, at=at)
        offer = SeatOffer.objects.create(
            round=selection_round,
            application=application,
            track=track,
            pool=pool,
            turn=turn,
            cause=cause,
            made_at=at,
            answer_by=answer_by(cohort, at),
        )
        _record_made([offer], by=None, at=at)
        tell_offered([offer], cohort, at=at)
        return offer
    return None


def answer_by(cohort: Cohort, at: dt.datetime) -> dt.datetime:
    """Return until when an offer of now is answered: the end of the last of the days."""
    last = at.astimezone(clock.SEOUL).date() + dt.timedelta(days=cohort.answer_days or 0)
    return dt.datetime.combine(last, dt.time(23, 59, 59), tzinfo=clock.SEOUL)


def _calls(cohort: Cohort, at: dt.datetime) -> bool:
    if cohort.state == CohortState.SELECTING:
        return True
    last = cohort.call_until
    in_time = last is not None and at.astimezone(clock.SEOUL).date() <= last
    return cohort.state == CohortState.RUNNING and in_time


def locked_offer(offer: SeatOffer) -> SeatOffer:
    """Return an offer, locked, with what moving it needs."""
    return (
        SeatOffer.objects.select_for_update(of=("self",))
        .select_related(
            "application__person",
            "application__cohort__programme",
            "round__cohort__programme",
            "round__cohort__rule_set",
            "track",
        )
        .get(pk=offer.pk)
    )


def end_offer(offer: SeatOffer, state: OfferState, *, by: User | None, at: dt.datetime) -> None:
    """Give an offer its last state."""
    before = offer.state
    offer.state, offer.answered_at = state, at
    offer.save(update_fields=["state", "answered_at"])
    journal.record(
        event=f"seat_offer.{state.value}",
        by=by,
        at=at,
        on=offer,
        details={"from": before, "track": offer.track.key, "turn": offer.turn},
    )


def leave_seat(
    application: Application, action: str, reason: str, *, by: User | None, at: dt.datetime
) -> None:
    """Move an application whose seat is gone."""
    if application.state == ApplicationState.SELECTED:
        _move(application, action, reason, by=by, at=at)


def _move(
    application: Application, action: str, reason: str, *, by: User | None, at: dt.datetime
) -> None:
    before = application.state
    application.state = workflow.go(workflow.APPLICATION, before, action)
    application.state_reason = reason
    application.save(update_fields=["state", "state_reason"])
    journal.record(
        event=f"application.{action}",
        by=by,
        at=at,
        on=application,
        before={"state": before},
        after={"state": application.state},
    )


def _record_made(offers: Sequence[SeatOffer], *, by: User | None, at: dt.datetime) -> None:
    journal.record_many(
        event="seat_offer.made",
        by=by,
        at=at,
        changes=[
            Change(
                on=offer,
                after={"application": offer.application.uuid, "track": offer.track.key},
                details={"turn": offer.turn, "cause": str(offer.cause)},
            )
            for offer in offers
        ],
    )
