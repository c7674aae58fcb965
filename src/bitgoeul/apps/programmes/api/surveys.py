"""Surveys: written, opened, answered, and what came of them."""

import datetime as dt
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms.surveys import SheetForm, SurveyForm, SurveyQuestionForm
from bitgoeul.apps.programmes.models import Survey
from bitgoeul.apps.programmes.queries.surveys import (
    Result,
    results_of,
    surveys_listed,
    surveys_of,
)
from bitgoeul.apps.programmes.views import surveys as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import clock
from bitgoeul.core.api.bodies import Body, bind, given
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import Made, Row, sliced


class SurveyRow(Row):
    """A survey."""

    uuid: UUID
    title: str
    module: str | None
    class_group: str | None
    opens_at: dt.datetime
    closes_at: dt.datetime
    published_at: dt.datetime | None


class OwnSurveyRow(SurveyRow):
    """A survey that one was asked."""

    answered: bool


class SurveyQuestionOut(Row):
    """A question, and what came of it once the survey is over; null where withheld."""

    uuid: UUID
    kind: str
    area: str
    text: str
    answers: int | None
    mean: float | None
    counts: list[int] | None
    texts: list[str] | None


class SurveyOut(SurveyRow):
    """A survey with its questions; `answered` is null before it is over or where too few did."""

    about: str
    asked: int
    over: bool
    answered: int | None
    questions: list[SurveyQuestionOut]


class SurveyAnswerIn(BaseModel):
    """An answer: a point from 1 to 5, or words."""

    question: UUID
    point: int | None = None
    text: str = ""


class SheetIn(Body):
    """All answers of somebody."""

    answers: list[SurveyAnswerIn]


@room.lists("/cohorts/{uuid:uuid}/surveys", SurveyRow)
def survey_list(request: Request, uuid: UUID) -> Any:
    """List the surveys of a cohort that one may read."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    rows = list(surveys_listed(cohort, rules.surveys_visible_to(request.user)))
    page = sliced(request, rows)
    return page | {"items": [_row(one) for one in page["items"]]}


@room.lists("/surveys", OwnSurveyRow)
def surveys_own(request: Request) -> Any:
    """List the surveys that one was asked."""
    page = sliced(request, surveys_of(request.user))
    items = [_row(one.survey) | {"answered": one.answered} for one in page["items"]]
    return page | {"items": items}


@room.writes("/cohorts/{uuid:uuid}/surveys", Made, status=201, body=SurveyForm)
def survey_create(request: Request, uuid: UUID) -> Any:
    """Begin a survey."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    form = bind(request, SurveyForm, cohort=cohort)
    return {"uuid": services.make_survey(cohort=cohort, **form.facts(), **acting(request)).uuid}


@room.reads("/surveys/{uuid:uuid}", SurveyOut)
def survey_detail(request: Request, uuid: UUID) -> Any:
    """Read a survey, and once it is over what came of it."""
    row = pages.survey_for(rules.surveys_visible_to(request.user), uuid)
    results = results_of(row, at=clock.now())
    shown = {one.question.uuid: one for one in results.questions} if results else {}
    questions = [_question(one, shown.get(one.uuid)) for one in row.questions.all()]
    return _row(row) | {
        "about": row.about,
        "asked": row.invitations.count(),
        "over": results is not None,
        "answered": results.answered if results else None,
        "questions": questions,
    }


@room.writes("/surveys/{uuid:uuid}", Made, body=SurveyForm, method="PATCH")
def survey_edit(request: Request, uuid: UUID) -> Any:
    """Change a survey that is not open yet."""
    row = pages.survey_for(rules.surveys_managed_by(request.user), uuid)
    form = bind(request, SurveyForm, instance=row, cohort=row.cohort)
    services.change_survey(survey=row, **form.facts(), **acting(request))
    return {"uuid": uuid}


@room.writes("/surveys/{uuid:uuid}/opening", Made)
def survey_open(request: Request, uuid: UUID) -> Any:
    """Open a survey to those it asks."""
    row = pages.survey_for(rules.surveys_managed_by(request.user), uuid)
    services.open_survey(survey=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/surveys/{uuid:uuid}/removal", Made)
def survey_remove(request: Request, uuid: UUID) -> Any:
    """Throw a survey away that was never open."""
    row = pages.survey_for(rules.surveys_managed_by(request.user), uuid)
    services.remove_survey(survey=row, **acting(request))
    return {"uuid": uuid}


@room.writes("/surveys/{uuid:uuid}/questions", Made, status=201, body=SurveyQuestionForm)
def survey_question_add(request: Request, uuid: UUID) -> Any:
    """Add a question."""
    row = pages.survey_for(rules.surveys_managed_by(request.user), uuid)
    values = bind(request, SurveyQuestionForm).cleaned_data
    made = services.save_survey_question(survey=row, values=values, **acting(request))
    return {"uuid": made.uuid}


@room.writes("/survey-questions/{uuid:uuid}", Made, body=SurveyQuestionForm, method="PATCH")
def survey_question_edit(request: Request, uuid: UUID) -> Any:
    """Change a question."""
    row = pages.question_for(request, uuid)
    values = bind(request, SurveyQuestionForm, instance=row).cleaned_data
    facts = {"values": values, "question": row, **acting(request)}
    services.save_survey_question(survey=row.survey, **facts)
    return {"uuid": uuid}


@room.writes("/survey-questions/{uuid:uuid}/removal", Made)
def survey_question_remove(request: Request, uuid: UUID) -> Any:
    """Take a question out."""
    services.remove_survey_question(question=pages.question_for(request, uuid), **acting(request))
    return {"uuid": uuid}


@room.writes("/surveys/{uuid:uuid}/answers", Made, body=SheetIn)
def survey_answer(request: Request, uuid: UUID) -> Any:
    """Answer a survey, once and without a name."""
    row = pages.survey_for(rules.surveys_answered_by(request.user), uuid)
    values = {
        str(one.question): one.text if one.point is None else one.point
        for one in given(request).answers
    }
    form = bind(request, SheetForm, data=values, questions=list(row.questions.all()))
    services.answer_survey(survey=row, person=request.user, answers=form.answers(), at=clock.now())
    return {"uuid": uuid}


room.hands_out(
    "/surveys/{uuid:uuid}/results.{form}", pages.survey_results, CSV, XLSX, name="survey_file"
)


def _row(row: Survey) -> dict[str, Any]:
    plain = ("uuid", "title", "opens_at", "closes_at", "published_at")
    return {
        **{name: getattr(row, name) for name in plain},
        "module": row.module.key if row.module else None,
        "class_group": row.class_group.key if row.class_group else None,
    }


def _question(question: Any, shown: Result | None) -> dict[str, Any]:
    scale = shown.scale if shown else None
    texts = shown.texts if shown else None
    return {
        **{name: getattr(question, name) for name in ("uuid", "kind", "area", "text")},
        "answers": scale.answers if scale else None,
        "mean": None if scale is None or scale.mean is None else float(scale.mean),
        "counts": list(scale.counts) if scale and scale.counts is not None else None,
        "texts": None if texts is None else list(texts),
    }
