"""What the organiser announces, what people ask, and the answers that everybody reads."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestState
from bitgoeul.apps.contests.models import Announcement, Contest, Question
from bitgoeul.apps.contests.services.contests import locked
from bitgoeul.apps.contests.services.notices import tell_asker, tell_everybody
from bitgoeul.apps.contests.services.permission import check, require
from bitgoeul.core import journal, notices
from bitgoeul.core.errors import Refused

MOST_WAITING = 10


def announce(
    *,
    contest: Contest,
    title_ko: str,
    text_ko: str,
    by: User,
    at: dt.datetime,
    title_en: str = "",
    text_en: str = "",
) -> Announcement:
    """Say something to everybody who takes part, and to every reader of the contest."""
    with transaction.atomic():
        row = locked(contest, by)
        said = Announcement(
            contest=row,
            title_ko=title_ko,
            title_en=title_en,
            text_ko=text_ko,
            text_en=text_en,
            published_at=at,
            published_by=by,
        )
        check(said)
        said.save(force_insert=True)
        told = tell_everybody(
            "contests.announced", row, at=at, title=notices.in_both(lambda _lang: said.title)
        )
        after = {"title_ko": title_ko, "text_ko": text_ko}
        journal.record(
            event="contest.news_published",
            by=by,
            at=at,
            on=row,
            after=after,
            details={"told": told},
        )
    return said


def ask_question(*, contest: Contest, text: str, by: User, at: dt.datetime) -> Question:
    """Ask the organiser; the answer is read by everybody, without a name.

    Raises
    ------
    Refused
        When too many questions of the same person wait.
    """
    if contest.state == ContestState.DRAFT or not rules.can_view_contest(by, contest):
        raise Refused(_("You may not do this."), code="not_allowed")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        waiting = contest.questions.filter(asked_by=by, answered_at__isnull=True)
        if waiting.count() >= MOST_WAITING:
            raise Refused(_("Your other questions wait for an answer first."), code="too_many")
        question = Question(contest=contest, asked_by=by, text=text, asked_at=at)
        check(question)
        question.save(force_insert=True)
        details = {"contest": str(contest.uuid)}
        journal.record(event="question.asked", by=by, at=at, on=question, details=details)
    return question


def answer_question(
    *, question: Question, answer: str, by: User, at: dt.datetime, hidden: bool = False
) -> Question:
    """Answer, or correct an answer; `hidden` keeps it between the two."""
    if not answer.strip():
        raise Refused(_("Write an answer."), code="invalid")
    with transaction.atomic():
        row = (
            Question.objects.select_for_update(of=("self",))
            .select_related("contest")
            .get(pk=question.pk)
        )
        require(by, rules.can_answer_question, row)
        fresh = row.answered_at is None
        row.answer, row.hidden = answer.strip(), hidden
        row.answered_by, row.answered_at = by, at
        check(row)
        row.save()
        details = {"hidden": hidden, "again": not fresh}
        journal.record(event="question.answered", by=by, at=at, on=row, details=details)
        tell_asker("contests.answered", row.asked_by, row.contest, at=at)
    return row
