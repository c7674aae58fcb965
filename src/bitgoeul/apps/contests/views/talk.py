"""Announcements and questions of a contest."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.forms import AnnouncementForm, AnswerForm, QuestionForm
from bitgoeul.apps.contests.models import Contest, Question
from bitgoeul.apps.contests.views.replies import attempt, contest_for, form_page, managed
from bitgoeul.core import access
from bitgoeul.core.pages import page_of


@require_safe
def talk(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show announcements, and questions with their answers."""
    return _page(request, contest_for(request, uuid), QuestionForm())


def _page(request: HttpRequest, contest: Contest, form: QuestionForm) -> HttpResponse:
    seen = Question.objects.filter(rules.questions_visible_to(request.user), contest=contest)
    context = {
        "contest": contest,
        "phases": contest.phases.all(),
        "announcements": contest.announcements.all()[:50],
        "page": page_of(seen.distinct().order_by("-asked_at", "-id"), request.GET.get("page")),
        "runs": rules.can_manage_contest(request.user, contest),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "contests/talk.html", context, status=status)


@require_POST
@access.signed_in
def question_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask the organiser."""
    contest = contest_for(request, uuid)
    form = QuestionForm(request.POST)
    if form.is_valid():
        done = _("Your question is with the organiser. You are told when it is answered.")
        facts = {"contest": contest, **form.cleaned_data}
        if attempt(request, services.ask_question, done, **facts) is not None:
            return redirect("contests:talk", uuid=uuid)
    return _page(request, contest, form)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def announce(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say something to everybody who takes part."""
    contest = managed(request, uuid)
    form = AnnouncementForm(request.POST or None)
    return form_page(
        request,
        form,
        services.announce,
        template="contests/announcement_form.html",
        done=_("Everybody who takes part has been told."),
        then=lambda made: reverse("contests:talk", args=[uuid]),
        facts=lambda: {"contest": contest, **form.cleaned_data},
        contest=contest,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def question_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer a question."""
    question = question_for(request, uuid)
    first = {"answer": question.answer, "hidden": question.hidden}
    form = AnswerForm(request.POST or None, initial=first)
    return form_page(
        request,
        form,
        services.answer_question,
        template="contests/answer_form.html",
        done=_("The question has been answered."),
        then=lambda made: reverse("contests:talk", args=[question.contest.uuid]),
        facts=lambda: {"question": question, **form.cleaned_data},
        contest=question.contest,
        question=question,
    )


def question_for(request: HttpRequest, uuid: UUID) -> Question:
    """Return a question of a contest that one runs."""
    rows = Question.objects.select_related("contest__owner", "contest__agreement")
    return access.get(rows, rules.contests_managed_by(request.user, prefix="contest__"), uuid=uuid)
