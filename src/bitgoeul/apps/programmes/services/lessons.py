"""What a cohort reads and asks: lessons, announcements, questions and answers."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState, EnrolmentState
from bitgoeul.apps.programmes.models import (
    Announcement,
    ClassAnswer,
    ClassGroup,
    ClassQuestion,
    Cohort,
    Enrolment,
    Lesson,
    LessonFile,
    Module,
    Teaching,
)
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.apps.programmes.services.projects import Work
from bitgoeul.apps.programmes.services.teaching_news import (
    tell_announced,
    tell_answered,
    tell_asked,
)
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports.errors import FileRefused

_LESSON = ("order", "title_ko", "title_en", "text", "video", "released_on")


def save_lesson(
    *,
    module: Module,
    values: Mapping[str, Any],
    by: User | None,
    at: dt.datetime,
    lesson: Lesson | None = None,
    work: Work | None = None,
) -> Lesson:
    """Write a lesson of a module, with a file if one comes along; files are only added."""
    if work is not None:
        try:
            uploads.admit_paper(work.content, name=work.name)
        except FileRefused as refusal:
            raise Refused(str(refusal), code=refusal.code) from refusal
    with transaction.atomic():
        require(by, rules.can_teach_cohort, module.cohort)
        row = lesson or Lesson(module=module)
        for name in _LESSON:
            if name in values:
                setattr(row, name, values[name])
        if row.video and not row.video.startswith("https://"):
            raise Refused(_("A link to a video begins with https://."), code="invalid")
        check(row)
        row.save()
        if work is not None:
            _add_file(row, work)
        details = {"module": module.key, "released_on": row.released_on.isoformat()}
        journal.record(event="lesson.saved", by=by, at=at, on=row, details=details)
    return row


def remove_lesson(*, lesson: Lesson, by: User | None, at: dt.datetime) -> None:
    """Take a lesson out with its files."""
    with transaction.atomic():
        require(by, rules.can_teach_cohort, lesson.module.cohort)
        details = {"module": lesson.module.key, "order": lesson.order}
        journal.record(event="lesson.removed", by=by, at=at, on=lesson, details=details)
        lesson.delete()


def announce(
    *,
    cohort: Cohort,
    title: str,
    text: str,
    by: User | None,
    at: dt.datetime,
    class_group: ClassGroup | None = None,
) -> Announcement:
    """Tell a cohort, or one class of it, something; everyone concerned gets a notice."""
    with transaction.atomic():
        require(by, rules.can_teach_cohort, cohort)
        if class_group is not None and class_group.track.cohort_id != cohort.pk:
            raise Refused(_("The class belongs to another cohort."), code="invalid")
        row = Announcement(
            cohort=cohort, class_group=class_group, title=title, text=text, published_by=by,
            published_at=at,
        )  # fmt: skip
        check(row)
        row.save(force_insert=True)
        details = {"class": class_group.key if class_group else ""}
        journal.record(event="announcement.published", by=by, at=at, on=row, details=details)
        tell_announced(row, at=at)
    return row


def ask_question(
    *,
    cohort: Cohort,
    person: User,
    title: str,
    text: str,
    at: dt.datetime,
    module: Module | None = None,
    shared: bool = True,
) -> ClassQuestion:
    """Ask who teaches; the instructors of one's class are told."""
    with transaction.atomic():
        enrolment = Enrolment.objects.filter(
            cohort=cohort, person=person, state=EnrolmentState.ENROLLED
        ).first()
        if enrolment is None or cohort.state == CohortState.ENDED:
            raise Refused(_("Questions are asked by trainees while the course runs."))
        row = ClassQuestion(
            enrolment=enrolment, module=module, title=title, text=text, shared=shared, asked_at=at
        )
        check(row)
        row.save(force_insert=True)
        details = {"shared": shared, "module": module.key if module else ""}
        journal.record(event="question.asked", by=person, at=at, on=row, details=details)
        tell_asked(row, _instructors_of(enrolment, module), at=at)
    return row


def answer_question(
    *, question: ClassQuestion, text: str, by: User, at: dt.datetime
) -> ClassAnswer:
    """Answer, or ask back; an answer of somebody else is told to who asked."""
    with transaction.atomic():
        own = question.enrolment.person_id == by.pk
        if not own:
            require(by, rules.can_teach_cohort, question.enrolment.cohort)
        row = ClassAnswer(question=question, text=text, written_by=by, written_at=at)
        check(row)
        row.save(force_insert=True)
        question.answered_at = None if own else at
        question.save(update_fields=["answered_at"])
        details = {"own": own}
        journal.record(event="question.answered", by=by, at=at, on=question, details=details)
        if not own:
            tell_answered(question, at=at)
    return row


def _add_file(lesson: Lesson, work: Work) -> None:
    row = LessonFile(
        lesson=lesson, name=uploads.safe_name(work.name), size=len(work.content),
        sha256=hashlib.sha256(work.content).hexdigest(),
    )  # fmt: skip
    row.file.save(row.name, ContentFile(work.content), save=False)
    check(row)
    row.save(force_insert=True)


def _instructors_of(enrolment: Enrolment, module: Module | None) -> list[User]:
    """Who teaches the class: of the module if somebody does, else everyone."""
    rows = Teaching.objects.filter(class_group=enrolment.class_group_id).select_related("person")
    teachings = list(rows)
    own = [row for row in teachings if module is not None and row.module_id == module.pk]
    return list({row.person.pk: row.person for row in own or teachings}.values())
