"""Who may reach the pages of running a cohort: recognised absences and surveys."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile

from bitgoeul.apps.programmes.models import (
    AbsenceRequest,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
)
from tests.web.access import NOBODY, OFFICERS, SIGNED_IN, Route, action, fixed, page
from tests.web.access.programmes import COHORT, POST, PUBLISHED, TEACHING, TRAINEES, owned, row_of
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


def _survey(world: World) -> Survey:
    """A survey that the trainee is asked, made once a world."""
    if "survey" not in world.more:
        made = Survey.objects.create(
            cohort=world.cohort, title_ko="만족도", title_en="Satisfaction", opens_at=AT,
            closes_at=AT + dt.timedelta(days=3650), published_at=AT,
        )  # fmt: skip
        SurveyQuestion.objects.create(survey=made, order=1, text_ko="만족", text_en="Satisfied")
        SurveyInvitation.objects.create(survey=made, enrolment=world.enrolments["trainee"])
        world.more["survey"] = made
    return world.more["survey"]  # type: ignore[no-any-return]  # made just above


def asked(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """The survey, to the trainee and to everybody else."""
    if ownership != ("own" if role == "trainee" else "other"):
        return None
    return {"uuid": _survey(world).uuid}


SURVEY = fixed(uuid=lambda w: _survey(w).uuid)
SURVEY_QUESTION = fixed(uuid=lambda w: _survey(w).questions.get().uuid)

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
    "programmes:offers_csv": page(OFFICERS, PUBLISHED),
    "programmes:offers_xlsx": page(OFFICERS, PUBLISHED),
    "programmes:surveys_own": page(SIGNED_IN),
    "programmes:survey_list": page(TEACHING, COHORT),
    "programmes:survey_create": page(OFFICERS, COHORT),
    # It is about the whole course: instructors read what is about their module or class.
    "programmes:survey_detail": page(OFFICERS, SURVEY),
    "programmes:survey_edit": page(OFFICERS, SURVEY),
    "programmes:survey_open": action(OFFICERS, SURVEY),
    "programmes:survey_remove": action(OFFICERS, SURVEY),
    "programmes:survey_answer": owned(TRAINEE, NOBODY, asked),
    "programmes:survey_csv": page(OFFICERS, SURVEY),
    "programmes:survey_xlsx": page(OFFICERS, SURVEY),
    "programmes:survey_question_add": page(OFFICERS, SURVEY),
    "programmes:survey_question_edit": page(OFFICERS, SURVEY_QUESTION),
    "programmes:survey_question_remove": action(OFFICERS, SURVEY_QUESTION),
}
