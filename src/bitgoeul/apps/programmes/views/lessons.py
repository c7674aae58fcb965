"""Lessons, announcements and questions: read by trainees, written by who teaches."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.lessons import (
    AnnouncementForm,
    AnswerForm,
    LessonForm,
    QuestionForm,
)
from bitgoeul.apps.programmes.models import ClassQuestion, Cohort, Lesson, LessonFile, Module
from bitgoeul.apps.programmes.queries.lessons import (
    announcements_for,
    lessons_by_module,
    questions_for,
    shown,
)
from bitgoeul.apps.programmes.views.loading import cohort_for, note_reading, taught_cohort
from bitgoeul.apps.programmes.views.replies import (
    Crumb,
    acting,
    address,
    crumbs_of,
    done,
    form_page,
)
from bitgoeul.core import access, clock, uploads
from bitgoeul.core.markdown import rendered
from bitgoeul.core.pages import page_of

_MODULE = ("track", "cohort__programme__organiser", "cohort__programme__agreement")
_LESSON = tuple(f"module__{path}" for path in _MODULE)


@require_safe
@access.signed_in
def lesson_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List what one may read, under its modules."""
    cohort, user = studied_cohort(request, uuid), request.user
    teaches = rules.can_teach_cohort(user, cohort)
    context = {
        "cohort": cohort, "teaches": teaches, "today": clock.today(),
        "manages": rules.can_manage_cohort(user, cohort),
        "modules": lessons_by_module(cohort, visible=rules.lessons_visible_to(user)),
        "every": list(cohort.modules.order_by("order", "key")) if teaches else [],
    }  # fmt: skip
    return render(request, "programmes/lesson_list.html", context)


@require_safe
@access.signed_in
def lesson_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a lesson."""
    rows = Lesson.objects.select_related(*_LESSON)
    row = access.get(rows, rules.lessons_visible_to(request.user), uuid=uuid)
    cohort = row.module.cohort
    context = {
        "lesson": row, "cohort": cohort, "text": rendered(row.text), "files": list(row.files.all()),
        "teaches": rules.can_teach_cohort(request.user, cohort), "today": clock.today(),
    }  # fmt: skip
    return render(request, "programmes/lesson_detail.html", context)


@require_safe
@access.signed_in
def lesson_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out a file of a lesson."""
    visible = rules.lessons_visible_to(request.user, "lesson__")
    row = access.get(LessonFile.objects.all(), visible, uuid=uuid)
    answer = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lesson_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write a lesson of a module."""
    visible = rules.of_taught_cohorts(request.user, "cohort")
    module = access.get(Module.objects.select_related(*_MODULE), visible, uuid=uuid)
    start = {"order": module.lessons.count() + 1, "released_on": clock.today()}
    form = LessonForm(request.POST or None, request.FILES or None, initial=start)
    return _lesson_page(request, form, module, title=_("Write a lesson"))


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lesson_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a lesson."""
    row = taught_lesson(request, uuid)
    form = LessonForm(request.POST or None, request.FILES or None, instance=row)
    ask = _("Take this lesson out with its files?")
    more = {"remove": address("lesson_remove", row), "remove_ask": ask}
    return _lesson_page(request, form, row.module, lesson=row, title=_("Change a lesson"), **more)


