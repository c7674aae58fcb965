"""States as tables: from which state which action leads where. Services obey them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import (
    AbsenceState,
    ApplicationState,
    CohortState,
    EnrolmentState,
    SelectionState,
)
from bitgoeul.core.errors import Refused

Table = Mapping[tuple[str, str], str]

COHORT: Table = {
    (CohortState.PLANNED, "open_applications"): CohortState.APPLYING,
    (CohortState.APPLYING, "close_applications"): CohortState.SELECTING,
    (CohortState.SELECTING, "enrol_selected"): CohortState.RUNNING,
    (CohortState.RUNNING, "end_cohort"): CohortState.ENDED,
}
"""Officers of the organiser, and of a city or university party, act on a cohort."""

APPLICATION: Table = {
    (ApplicationState.DRAFT, "save"): ApplicationState.DRAFT,
    (ApplicationState.DRAFT, "submit"): ApplicationState.SUBMITTED,
    (ApplicationState.DRAFT, "withdraw"): ApplicationState.WITHDRAWN,
    (ApplicationState.SUBMITTED, "submit"): ApplicationState.SUBMITTED,
    (ApplicationState.SUBMITTED, "withdraw"): ApplicationState.WITHDRAWN,
    (ApplicationState.SUBMITTED, "declare_ineligible"): ApplicationState.INELIGIBLE,
    (ApplicationState.SUBMITTED, "select"): ApplicationState.SELECTED,
    (ApplicationState.SUBMITTED, "pass_over"): ApplicationState.NOT_SELECTED,
    (ApplicationState.SUBMITTED, "cut"): ApplicationState.NOT_SELECTED,
    (ApplicationState.NOT_SELECTED, "restore"): ApplicationState.SUBMITTED,
    (ApplicationState.NOT_SELECTED, "call"): ApplicationState.SELECTED,
    (ApplicationState.SELECTED, "decline"): ApplicationState.WITHDRAWN,
    (ApplicationState.SELECTED, "lapse"): ApplicationState.NOT_SELECTED,
    (ApplicationState.SELECTED, "declare_ineligible"): ApplicationState.INELIGIBLE,
    (ApplicationState.INELIGIBLE, "readmit"): ApplicationState.SUBMITTED,
    (ApplicationState.WITHDRAWN, "save"): ApplicationState.DRAFT,
    (ApplicationState.WITHDRAWN, "submit"): ApplicationState.SUBMITTED,
}
"""The applicant saves, submits and withdraws; officers judge; the selection selects.

A stage cuts and its taking back restores; the waiting list calls; a seat is declined or lapses."""

SELECTION: Table = {
    (SelectionState.DRAFT, "run"): SelectionState.RUN,
    (SelectionState.RUN, "run"): SelectionState.RUN,
    (SelectionState.RUN, "publish"): SelectionState.PUBLISHED,
}
"""A round may be run again until it is published; then it stands."""

ENROLMENT: Table = {
    (EnrolmentState.ENROLLED, "withdraw"): EnrolmentState.WITHDRAWN,
    (EnrolmentState.ENROLLED, "remove"): EnrolmentState.REMOVED,
    (EnrolmentState.ENROLLED, "leave_for_job"): EnrolmentState.EMPLOYED_EARLY,
    **{
        (before, action): after
        for before in (
            EnrolmentState.ENROLLED,
            EnrolmentState.COMPLETED,
            EnrolmentState.NOT_COMPLETED,
        )
        for action, after in (
            ("complete", EnrolmentState.COMPLETED),
            ("fail", EnrolmentState.NOT_COMPLETED),
        )
    },
}
"""Completion may be decided again after a correction; who left early stays so."""

ABSENCE: Table = {
    (AbsenceState.OPEN, "accept"): AbsenceState.ACCEPTED,
    (AbsenceState.OPEN, "refuse"): AbsenceState.REFUSED,
    (AbsenceState.OPEN, "withdraw"): AbsenceState.WITHDRAWN,
    (AbsenceState.ACCEPTED, "revoke"): AbsenceState.REVOKED,
}
"""Overseeing officers decide and revoke; the person takes back what nobody has decided."""

ENDINGS = {
    EnrolmentState.WITHDRAWN: "withdraw",
    EnrolmentState.REMOVED: "remove",
    EnrolmentState.EMPLOYED_EARLY: "leave_for_job",
}


def can_go(table: Table, state: str, action: str) -> bool:
    """Tell whether an action is possible in a state."""
    return (state, action) in table


def go(table: Table, state: str, action: str, *, refusal: Any = "") -> str:
    """Return the state an action leads to.

    Raises
    ------
    Refused
        When the table has no such step.
    """
    try:
        return str(table[state, action])
    except KeyError:
        raise Refused(
            refusal or _("This is not possible in the present state."), code="wrong_state"
        ) from None


def actions(table: Table, state: str) -> list[str]:
    """Return what can be done in a state."""
    return [action for before, action in table if before == state]
