"""States as tables: from which state which action leads where."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reviews.enums import PanelState, ReviewState
from bitgoeul.core.errors import Refused

Table = Mapping[tuple[str, str], str]

PANEL: Table = {
    (PanelState.PLANNED, "open"): PanelState.OPEN,
    (PanelState.OPEN, "close"): PanelState.CLOSED,
    (PanelState.CLOSED, "open"): PanelState.OPEN,
}
"""Whoever runs the panel acts."""

REVIEW: Table = {
    (ReviewState.ASSIGNED, "submit"): ReviewState.SUBMITTED,
    (ReviewState.SUBMITTED, "submit"): ReviewState.SUBMITTED,
    (ReviewState.ASSIGNED, "abstain"): ReviewState.ABSTAINED,
    (ReviewState.SUBMITTED, "abstain"): ReviewState.ABSTAINED,
}
"""The reviewer acts, during the phase."""


def go(table: Table, state: str, action: str) -> str:
    """Return the state an action leads to.

    Raises
    ------
    Refused
        When the table has no such step.
    """
    try:
        return str(table[state, action])
    except KeyError:
        raise Refused(_("This is not possible in the present state."), code="wrong_state") from None