@require_POST
@access.signed_in
def lesson_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a lesson out."""
    row = taught_lesson(request, uuid)
    return done(
        request,
        lambda: services.remove_lesson(lesson=row, **acting(request)),
        said=_("The lesson is taken out."),
        to=address("lesson_list", row.module.cohort),
    )


@require_safe
@access.signed_in
def announcement_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the announcements that are for the reader."""
    cohort = studied_cohort(request, uuid)
    found = announcements_for(cohort, visible=rules.announcements_visible_to(request.user))
    page = page_of(found, request.GET.get("page"))
    people = [row.published_by.uuid for row in page if row.published_by is not None]
    note_reading(request, people, what="announcement_list", about=uuid)
    context = {
        "cohort": cohort, "page": page, "rows": [(row, shown(row.text)) for row in page],
        "teaches": rules.can_teach_cohort(request.user, cohort),
        "manages": rules.can_manage_cohort(request.user, cohort),
    }  # fmt: skip
    return render(request, "programmes/announcement_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def announcement_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Tell a cohort or a class something."""
    cohort = taught_cohort(request, uuid)
    form = AnnouncementForm(request.POST or None, cohort=cohort)
    return form_page(
        request,
        form,
        lambda: services.announce(cohort=cohort, **form.cleaned_data, **acting(request)),
        title=_("Write an announcement"),
        said=_("It is published, and everyone concerned is told."),
        to=address("announcement_list", cohort),
        crumbs=crumbs_of(cohort),
    )


@require_safe
@access.signed_in
def question_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the questions that the reader may see."""
    cohort = studied_cohort(request, uuid)
    found = questions_for(cohort, visible=rules.questions_visible_to(request.user))
    page = page_of(found, request.GET.get("page"))
    people = [row.enrolment.person.uuid for row in page]
    note_reading(request, people, what="question_list", about=uuid)
    teaches = rules.can_teach_cohort(request.user, cohort)
    context = {
        "cohort": cohort, "page": page, "teaches": teaches,
        "manages": rules.can_manage_cohort(request.user, cohort),
    }  # fmt: skip
    return render(request, "programmes/question_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def question_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask who teaches."""
    cohort = asking_cohort(request, uuid)
    form = QuestionForm(request.POST or None, cohort=cohort)
    return form_page(
        request,
        form,
        lambda: services.ask_question(
            cohort=cohort, person=request.user, at=clock.now(), **form.cleaned_data
        ),
        title=_("Ask a question"),
        said=_("Your question is asked, and your instructors are told."),
        to=address("question_list", cohort),
        crumbs=crumbs_of(cohort),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def question_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a question with its answers, and take another one."""
    row = seen_question(request, uuid)
    cohort = row.enrolment.cohort
    may = may_answer(request, row)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and may and form.is_valid():
        return done(
            request,
            lambda: services.answer_question(
                question=row, text=form.cleaned_data["text"], **acting(request)
            ),
            said=_("Your answer stands here."),
            to=address("question_detail", row),
        )
    answers = list(row.answers.select_related("written_by").order_by("written_at", "id"))
    people = [row.enrolment.person.uuid, *(each.written_by.uuid for each in answers)]
    note_reading(request, people, what="question_detail", about=uuid)
    context = {
        "question": row, "cohort": cohort, "form": form if may else None, "text": shown(row.text),
        "answers": [(each, shown(each.text)) for each in answers],
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "programmes/question_detail.html", context, status=status)


def studied_cohort(request: Any, uuid: UUID) -> Cohort:
    """Return a cohort that the person studies or teaches in."""
    return cohort_for(rules.cohorts_studied_by(request.user), uuid)


def asking_cohort(request: Any, uuid: UUID) -> Cohort:
    """Return a cohort in which the person holds a seat."""
    cohort = studied_cohort(request, uuid)
    access.require(cohort.enrolments.filter(person=request.user).exists())
    return cohort


def taught_lesson(request: Any, uuid: UUID) -> Lesson:
    """Return a lesson that the person may write."""
    visible = rules.lessons_taught_by(request.user)
    return access.get(Lesson.objects.select_related(*_LESSON), visible, uuid=uuid)


def seen_question(request: Any, uuid: UUID) -> ClassQuestion:
    """Return a question that the person may read."""
    near = ("module", "enrolment__person", *(f"enrolment__{path}" for path in _MODULE[1:]))
    visible = rules.questions_visible_to(request.user)
    return access.get(ClassQuestion.objects.select_related(*near), visible, uuid=uuid)


def may_answer(request: Any, row: ClassQuestion) -> bool:
    """Tell whether the person may write beneath a question: who asked, and who teaches."""
    own = row.enrolment.person_id == request.user.pk
    return own or rules.can_teach_cohort(request.user, row.enrolment.cohort)


def _lesson_page(
    request: SignedInRequest, form: LessonForm, module: Module, *, title: str, **more: Any
) -> HttpResponse:
    lesson = more.pop("lesson", None)
    asked = "preview" in request.POST

    def save() -> None:
        facts = {"lesson": lesson, "work": form.work(), **acting(request)}
        services.save_lesson(module=module, values=form.values(), **facts)

    crumb: Crumb = (_("Lessons"), address("lesson_list", module.cohort))
    more |= {"previews": True, "preview": rendered(request.POST.get("text", "")) if asked else ""}
    return form_page(
        request, form, None if asked else save, title=title, said=_("The lesson is saved."),
        to=crumb[1], crumbs=crumbs_of(module.cohort, crumb), lede=module.title, **more,
    )  # fmt: skip
