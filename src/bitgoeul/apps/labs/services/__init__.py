"""Every write of the room: checked, changed and journalled in one transaction."""

from bitgoeul.apps.labs.services.bulk import HandedIn, grade_texts, receive_graded
from bitgoeul.apps.labs.services.evaluations import (
    fail_submission,
    record_evaluation,
    record_outcome,
    rescore,
    settle_stuck,
)
from bitgoeul.apps.labs.services.holding import (
    check_file,
    copy_held_lab,
    hold_lab,
    receive_for_holder,
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
from bitgoeul.apps.labs.services.losses import public_losses
from bitgoeul.apps.labs.services.marking import Mark, mark_answers, receive_answers
from bitgoeul.apps.labs.services.outcomes import Outcome, evaluate
from bitgoeul.apps.labs.services.practice import (
    PAUSE,
    Tried,
    hand_in_practice,
    receive_practice,
    record_practice,
    settle_practice,
    try_out,
)
from bitgoeul.apps.labs.services.settings import change_lab, replace_checks
from bitgoeul.apps.labs.services.similarity import (
    COMPARED,
    ask_comparison,
    compare,
    record_similarity,
)
from bitgoeul.apps.labs.services.submissions import (
    BUNDLE_DOOR,
    receive_submission,
)
from bitgoeul.apps.labs.services.submissions import (
    DOOR as SUBMISSION_DOOR,
)
from bitgoeul.apps.labs.services.submissions import (
    DOORS as SUBMISSION_DOORS,
)
from bitgoeul.apps.labs.services.task_labs import (
    AUTOTESTS_DOOR,
    CHECKS_DOOR,
    DATA_DOOR,
    bundle_words,
    create_answer_lab,
    create_bundle_lab,
    create_function_lab,
    create_notebook_lab,
)

__all__ = [
    "AUTOTESTS_DOOR",
    "BUNDLE_DOOR",
    "CHECKS_DOOR",
    "COMPARED",
    "DATA_DOOR",
    "LAB_DOOR",
    "PAUSE",
    "SUBMISSION_DOOR",
    "SUBMISSION_DOORS",
    "Content",
    "HandedIn",
    "Mark",
    "Outcome",
    "Tried",
    "admit_people",
    "ask_comparison",
    "bundle_words",
    "change_lab",
    "check_file",
    "close_lab",
    "compare",
    "copy_held_lab",
    "create_answer_lab",
    "create_bundle_lab",
    "create_function_lab",
    "create_lab",
    "create_notebook_lab",
    "evaluate",
    "fail_submission",
    "grade_texts",
    "hand_in_practice",
    "hold_lab",
    "mark_answers",
    "open_lab",
    "public_losses",
    "receive_answers",
    "receive_for_holder",
    "receive_graded",
    "receive_practice",
    "receive_submission",
    "record_evaluation",
    "record_outcome",
    "record_practice",
    "record_similarity",
    "replace_checks",
    "rescore",
    "settle_practice",
    "settle_stuck",
    "try_out",
]
