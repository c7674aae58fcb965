"""States of a lab and of a submission, as tables: from, action, to."""

from typing import Final

from django.utils.translation import gettext as _

from bitgoeul.apps.labs.enums import LabState, SubmissionState
from bitgoeul.core.errors import Refused

LAB_MOVES: Final = (
    (LabState.DRAFT, "open", LabState.OPEN),
    (LabState.OPEN, "close", LabState.CLOSED),
    (LabState.CLOSED, "open", LabState.OPEN),
)
"""A closed lab may be opened again: deadlines are extended in practice."""

SUBMISSION_MOVES: Final = (
    (SubmissionState.QUEUED, "score", SubmissionState.SCORED),
    (SubmissionState.MARKING, "mark", SubmissionState.SCORED),
    (SubmissionState.SCORED, "mark", SubmissionState.SCORED),
    (SubmissionState.QUEUED, "refuse", SubmissionState.REFUSED),
    (SubmissionState.QUEUED, "fail", SubmissionState.FAILED),
    (SubmissionState.SCORED, "rescore", SubmissionState.QUEUED),
    (SubmissionState.FAILED, "rescore", SubmissionState.QUEUED),
    (SubmissionState.REFUSED, "rescore", SubmissionState.QUEUED),
)
"""Nothing stays queued: the worker ends it, or the sweep does when the worker could not.
What a person marks waits for that person, and may be marked again."""


def lab_after(state: str, action: str) -> LabState:
    """Return where an action leads a lab.

    Raises
    ------
    Refused
        When the action is not possible in this state.
    """
    for before, name, after in LAB_MOVES:
        if before == state and name == action:
            return after
    raise Refused(_("This cannot be done with the lab as it stands."), code="wrong_state")


def submission_after(state: str, action: str) -> SubmissionState:
    """Return where an action leads a submission; see `lab_after`."""
    for before, name, after in SUBMISSION_MOVES:
        if before == state and name == action:
            return after
    raise Refused(_("This submission has been dealt with already."), code="wrong_state")
