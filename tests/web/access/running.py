"""Who may reach the pages of running a cohort: recognised absences."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile

from bitgoeul.apps.programmes.models import AbsenceRequest
from tests.web.access import NOBODY, OFFICERS, Route, page
from tests.web.access.programmes import COHORT, POST, TEACHING, TRAINEES, owned, row_of
from tests.world import AT, World

TRAINEE = frozenset({"trainee"})


def _absence(world: World) -> AbsenceRequest:
    """The request of the trainee, made once a world."""
    if "absence" not in world.more:
        enrolment = world.enrolments["trainee"]
        made = AbsenceRequest(
            enrolment=enrolment, kind="illness", from_on=AT.date(), until_on=AT.date(),
            words="고열", filed_by=enrolment.person, filed_at=AT, name="진단서.pdf",
        )  # fmt: skip
        made.file.save("진단서.pdf", ContentFile(b"%PDF-1.4"), save=True)
        world.more["absence"] = made
    return world.more["absence"]  # type: ignore[no-any-return]  # made just above


def absence(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The trainee's request, to the trainee and to everybody else."""
    if ownership != ("own" if role == "trainee" else "other"):
        return None
    return {"uuid": _absence(world).uuid}


ROUTES: dict[str, Route] = {
    "programmes:enrolment_absences": owned(TRAINEES, OFFICERS, row_of("enrolments")),
    "programmes:absence_list": page(TEACHING, COHORT),
    "programmes:absences_csv": page(OFFICERS, COHORT),
    "programmes:absences_xlsx": page(OFFICERS, COHORT),
    "programmes:absence_detail": owned(TRAINEE, OFFICERS, absence),
    "programmes:absence_file": owned(TRAINEE, OFFICERS, absence),
    "programmes:absence_evidence": owned(TRAINEE, OFFICERS, absence, **POST),
    "programmes:absence_withdraw": owned(TRAINEE, NOBODY, absence, **POST),
    "programmes:absence_decide": owned(NOBODY, OFFICERS, absence, **POST),
    "programmes:absence_revoke": owned(NOBODY, OFFICERS, absence, **POST),
}
