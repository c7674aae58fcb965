"""Surveys: written by officers, answered on a phone, read once they are over."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms.surveys import SheetForm, SurveyForm, SurveyQuestionForm
from bitgoeul.apps.programmes.models import Survey, SurveyQuestion
from bitgoeul.apps.programmes.queries.surveys import (
    SURVEY_HEADER,
    last_day_of,
    results_of,
    survey_rows,
    surveys_listed,
    surveys_of,
)
from bitgoeul.apps.programmes.views.loading import managed_cohort, taught_cohort
from bitgoeul.apps.programmes.views.replies import acting, address, crumbs_of, done, form_page
from bitgoeul.core import access, clock, disclosure, exports
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


@require_safe
@access.signed_in
def survey_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List the surveys of a cohort: all for officers, their own for who teaches."""
    cohort = taught_cohort(request, uuid)
    found = surveys_listed(cohort, rules.surveys_visible_to(request.user))
    context = {
        "cohort": cohort, "page": page_of(found, request.GET.get("page")), "now": clock.now(),
        "manages": rules.can_manage_cohort(request.user, cohort), "until": last_day_of(cohort),
    }  # fmt: skip
    return render(request, "programmes/survey_list.html", context)


@require_safe
@access.signed_in
def surveys_own(request: SignedInRequest) -> HttpResponse:
    """List the surveys that one was asked."""
    context = {"rows": surveys_of(request.user), "now": clock.now()}
    return render(request, "programmes/surveys_own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def survey_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Begin a survey."""
    cohort = managed_cohort(request, uuid)
    form = SurveyForm(request.POST or None, cohort=cohort)
    return form_page(
        request, form,
        lambda: services.make_survey(cohort=cohort, **form.facts(), **acting(request)),
        title=_("New survey"), said=_("The survey is kept. It opens when you open it."),
        to=address("survey_list", cohort), crumbs=crumbs_of(cohort),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def survey_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a survey that is not open yet."""
    row = survey_for(rules.surveys_managed_by(request.user), uuid)
    form = SurveyForm(request.POST or None, cohort=row.cohort, instance=row)
    return form_page(
        request, form,
        lambda: services.change_survey(survey=row, **form.facts(), **acting(request)),
        title=_("Change the survey"), said=_("The survey is kept. It opens when you open it."),
        to=address("survey_detail", row), crumbs=crumbs_of(row.cohort),
    )  # fmt: skip


@require_safe
@access.signed_in
def survey_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show the questions of a survey, and once it is over what came of it."""
    row = survey_for(rules.surveys_visible_to(request.user), uuid)
    now = clock.now()
    results = results_of(row, at=now)
    context = {
        "survey": row, "cohort": row.cohort, "results": results,
        "questions": [] if results else list(row.questions.all()), "draft": not row.published_at,
        "open": row.is_open(now), "asked": row.invitations.count() if row.published_at else 0,
        "manages": rules.can_manage_survey(request.user, row),
        "threshold": disclosure.public_threshold(),
    }  # fmt: skip
    return render(request, "programmes/survey_detail.html", context)


@require_http_methods(["GET", "HEAD"])
@access.signed_in
def survey_results(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out what came of a survey as CSV or XLSX, withheld as on the page."""
    row = survey_for(rules.surveys_visible_to(request.user), uuid)
    results = results_of(row, at=clock.now())
    rows = [] if results is None else list(survey_rows(results))
    header = list(map(str, SURVEY_HEADER))
    return exports.table_response(form, f"survey-{row.uuid}", header, rows, title=_("Survey"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def survey_question_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a question."""
    row = survey_for(rules.surveys_managed_by(request.user), uuid)
    return _question_form(request, row, SurveyQuestion(survey=row), _("New question"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def survey_question_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a question."""
    question = question_for(request, uuid)
    return _question_form(request, question.survey, question, _("Change the question"))


@require_POST
@access.signed_in
def survey_question_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take a question out."""
    question = question_for(request, uuid)
    return done(
        request,
        lambda: services.remove_survey_question(question=question, **acting(request)),
        said=_("The question is gone."),
        to=address("survey_detail", question.survey),
    )


@require_POST
@access.signed_in
def survey_open(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Open a survey to those it asks."""
    row = survey_for(rules.surveys_managed_by(request.user), uuid)
    return done(
        request,
        lambda: services.open_survey(survey=row, **acting(request)),
        said=_("The survey is open, and everybody it asks is told."),
        to=address("survey_detail", row),
    )


@require_POST
@access.signed_in
def survey_remove(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Throw a survey away that was never open."""
    row = survey_for(rules.surveys_managed_by(request.user), uuid)
    try:
        services.remove_survey(survey=row, **acting(request))
    except Refused as refusal:
        error = refusal

        def refuse() -> None:
            raise error

        return done(request, refuse, said="", to=address("survey_detail", row))
    return done(
        request, lambda: None, said=_("The survey is gone."), to=address("survey_list", row.cohort)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def survey_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer a survey, once and without a name."""
    row = survey_for(rules.surveys_answered_by(request.user), uuid)
    mine = row.invitations.filter(enrolment__person=request.user).first()
    questions = list(row.questions.all())
    form = SheetForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            facts: dict[str, Any] = {"answers": form.answers(), "at": clock.now()}
            services.answer_survey(survey=row, person=request.user, **facts)
            return redirect("programmes:survey_answer", uuid=uuid)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    answered = mine is not None and mine.answered
    context = {
        "survey": row, "answered": answered, "threshold": disclosure.public_threshold(),
        "form": form if row.is_open(clock.now()) and not answered else None,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/survey_answer.html", context, status=status)


def survey_for(visible: Any, uuid: UUID) -> Survey:
    """Return a survey that the filter lets through, with what its page shows."""
    near = ("cohort__programme__organiser", "cohort__rule_set", "module", "class_group__track")
    return access.get(Survey.objects.select_related(*near), visible, uuid=uuid)


def question_for(request: Any, uuid: UUID) -> SurveyQuestion:
    """Return a question of a survey that the person manages."""
    rows = SurveyQuestion.objects.select_related("survey__cohort__programme")
    visible = rules.of_managed_cohorts(request.user, "survey__cohort")
    return access.get(rows, visible, uuid=uuid)


def _question_form(
    request: SignedInRequest, survey: Survey, question: SurveyQuestion, title: str
) -> HttpResponse:
    form = SurveyQuestionForm(request.POST or None, instance=question)
    kept = question if question.pk else None

    def save() -> None:
        facts = {"values": form.cleaned_data, "question": kept, **acting(request)}
        services.save_survey_question(survey=survey, **facts)

    return form_page(
        request, form, save, title=title, said=_("The question is kept."),
        to=address("survey_detail", survey), crumbs=crumbs_of(survey.cohort), lede=survey.title,
    )  # fmt: skip
