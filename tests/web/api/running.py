"""The operations of running a cohort: recognised absences and surveys."""

from tests.web.api import CSV, Call, like

CALLS: dict[str, Call] = {
    f"programmes.{name}": like(f"programmes:{name}")
    for name in (
        "absence_list",
        "absence_detail",
        "absence_file",
        "absence_withdraw",
        "absence_decide",
        "absence_revoke",
        "enrolment_absences",
        "survey_list",
        "surveys_own",
        "survey_create",
        "survey_detail",
        "survey_edit",
        "survey_open",
        "survey_remove",
        "survey_question_add",
        "survey_question_edit",
        "survey_question_remove",
    )
} | {
    "programmes.absence_request": like("programmes:enrolment_absences"),
    "programmes.absence_evidence": like("programmes:absence_evidence", files={"file": b"%PDF-1.4"}),
    "programmes.survey_answer": like("programmes:survey_answer", body={"answers": []}),
    "programmes.seat_offers_file": like("programmes:offers_csv", more=CSV),
    "programmes.survey_file": like("programmes:survey_csv", more=CSV),
    "programmes.absences_file": like("programmes:absences_csv", more=CSV),
}
