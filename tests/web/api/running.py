"""The operations of running a cohort: recognised absences."""

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
    )
} | {
    "programmes.absence_request": like("programmes:enrolment_absences"),
    "programmes.absence_evidence": like("programmes:absence_evidence", files={"file": b"%PDF-1.4"}),
    "programmes.absences_file": like("programmes:absences_csv", more=CSV),
}
