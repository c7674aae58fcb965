"""Surveys: written, opened to those they ask, answered once and without a name."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import EnrolmentState, SurveyKind
from bitgoeul.apps.programmes.models import (
    Cohort,
    Enrolment,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyTally,
    SurveyText,
)
from bitgoeul.apps.programmes.models.survey import POINTS, SURVEY_PRESETS
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.apps.programmes.services.survey_news import tell_opened
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

_SURVEY = (
    "module", "class_group", "title_ko", "title_en", "about_ko", "about_en", "opens_at",
    "closes_at",
)  # fmt: skip
_QUESTION = ("kind", "area_ko", "area_en", "text_ko", "text_en")
_ASKED = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


def make_survey(
    *,
    cohort: Cohort,
    values: Mapping[str, Any],
    by: User | None,
    at: dt.datetime,
    preset: str = "",
) -> Survey:
    """Begin a survey, with the questions of a preset or none; nobody sees it before it opens."""
    require(by, rules.can_manage_cohort, cohort)
    with transaction.atomic():
        row = Survey(cohort=cohort)
        _set(row, values)
        row.save(force_insert=True)
        questions = SURVEY_PRESETS[preset]["questions"] if preset else []
        for order, said in enumerate(questions, start=1):
            question = SurveyQuestion(survey=row, order=order, **said)
            check(question)
            question.save(force_insert=True)
        details = {"preset": preset, "questions": len(questions)}
        journal.record(event="survey.made", by=by, at=at, on=row, details=details)
    return row


def change_survey(
    *, survey: Survey, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> Survey:
    """Change title, scope and window of a survey that is not open yet."""
    with transaction.atomic():
        row = _draft(survey, by)
        _set(row, values)
        row.save()
        journal.record(event="survey.changed", by=by, at=at, on=row, details={})
    return row


def remove_survey(*, survey: Survey, by: User | None, at: dt.datetime) -> None:
    """Throw away a survey that was never open."""
    with transaction.atomic():
        row = _draft(survey, by)
        journal.record(event="survey.removed", by=by, at=at, on=row, details={})
        row.delete()


def save_survey_question(
    *,
    survey: Survey,
    values: Mapping[str, Any],
    by: User | None,
    at: dt.datetime,
    question: SurveyQuestion | None = None,
) -> SurveyQuestion:
    """Add a question to a survey that is not open yet, or change one."""
    with transaction.atomic():
        row = _draft(survey, by)
        last = row.questions.aggregate(n=Max("order"))["n"] or 0
        one = question or SurveyQuestion(survey=row, order=last + 1)
        for name in _QUESTION:
            if name in values:
                setattr(one, name, values[name])
        check(one)
        one.save()
        details = {"survey": str(row.uuid), "kind": one.kind}
        journal.record(event="survey_question.saved", by=by, at=at, on=one, details=details)
    return one


def remove_survey_question(*, question: SurveyQuestion, by: User | None, at: dt.datetime) -> None:
    """Take a question out of a survey that is not open yet."""
    with transaction.atomic():
        row = _draft(question.survey, by)
        details = {"survey": str(row.uuid)}
        journal.record(event="survey_question.removed", by=by, at=at, on=question, details=details)
        question.delete()


def open_survey(*, survey: Survey, by: User | None, at: dt.datetime) -> Survey:
    """Fix the questions, write down whom they are for, and tell them."""
    with transaction.atomic():
        row = _draft(survey, by)
        questions = list(row.questions.all())
        if not questions:
            raise Refused(_("The survey has no question yet."), code="incomplete")
        if row.closes_at <= at:
            raise Refused(_("The survey would be over already."), code="invalid")
        people = people_asked(row)
        if not people:
            raise Refused(_("Nobody is there to be asked."), code="incomplete")
        SurveyInvitation.objects.bulk_create(
            SurveyInvitation(survey=row, enrolment=one) for one in people
        )
        SurveyTally.objects.bulk_create(
            SurveyTally(question=question, point=point)
            for question in questions
            if question.kind == SurveyKind.SCALE
            for point in POINTS
        )
        row.published_at = at
        row.save(update_fields=["published_at"])
        details = {"people": len(people), "questions": len(questions)}
        journal.record(event="survey.opened", by=by, at=at, on=row, details=details)
        tell_opened(row, [one.person for one in people], at=at)
    return row


def answer_survey(
    *, survey: Survey, person: User, answers: Mapping[UUID, int | str], at: dt.datetime
) -> None:
    """Add somebody's answers to what is there, and mark that they have answered.

    The journal says that one more answer came in, not whose it was.

    Raises
    ------
    Refused
        When they were not asked, have answered, it is not open, or a point is missing.
    """
    with transaction.atomic():
        mine = (
            SurveyInvitation.objects.select_for_update(of=("self",))
            .filter(survey=survey, enrolment__person=person)
            .first()
        )
        if mine is None:
            raise Refused(_("You may not do this."), code="not_allowed")
        if not survey.is_open(at):
            raise Refused(_("This survey cannot be answered now."), code="closed")
        if mine.answered:
            raise Refused(_("You have answered this survey already."), code="taken")
        for question in survey.questions.all():
            _add(question, answers.get(question.uuid, ""))
        mine.answered = True
        mine.save(update_fields=["answered"])
        journal.record(event="survey.answered", by=None, at=at, on=survey, details={})


def people_asked(survey: Survey) -> list[Enrolment]:
    """Return whom a survey is for: a class, whoever has the module, or the cohort."""
    rows = Enrolment.objects.filter(cohort=survey.cohort_id, state__in=_ASKED)
    if survey.class_group_id:
        rows = rows.filter(class_group=survey.class_group_id)
    elif survey.module is not None and survey.module.track_id:
        rows = rows.filter(track=survey.module.track_id)
    return list(rows.select_related("person").order_by("pk"))


def _add(question: SurveyQuestion, answer: int | str) -> None:
    if question.kind == SurveyKind.TEXT:
        words = str(answer).strip()
        if words:
            row = SurveyText(question=question, text=words)
            check(row)
            row.save(force_insert=True)
        return
    if answer not in POINTS:
        raise Refused(
            _("“%(question)s” must be answered.") % {"question": question.text}, code="incomplete"
        )
    SurveyTally.objects.filter(question=question, point=answer).update(number=F("number") + 1)


def _set(row: Survey, values: Mapping[str, Any]) -> None:
    for name in _SURVEY:
        if name in values:
            setattr(row, name, values[name])
    if row.closes_at <= row.opens_at:
        raise Refused(_("The survey would end before it opens."), code="invalid")
    cohorts = [
        row.module.cohort_id if row.module else row.cohort_id,
        row.class_group.track.cohort_id if row.class_group else row.cohort_id,
    ]
    if any(cohort != row.cohort_id for cohort in cohorts):
        raise Refused(_("This belongs to another cohort."), code="invalid")
    check(row)


def _draft(survey: Survey, by: User | None) -> Survey:
    near = ("cohort__programme", "module", "class_group")
    rows = Survey.objects.select_for_update(of=("self",)).select_related(*near)
    row = rows.get(pk=survey.pk)
    require(by, rules.can_manage_survey, row)
    if row.published_at is not None:
        raise Refused(_("This survey was opened: its questions stand."), code="wrong_state")
    return row
