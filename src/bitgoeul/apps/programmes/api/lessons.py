"""Lessons, announcements and questions."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms.lessons import (
    AnnouncementForm,
    AnswerForm,
    LessonForm,
    QuestionForm,
)
from bitgoeul.apps.programmes.models import (
    Announcement,
    ClassQuestion,
    Lesson,
    LessonFile,
    Module,
)
from bitgoeul.apps.programmes.queries.lessons import announcements_for, questions_for
from bitgoeul.apps.programmes.views import lessons as pages
from bitgoeul.apps.programmes.views.loading import note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind, body_of
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one
from bitgoeul.core.markdown import rendered
from bitgoeul.core.uploads import PAPERS

FILE = "application/octet-stream"


class LessonRow(Row):
    """A lesson."""

    uuid: UUID
    module: Annotated[str, At("module__key")]
    order: int
    title_ko: str
    title_en: str
    video: str
    released_on: dt.date


class LessonFileRow(Row):
    """A file of a lesson."""

    uuid: UUID
    name: str
    size: int


class LessonOut(LessonRow):
    """A lesson with its text in Markdown, the same as clean HTML, and its files."""

    text: str
    html: Annotated[str, At("")]
    files: Annotated[list[LessonFileRow], At("")]


class AnnouncementRow(Row):
    """An announcement; without a class it is for everyone."""

    uuid: UUID
    class_group: Annotated[UUID | None, At("class_group__uuid")]
    title: str
    text: str
    published_at: dt.datetime


class QuestionRow(Row):
    """A question of a trainee."""

    uuid: UUID
    person: Annotated[UUID, At("enrolment__person__uuid")]
    full_name: Annotated[str, At("enrolment__person__full_name")]
    module: Annotated[str | None, At("module__key")]
    title: str
    shared: bool
    asked_at: dt.datetime
    answered_at: dt.datetime | None


class AnswerRow(Row):
    """An answer."""

    uuid: UUID
    text: str
    written_by: Annotated[UUID, At("written_by__uuid")]
    full_name: Annotated[str, At("written_by__full_name")]
    written_at: dt.datetime


class QuestionOut(QuestionRow):
    """A question with its answers."""

    text: str
    answers: Annotated[list[AnswerRow], At("")]


AskedIn = body_of(QuestionForm, suffix="Asked")


@room.lists("/cohorts/{uuid:uuid}/lessons", LessonRow)
def lesson_list(request: Request, uuid: UUID) -> Any:
    """List the lessons that one may read."""
    cohort = pages.studied_cohort(request, uuid)
    visible = rules.lessons_visible_to(request.user)
    found = Lesson.objects.filter(visible, module__cohort=cohort).distinct()
    return listed(request, found, LessonRow)


@room.reads("/lessons/{uuid:uuid}", LessonOut)
def lesson_detail(request: Request, uuid: UUID) -> Any:
    """Read a lesson."""
    visible = rules.lessons_visible_to(request.user)
    found = one(Lesson.objects.all(), visible, LessonOut, uuid=uuid)
    files = every(LessonFile.objects.filter(lesson__uuid=uuid), LessonFileRow)
    return found | {"html": rendered(found["text"]), "files": files}


room.hands_out("/lesson-files/{uuid:uuid}", pages.lesson_file, FILE, name="lesson_file")


@room.writes(
    "/modules/{uuid:uuid}/lessons",
    Made,
    status=201,
    body=LessonForm,
    most_bytes=PAPERS.most_bytes,
)
def lesson_create(request: Request, uuid: UUID) -> Any:
    """Write a lesson of a module, with a file if one comes along."""
    visible = rules.of_taught_cohorts(request.user, "cohort")
    near = ("cohort__programme__organiser", "cohort__programme__agreement")
    module = access.get(Module.objects.select_related(*near), visible, uuid=uuid)
    form = bind(request, LessonForm)
    facts = {"values": form.values(), "work": form.work(), **acting(request)}
    return {"uuid": services.save_lesson(module=module, **facts).uuid}


@room.writes("/lessons/{uuid:uuid}", Made, method="PATCH", body=LessonForm)
def lesson_edit(request: Request, uuid: UUID) -> Any:
    """Change a lesson."""
    row = pages.taught_lesson(request, uuid)
    values = bind(request, LessonForm, instance=row).values()
    services.save_lesson(module=row.module, lesson=row, values=values, **acting(request))
    return {"uuid": uuid}


@room.writes("/lessons/{uuid:uuid}/removal", Made)
def lesson_remove(request: Request, uuid: UUID) -> Any:
    """Take a lesson out with its files."""
    services.remove_lesson(lesson=pages.taught_lesson(request, uuid), **acting(request))
    return {"uuid": uuid}


@room.lists("/cohorts/{uuid:uuid}/announcements", AnnouncementRow)
def announcement_list(request: Request, uuid: UUID) -> Any:
    """List the announcements that are for the reader."""
    cohort = pages.studied_cohort(request, uuid)
    visible = rules.announcements_visible_to(request.user)
    found: Any = announcements_for(cohort, visible=visible)
    return listed(request, found, AnnouncementRow, newest_first=True)


@room.writes("/cohorts/{uuid:uuid}/announcements", Made, status=201, body=AnnouncementForm)
def announcement_create(request: Request, uuid: UUID) -> Any:
    """Tell a cohort or a class something."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    facts = {**bind(request, AnnouncementForm, cohort=cohort).cleaned_data, **acting(request)}
    made: Announcement = services.announce(cohort=cohort, **facts)
    return {"uuid": made.uuid}


@room.lists("/cohorts/{uuid:uuid}/questions", QuestionRow)
def question_list(request: Request, uuid: UUID) -> Any:
    """List the questions that one may read; the reading is recorded."""
    cohort = pages.studied_cohort(request, uuid)
    found = questions_for(cohort, visible=rules.questions_visible_to(request.user))
    page = listed(request, found, QuestionRow, newest_first=True)
    people = [item["person"] for item in page["items"]]
    note_reading(request, people, what="question_list", about=uuid)  # type: ignore[arg-type]  # both doors
    return page


@room.writes("/cohorts/{uuid:uuid}/questions", Made, status=201, body=AskedIn)
def question_ask(request: Request, uuid: UUID) -> Any:
    """Ask who teaches."""
    cohort = pages.asking_cohort(request, uuid)
    values = bind(request, QuestionForm, cohort=cohort).cleaned_data
    facts = {"person": request.user, "at": clock.now(), **values}
    return {"uuid": services.ask_question(cohort=cohort, **facts).uuid}


@room.reads("/questions/{uuid:uuid}", QuestionOut)
def question_detail(request: Request, uuid: UUID) -> Any:
    """Read a question with its answers; the reading is recorded."""
    row = pages.seen_question(request, uuid)
    rows = ClassQuestion.objects.all()
    answers = every(row.answers.order_by("written_at", "id"), AnswerRow)
    people = [row.enrolment.person.uuid, *(each["written_by"] for each in answers)]
    note_reading(request, people, what="question_detail", about=uuid)  # type: ignore[arg-type]  # both doors
    return one(rows, access.EVERYBODY, QuestionOut, uuid=uuid) | {"answers": answers}


@room.writes("/questions/{uuid:uuid}/answers", Made, status=201, body=AnswerForm)
def question_answer(request: Request, uuid: UUID) -> Any:
    """Answer, or ask back: who asked, and who teaches."""
    row = pages.seen_question(request, uuid)
    access.require(pages.may_answer(request, row))
    text = bind(request, AnswerForm).cleaned_data["text"]
    return {"uuid": services.answer_question(question=row, text=text, **acting(request)).uuid}
