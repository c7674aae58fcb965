"""The states of the room as tables: state, action, next state, and who may take the step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import OfferState, RoundState, VacancyState


class Step(NamedTuple):
    """One row of a table."""

    state: str
    action: str
    next: str
    who: Callable[[Any, Any], bool]


VACANCY_STEPS = (
    Step(VacancyState.DRAFT, "open", VacancyState.OPEN, rules.can_edit_vacancy),
    Step(VacancyState.OPEN, "close", VacancyState.CLOSED, rules.can_edit_vacancy),
    Step(VacancyState.CLOSED, "open", VacancyState.OPEN, rules.can_edit_vacancy),
)

# A failed match may be run again: locked inputs give the same result, so nothing is redrawn.
ROUND_STEPS = (
    Step(RoundState.DRAFT, "open", RoundState.COLLECTING, rules.can_run_round),
    Step(RoundState.COLLECTING, "lock", RoundState.LOCKED, rules.can_run_round),
    Step(RoundState.LOCKED, "match", RoundState.MATCHED, rules.can_run_round),
    Step(RoundState.MATCHED, "match", RoundState.MATCHED, rules.can_run_round),
    Step(RoundState.MATCHED, "publish", RoundState.PUBLISHED, rules.can_run_round),
    Step(RoundState.PUBLISHED, "close", RoundState.CLOSED, rules.can_run_round),
)

OFFER_STEPS = (
    Step(OfferState.MADE, "accept", OfferState.ACCEPTED, rules.can_answer_offer),
    Step(OfferState.MADE, "decline", OfferState.DECLINED, rules.can_answer_offer),
    Step(OfferState.MADE, "expire", OfferState.EXPIRED, rules.can_see_offer),
)


def step(table: tuple[Step, ...], *, state: str, action: str) -> Step | None:
    """Return the row for an action in a state, or None when the table has none."""
    return next((row for row in table if row.state == state and row.action == action), None)


def actions(table: tuple[Step, ...], *, state: str) -> tuple[str, ...]:
    """Return what can be done in a state, in the order of the table."""
    return tuple(row.action for row in table if row.state == state)
