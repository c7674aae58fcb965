"""What an applicant answers to the cohort's own questions, and what they need to take part."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.services import Paper
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import AccommodationState, QuestionKind
from bitgoeul.apps.programmes.models import (
    Accommodation,
    Answer,
    Application,
    FormVersion,
    Question,
)
from bitgoeul.apps.programmes.queries.forms import current_form
from bitgoeul.apps.programmes.services.notices import tell_accommodation
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import FileRefused


@dataclass(frozen=True, kw_only=True)
class Given:
    """Answers by the key of their question, files by the same; `need` asks for accommodation."""

    values: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    need: str | None = None


def keep_answers(application: Application, given: Given, *, at: dt.datetime) -> None:
    """Write answers under the version that counts now, inside the application's transaction.

    What was answered to an earlier version is carried over where the key is still asked; answers
    to questions that are gone stay as they are.
    """
    version = current_form(application.cohort)
    if version is not None:
        _keep(application, version, given)
    if given.need is not None:
        _ask(application, given.need.strip(), at=at)


def answers_state(application: Application) -> dict[str, object]:
    """What of the answers the journal digests."""
    rows = Answer.objects.filter(application=application).select_related("question")
    asked = Accommodation.objects.filter(application=application).first()
    return {
        "answers": {row.question.key: row.sha256 or row.value for row in rows},
        "need": asked.need if asked else "",
    }


def refuse_unanswered(application: Application) -> None:
    """Refuse to hand in while a question that must be answered has no answer.

    Raises
    ------
    Refused
        With code `incomplete`, naming the first such question.
    """
    version = current_form(application.cohort)
    if version is None:
        return
    answered = {
        row.question_id
        for row in application.answers.all()
        if row.value not in ("", []) or row.file
    }
    for question in version.questions.filter(required=True):
        if question.pk not in answered:
            raise Refused(
                _("“%(question)s” must be answered.") % {"question": question.label},
                code="incomplete",
            )


def answer_accommodation(
    *, application: Application, granted: bool, answer: str, by: User | None, at: dt.datetime
) -> Accommodation:
    """Say whether what an applicant needs is possible, and how."""
    with transaction.atomic():
        row = (
            Accommodation.objects.select_for_update(of=("self",))
            .select_related("application__cohort__programme", "application__person")
            .filter(application=application)
            .first()
        )
        require(by, rules.can_manage_application, application)
        if row is None or not row.need:
            raise Refused(_("Nothing was asked for."), code="wrong_state")
        if not answer.strip():
            raise Refused(_("Say what is done, or why it is not possible."), code="incomplete")
        row.state = AccommodationState.GRANTED if granted else AccommodationState.REFUSED
        row.answer, row.decided_at, row.decided_by = answer.strip(), at, by
        check(row)
        row.save()
        journal.record(
            event="accommodation.answered",
            by=by,
            at=at,
            on=row,
            after={"answer": row.answer},
            details={"state": str(row.state)},
        )
        tell_accommodation(row.application, at=at)
    return row


def _keep(application: Application, version: FormVersion, given: Given) -> None:
    questions = {question.key: question for question in version.questions.all()}
    standing = {
        row.question.key: row
        for row in application.answers.select_related("question").order_by(
            "question__version__number"
        )
    }
    unknown = (set(given.values) | set(given.papers)) - set(questions)
    if unknown:
        raise Refused(_("This form has no such question."), code="invalid")
    for key, question in questions.items():
        row = standing.get(key) or Answer(application=application, question=question)
        moved = _moved(row, question)
        if key in given.papers and question.kind == QuestionKind.FILE:
            _put_file(row, given.papers[key])
        elif key in given.values and question.kind != QuestionKind.FILE:
            row.value = _checked(question, given.values[key])
        elif not moved:
            continue
        row.save()


def _moved(row: Answer, question: Question) -> bool:
    if row.question_id == question.pk:
        return False
    earlier, row.question = row.question, question
    if not question.takes_over(earlier):
        _empty(row)
        return True
    try:
        row.value = question.checked(row.value)
    except ValidationError:
        row.value = ""  # the question asks for something else now
    return True


def _empty(row: Answer) -> None:
    old, storage = row.file.name, row.file.storage
    row.value, row.name, row.size, row.sha256, row.file = "", "", 0, "", ""
    if old:
        transaction.on_commit(lambda: storage.delete(old))


def _checked(question: Question, value: Any) -> Any:
    try:
        return question.checked(value)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error


def _put_file(row: Answer, paper: Paper) -> None:
    try:
        uploads.admit_paper(paper.content, name=paper.name)
    except FileRefused as refusal:
        raise Refused(str(refusal), code=refusal.code) from refusal
    old = row.file.name
    row.name = uploads.safe_name(paper.name)
    row.size, row.sha256 = len(paper.content), hashlib.sha256(paper.content).hexdigest()
    row.file.save(row.name, ContentFile(paper.content), save=False)
    if old and old != row.file.name:
        storage = row.file.storage
        # Only once the new one is in the database: interrupted, the old one still stands.
        transaction.on_commit(lambda: storage.delete(old))


def _ask(application: Application, need: str, *, at: dt.datetime) -> None:
    row = Accommodation.objects.filter(application=application).first()
    if row is None and not need:
        return
    row = row or Accommodation(application=application, asked_at=at)
    if row.need == need and row.pk:
        return
    row.need, row.asked_at, row.state = need, at, AccommodationState.ASKED
    row.answer, row.decided_at, row.decided_by = "", None, None
    check(row)
    row.save()
