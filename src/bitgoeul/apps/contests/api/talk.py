"""Announcements and questions of a contest."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.api.room import room
from bitgoeul.apps.contests.forms import AnnouncementForm, AnswerForm, QuestionForm
from bitgoeul.apps.contests.models import Announcement, Question
from bitgoeul.apps.contests.views.replies import contest_for, managed
from bitgoeul.apps.contests.views.talk import question_for
from bitgoeul.core import clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import Made, Row, listed


class ContestAnnouncementRow(Row):
    """Something that was announced."""

    uuid: UUID
    title_ko: str
    title_en: str
    text_ko: str
    text_en: str
    published_at: dt.datetime


class ContestQuestionRow(Row):
    """A question with its answer; nobody's name."""

    uuid: UUID
    text: str
    asked_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    hidden: bool


@room.lists("/contests/{uuid:uuid}/announcements", ContestAnnouncementRow, public=True)
def announcement_list(request: Request, uuid: UUID) -> Any:
    """List what was announced, oldest first."""
    contest = contest_for(request, uuid)
    return listed(request, Announcement.objects.filter(contest=contest), ContestAnnouncementRow)


@room.lists("/contests/{uuid:uuid}/questions", ContestQuestionRow, public=True)
def talk(request: Request, uuid: UUID) -> Any:
    """List questions with their answers, and one's own that wait."""
    contest = contest_for(request, uuid)
    seen = Question.objects.filter(rules.questions_visible_to(request.user), contest=contest)
    return listed(request, seen.distinct(), ContestQuestionRow)


@room.writes("/contests/{uuid:uuid}/questions", Made, status=201, body=QuestionForm)
def question_ask(request: Request, uuid: UUID) -> Any:
    """Ask the organiser."""
    contest = contest_for(request, uuid)
    facts = bind(request, QuestionForm).cleaned_data
    made = services.ask_question(contest=contest, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/contests/{uuid:uuid}/announcements", Made, status=201, body=AnnouncementForm)
def announce(request: Request, uuid: UUID) -> Any:
    """Say something to everybody who takes part."""
    contest = managed(request, uuid)
    facts = bind(request, AnnouncementForm).cleaned_data
    made = services.announce(contest=contest, **facts, by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.writes("/questions/{uuid:uuid}/answer", Made, method="PUT", body=AnswerForm)
def question_answer(request: Request, uuid: UUID) -> Any:
    """Answer a question, or correct its answer."""
    question = question_for(request, uuid)
    facts = bind(request, AnswerForm).cleaned_data
    services.answer_question(question=question, **facts, by=request.user, at=clock.now())
    return {"uuid": uuid}
