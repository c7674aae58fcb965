"""Every write of the room: checked, changed and journalled in one transaction."""

from bitgoeul.apps.labs.services.evaluations import (
    Outcome,
    evaluate,
    fail_submission,
    record_evaluation,
    record_outcome,
    rescore,
    settle_stuck,
)
from bitgoeul.apps.labs.services.labs import (
    DOOR as LAB_DOOR,
)
from bitgoeul.apps.labs.services.labs import (
    Content,
    admit_people,
    close_lab,
    create_lab,
    open_lab,
)
from bitgoeul.apps.labs.services.submissions import (
    DOOR as SUBMISSION_DOOR,
)
from bitgoeul.apps.labs.services.submissions import (
    receive_submission,
)

__all__ = [
    "LAB_DOOR",
    "SUBMISSION_DOOR",
    "Content",
    "Outcome",
    "admit_people",
    "close_lab",
    "create_lab",
    "evaluate",
    "fail_submission",
    "open_lab",
    "receive_submission",
    "record_evaluation",
    "record_outcome",
    "rescore",
    "settle_stuck",
]
