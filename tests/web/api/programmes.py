"""The operations of programmes."""

from tests.web.access import EVERYONE, NOBODY, OFFICERS, fixed
from tests.web.access.programmes import asked_key
from tests.web.api import CSV, Call, like

SIGNED_IN = EVERYONE - {"public"}
STEP = fixed(uuid=lambda world: world.cohort.uuid)

CALLS: dict[str, Call] = {
    "programmes.programme_list": like("programmes:programme_list"),
    "programmes.programme_detail": like("programmes:programme_detail"),
    "programmes.programme_create": like("programmes:programme_create"),
    "programmes.rule_set_approve": like("programmes:rule_set_approve"),
    "programmes.rule_set_list": like("programmes:rule_set_list"),
    "programmes.rule_set_propose": like("programmes:rule_set_propose"),
    "programmes.rule_set_withdraw": like("programmes:rule_set_withdraw"),
    "programmes.cohort_create": like("programmes:cohort_create"),
    "programmes.cohort_list": like("programmes:programme_list"),
    "programmes.cohort_detail": like("programmes:cohort_detail"),
    "programmes.cohort_action": like(
        "programmes:cohort_action", kwargs=STEP, body={"action": "end"}
    ),
    "programmes.assignment_list": like("programmes:assignment_list"),
    "programmes.assignment_add": like("programmes:assignment_list"),
    "programmes.apply": like("programmes:apply"),
    "programmes.answer_file_send": like(
        "programmes:apply",
        kwargs=fixed(uuid=lambda world: world.cohort.uuid, key=asked_key),
        files={"file": b"%PDF-1.4"},
    ),
    "programmes.answer_file": like("programmes:answer_file"),
    "programmes.form_detail": like("programmes:form_detail"),
    "programmes.form_publish": like("programmes:form_publish"),
    "programmes.question_add": like("programmes:question_add"),
    "programmes.question_change": like("programmes:question_change"),
    "programmes.question_act": like(
        "programmes:question_act",
        kwargs=fixed(uuid=lambda world: world.cohort.uuid, key=asked_key),
        body={"action": "up"},
    ),
    "programmes.duplicate_list": like("programmes:duplicate_list"),
    "programmes.duplicate_decide": like(
        "programmes:duplicate_decide",
        kwargs=STEP,
        body=lambda world: {
            "first": str(world.applications["trainee"].uuid),
            "second": str(world.applications["graduate"].uuid),
            "verdict": "different",
        },
    ),
    "programmes.accommodation_answer": like("programmes:accommodation_answer"),
    "programmes.application_bulk": like(
        "programmes:application_bulk", body={"expected": 0, "reason": "x"}
    ),
    "programmes.stage_list": like("programmes:stage_list"),
    "programmes.stages_write": like("programmes:stage_list"),
    "programmes.stage_action": like(
        "programmes:stage_action",
        kwargs=fixed(uuid=lambda world: world.stages[0].uuid),
        body={"action": "decide"},
    ),
    "programmes.panel_create": like("programmes:panel_create"),
    "programmes.seat_answer": like("programmes:seat_answer"),
    "programmes.waiting_list": like("programmes:waiting_list"),
    "programmes.selection_store": like("programmes:selection_store"),
    "programmes.applications_own": like("programmes:programme_list", allowed={"other": SIGNED_IN}),
    "programmes.application_list": like("programmes:application_list"),
    "programmes.application_file": like("programmes:applications_csv", more=CSV),
    "programmes.application_detail": like("programmes:application_detail"),
    "programmes.application_withdraw": like("programmes:application_withdraw"),
    "programmes.application_judge": like("programmes:application_judge"),
    "programmes.selection": like("programmes:selection"),
    "programmes.selection_list": like("programmes:selection"),
    "programmes.selection_run": like("programmes:selection_run"),
    "programmes.selection_verify": like("programmes:selection_verify"),
    "programmes.selection_publish": like("programmes:selection_publish"),
    "programmes.selection_bundle": like("programmes:selection_bundle"),
    "programmes.enrolment_list": like("programmes:enrolment_list"),
    "programmes.enrolment_file": like("programmes:enrolments_csv", more=CSV),
    "programmes.enrolment_detail": like("programmes:enrolment_detail"),
    "programmes.limit_list": like("programmes:limit_list"),
    "programmes.limit_file": like("programmes:limits_csv", more=CSV),
    "programmes.allowance_list": like("programmes:allowance_list"),
    "programmes.allowance_calculate": like("programmes:allowance_calculate"),
    "programmes.allowance_run": like("programmes:allowance_run"),
    "programmes.allowance_approve": like("programmes:allowance_approve"),
    "programmes.allowance_file": like("programmes:allowance_csv", more=CSV),
    "programmes.enrolment_allowances": like("programmes:enrolment_allowances"),
    "programmes.allowance_rate": like(
        "programmes:enrolment_allowances", allowed={"own": NOBODY, "other": OFFICERS}
    ),
    "programmes.enrolment_appeal": like("programmes:enrolment_appeal"),
    "programmes.appeal_list": like("programmes:appeal_list"),
    "programmes.appeal_answer": like("programmes:appeal_answer"),
    "programmes.counsel_list": like("programmes:counsel_list"),
    "programmes.counsel_write": like("programmes:counsel_list"),
    "programmes.counsel_settle": like("programmes:counsel_settle"),
    "programmes.preset_list": like("programmes:programme_list"),
    "programmes.enrolment_replay": like("programmes:enrolment_replay"),
    "programmes.enrolment_end": like("programmes:enrolment_end"),
    "programmes.enrolment_exam": like("programmes:enrolment_exam"),
    "programmes.attendance_list": like("programmes:attendance_list"),
    "programmes.attendance_day": like("programmes:attendance_day"),
    "programmes.attendance_record": like("programmes:attendance_day"),
    "programmes.completion": like("programmes:completion"),
    "programmes.completion_decide": like("programmes:completion_decide"),
    "programmes.completion_file": like("programmes:completion_csv", more=CSV),
}
