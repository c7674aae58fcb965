"""The waiting list of a published round: who is next in line for a seat, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy

from bitgoeul.apps.programmes.enums import ApplicationState, OfferState
from bitgoeul.apps.programmes.models import Application, SeatOffer, SelectionRound
from bitgoeul.apps.programmes.queries.market import standing_score
from bitgoeul.engines.matching import lottery_number

OFFER_HEADER = (
    gettext_lazy("Application number"),
    gettext_lazy("Full name"),
    gettext_lazy("Track"),
    gettext_lazy("Pool"),
    gettext_lazy("State"),
    gettext_lazy("Why the seat was free"),
    gettext_lazy("Offered at"),
    gettext_lazy("Answer until"),
    gettext_lazy("Answered at"),
)
ALIVE = (OfferState.MADE, OfferState.ACCEPTED)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody in line for a track: place, number, and what the place comes from."""

    place: int
    number: str
    score: str
    local: bool
    lottery: int


def line_for(selection_round: SelectionRound, track: str, *, pool: str = "") -> list[Waiting]:
    """Return who waits for a track, next one first.

    It is the order of the round itself: band of the score, then the lottery; a seat that was
    reserved for local talents goes to a waiting local first. Who was offered a seat before, was
    cut or withdrew does not wait.
    """
    return _line(selection_round, track, _who_waits(selection_round), pool)


def waiting_lines(
    selection_round: SelectionRound, tracks: Iterable[str]
) -> dict[str, list[Waiting]]:
    """Return the line of each track; who waits at all is asked once, however many tracks."""
    there = _who_waits(selection_round)
    return {track: _line(selection_round, track, there, "") for track in tracks}


def _who_waits(selection_round: SelectionRound) -> set[str]:
    """The numbers of those who got no seat, were not cut and were never offered one."""
    offered = SeatOffer.objects.filter(round=selection_round).values("application")
    waiting = Application.objects.filter(
        cohort=selection_round.cohort_id, state=ApplicationState.NOT_SELECTED, cut_in=None
    )
    return set(waiting.exclude(pk__in=offered).values_list("number", flat=True))


def _line(selection_round: SelectionRound, track: str, there: set[str], pool: str) -> list[Waiting]:
    rows = sorted(
        _in_line(selection_round.inputs, track, there),
        key=lambda row: (pool.startswith("local") and not row[2], -row[0], row[1]),
    )
    return [
        Waiting(place=place, number=number, score=str(score), local=local, lottery=lottery)
        for place, (score, lottery, local, number) in enumerate(rows, start=1)
    ]


def place_of(application: Application, selection_round: SelectionRound) -> dict[str, int]:
    """Return an applicant's place in the line of each track they listed."""
    listed = application.choices.select_related("track").order_by("rank")
    names = {choice.track.key: choice.track.name for choice in listed}
    return {
        names[track]: waiting.place
        for track, line in waiting_lines(selection_round, names).items()
        for waiting in line
        if waiting.number == application.number
    }


def offers_of(selection_round: SelectionRound) -> QuerySet[SeatOffer]:
    """Return a round's offers, newest first: what the page shows and the file holds."""
    rows = selection_round.offers.select_related("application__person", "track")
    return rows.order_by("-made_at", "-id")


def offer_rows(offers: Iterable[SeatOffer]) -> Iterator[list[Any]]:
    """Return the rows of the file of a round's offers."""
    for row in offers:
        yield [
            row.application.number, row.application.person.full_name, row.track.name, row.pool,
            row.get_state_display(), row.get_cause_display(), row.made_at, row.answer_by,
            row.answered_at,
        ]  # fmt: skip


def offer_counts(selection_round: SelectionRound) -> dict[str, int]:
    """Count a round's offers by state."""
    offers = SeatOffer.objects.filter(round=selection_round).order_by()
    return dict(offers.values_list("state").annotate(number=Count("pk")))


def _in_line(
    frozen: Mapping[str, Any], track: str, there: set[str]
) -> Iterator[tuple[Decimal, int, bool, str]]:
    for row in frozen["applicants"]:
        if track in row["choices"] and row["number"] in there:
            lottery = lottery_number(frozen["seed"], frozen["round"], row["number"])
            yield Decimal(standing_score(row)), lottery, row["local"], row["number"]
