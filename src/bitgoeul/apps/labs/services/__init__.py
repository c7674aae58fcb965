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
from bitgoeul.apps.labs.services.marking import Mark, mark_answers, receive_answers
from bitgoeul.apps.labs.services.settings import change_lab, replace_checks
from bitgoeul.apps.labs.services.submissions import (
    DOOR as SUBMISSION_DOOR,
)
from bitgoeul.apps.labs.services.submissions import (
    DOORS as SUBMISSION_DOORS,
)
from bitgoeul.apps.labs.services.submissions import (
    receive_submission,
)
from bitgoeul.apps.labs.services.task_labs import (
    CHECKS_DOOR,
    create_answer_lab,
    create_function_lab,
)

__all__ = [
    "CHECKS_DOOR",
    "LAB_DOOR",
    "SUBMISSION_DOOR",
    "SUBMISSION_DOORS",
    "Content",
    "Mark",
    "Outcome",
    "admit_people",
    "change_lab",
    "close_lab",
    "create_answer_lab",
    "create_function_lab",
    "create_lab",
    "evaluate",
    "fail_submission",
    "mark_answers",
    "open_lab",
    "receive_answers",
    "receive_submission",
    "record_evaluation",
    "record_outcome",
    "replace_checks",
    "rescore",
    "settle_stuck",
]
