"""The form of a cohort, and the answers of one application."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch

from bitgoeul.apps.programmes.enums import QuestionKind
from bitgoeul.apps.programmes.models import Answer, Application, Cohort, FormVersion, Question


def current_form(cohort: Cohort) -> FormVersion | None:
    """Return the newest published version of a cohort's form."""
    found = cohort.form_versions.filter(published_at__isnull=False)
    return found.prefetch_related("questions").order_by("-number").first()


def draft_form(cohort: Cohort) -> FormVersion | None:
    """Return the version that is not published yet."""
    found = cohort.form_versions.filter(published_at__isnull=True)
    return found.prefetch_related("questions").first()


def questions_asked(cohort: Cohort) -> list[Question]:
    """Return the questions that applicants answer now, in order."""
    version = current_form(cohort)
    return list(version.questions.all()) if version else []


def answers_to(application: Application | None) -> Mapping[str, Any]:
    """Return by key what of an application's answers still answers; of a file its name."""
    if application is None:
        return {}
    asked = {question.key: question for question in questions_asked(application.cohort)}
    rows = application.answers.select_related("question").order_by("question__version__number")
    return {
        row.question.key: row.name if row.question.kind == QuestionKind.FILE else row.value
        for row in rows
        if (now := asked.get(row.question.key)) is None or now.takes_over(row.question)
    }


def answers_shown(application: Application, *, blind: bool = False) -> Sequence[Answer]:
    """Return an application's answers that say something; with `blind` what reviewers may see."""
    rows = application.answers.select_related("question")
    if blind:
        rows = rows.filter(question__blind=False)
    return [
        row
        for row in rows.order_by("question__order", "question_id")
        if row.value not in ("", []) or row.file
    ]


def versions_of(cohort: Cohort) -> list[FormVersion]:
    """Return all versions, newest first, each with its questions."""
    questions = Prefetch("questions", Question.objects.order_by("order", "id"))
    return list(cohort.form_versions.prefetch_related(questions).order_by("-number"))
