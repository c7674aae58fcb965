"""States as tables: from which state which action leads where."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import (
    ContestState,
    EntryState,
    FlagState,
    MergeState,
    ScorerState,
    TeamState,
)
from bitgoeul.core.errors import Refused

Table = Mapping[tuple[str, str], str]

CONTEST: Table = {
    (ContestState.DRAFT, "publish"): ContestState.PUBLISHED,
    (ContestState.PUBLISHED, "withdraw"): ContestState.DRAFT,
    (ContestState.PUBLISHED, "start"): ContestState.RUNNING,
    (ContestState.RUNNING, "judge"): ContestState.JUDGING,
    (ContestState.JUDGING, "resume"): ContestState.RUNNING,
    (ContestState.RUNNING, "close"): ContestState.CLOSED,
    (ContestState.JUDGING, "close"): ContestState.CLOSED,
}
"""Whoever runs the contest acts."""

TEAM: Table = {
    (TeamState.ACTIVE, "merge"): TeamState.MERGED,
    (TeamState.ACTIVE, "withdraw"): TeamState.WITHDRAWN,
    (TeamState.ACTIVE, "disqualify"): TeamState.DISQUALIFIED,
    (TeamState.DISQUALIFIED, "readmit"): TeamState.ACTIVE,
}

MERGE: Table = {
    (MergeState.ASKED, "agree"): MergeState.AGREED,
    (MergeState.ASKED, "decline"): MergeState.DECLINED,
    (MergeState.ASKED, "take_back"): MergeState.TAKEN_BACK,
}
"""The captain who was asked agrees or declines, the one who asked takes back."""

ENTRY: Table = {
    (EntryState.QUEUED, "score"): EntryState.SCORED,
    (EntryState.QUEUED, "refuse"): EntryState.REFUSED,
    (EntryState.QUEUED, "fail"): EntryState.FAILED,
}
"""The job that scores acts, or the sweep that finds a job gone."""

SCORER: Table = {
    (ScorerState.CANDIDATE, "switch"): ScorerState.CURRENT,
    (ScorerState.CANDIDATE, "drop"): ScorerState.DROPPED,
    (ScorerState.CURRENT, "replace"): ScorerState.FORMER,
}

FLAG: Table = {
    (FlagState.OPEN, "clear"): FlagState.HARMLESS,
    (FlagState.OPEN, "confirm"): FlagState.BREACH,
    (FlagState.HARMLESS, "confirm"): FlagState.BREACH,
    (FlagState.BREACH, "clear"): FlagState.HARMLESS,
}
"""A person judges; no step leads from a flag to a penalty."""


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


def steps_from(table: Table, state: str) -> list[str]:
    """Return the actions that a state allows."""
    return [action for (start, action) in table if start == state]
