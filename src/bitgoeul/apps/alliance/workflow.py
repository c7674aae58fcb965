"""The life of a meeting as a table: from, action, to."""

from typing import Final

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.core.errors import Refused

MEETING_MOVES: Final = (
    (MeetingState.PLANNED, "call", MeetingState.CALLED),
    (MeetingState.PLANNED, "cancel", MeetingState.CANCELLED),
    (MeetingState.CALLED, "cancel", MeetingState.CANCELLED),
    (MeetingState.CALLED, "hold", MeetingState.HELD),
    (MeetingState.HELD, "hold", MeetingState.HELD),
    (MeetingState.HELD, "circulate", MeetingState.CIRCULATED),
    (MeetingState.CIRCULATED, "give_back", MeetingState.HELD),
    (MeetingState.CIRCULATED, "approve", MeetingState.APPROVED),
)
"""Who may take a step stands in `rules`: `can_run_meeting`, `can_approve_minutes`."""


def meeting_after(state: str, action: str) -> MeetingState:
    """Return where an action leads a meeting.

    Raises
    ------
    Refused
        When the action is not possible in this state.
    """
    for before, name, after in MEETING_MOVES:
        if before == state and name == action:
            return after
    raise Refused(_("This cannot be done with the meeting as it stands."), code="wrong_state")


def can_move(state: str, action: str) -> bool:
    """Tell whether an action is possible in a state."""
    return any(before == state and name == action for before, name, _after in MEETING_MOVES)
