"""Every write of the room: checked by rule and workflow, journalled, in one transaction."""

from bitgoeul.apps.programmes.services.answers import Given, answer_accommodation
from bitgoeul.apps.programmes.services.applications import (
    ANSWER_NAMES,
    PURPOSES,
    Answers,
    Identity,
    judge_eligibility,
    save_application_draft,
    submit_application,
    withdraw_application,
)
from bitgoeul.apps.programmes.services.attendance import (
    DayEntry,
    record_attendance,
    remove_attendance,
)
from bitgoeul.apps.programmes.services.cohorts import (
    STAGES_10_20_70,
    StagePlan,
    TrackPlan,
    close_applications,
    commitment_of,
    create_cohort,
    end_cohort,
    open_applications,
)
from bitgoeul.apps.programmes.services.completion import decide_completions
from bitgoeul.apps.programmes.services.duplicates import decide_duplicate
from bitgoeul.apps.programmes.services.enrolments import (
    ENDED_EARLY,
    assign_lab,
    end_enrolment,
    enrol_selected,
    record_exam_score,
)
from bitgoeul.apps.programmes.services.intake import (
    IncomingApplication,
    snapshot_of,
    take_back_applications,
    take_in_applications,
)
from bitgoeul.apps.programmes.services.programmes import (
    approve_rule_set,
    create_programme,
    propose_rule_set,
    withdraw_rule_set,
)
from bitgoeul.apps.programmes.services.questions import (
    QuestionPlan,
    move_question,
    publish_form,
    remove_question,
    write_question,
)
from bitgoeul.apps.programmes.services.scores import (
    ScoreEntry,
    enter_stage_scores,
    take_back_stage_scores,
)
from bitgoeul.apps.programmes.services.selection import (
    publish_selection,
    run_selection,
    verify_selection,
)

__all__ = [
    "ANSWER_NAMES",
    "ENDED_EARLY",
    "PURPOSES",
    "STAGES_10_20_70",
    "Answers",
    "DayEntry",
    "Given",
    "Identity",
    "IncomingApplication",
    "QuestionPlan",
    "ScoreEntry",
    "StagePlan",
    "TrackPlan",
    "answer_accommodation",
    "approve_rule_set",
    "assign_lab",
    "close_applications",
    "commitment_of",
    "create_cohort",
    "create_programme",
    "decide_completions",
    "decide_duplicate",
    "end_cohort",
    "end_enrolment",
    "enrol_selected",
    "enter_stage_scores",
    "judge_eligibility",
    "move_question",
    "open_applications",
    "propose_rule_set",
    "publish_form",
    "publish_selection",
    "record_attendance",
    "record_exam_score",
    "remove_attendance",
    "remove_question",
    "run_selection",
    "save_application_draft",
    "snapshot_of",
    "submit_application",
    "take_back_applications",
    "take_back_stage_scores",
    "take_in_applications",
    "verify_selection",
    "withdraw_application",
    "withdraw_rule_set",
    "write_question",
]
