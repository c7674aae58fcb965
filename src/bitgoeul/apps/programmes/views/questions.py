"""The form of a cohort as its officers build it, likely duplicates, and what applicants need."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.forms import (
    AccommodationForm,
    ApplicationForm,
    DuplicateForm,
    QuestionForm,
)
from bitgoeul.apps.programmes.models import Answer, Application, Cohort
from bitgoeul.apps.programmes.queries.duplicates import duplicates_in
from bitgoeul.apps.programmes.queries.forms import versions_of
from bitgoeul.apps.programmes.views.loading import managed_cohort, note_download, note_reading
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


@require_safe
@access.signed_in
def form_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show the questions: the draft with what can be done, and every version that was published."""
    cohort = managed_cohort(request, uuid)
    versions = versions_of(cohort)
    shown = versions[0] if versions else None
    preview = None
    if shown is not None:
        questions = list(shown.questions.all())
        preview = ApplicationForm(cohort=cohort, person=request.user, texts=(), questions=questions)
    context = {
        "cohort": cohort,
        "versions": versions,
        "shown": shown,
        "preview": preview,
        "open": cohort.state in {"planned", "applying"},
    }
    return render(request, "programmes/form_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def question_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Add a question to the draft."""
    return _write(request, managed_cohort(request, uuid), QuestionForm(request.POST or None))


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def question_change(request: SignedInRequest, uuid: UUID, key: str) -> HttpResponse:
    """Change a question; a published one in a new draft."""
    cohort = managed_cohort(request, uuid)
    version = next(iter(versions_of(cohort)), None)
    row = version.questions.filter(key=key).first() if version else None
    access.require(row is not None)
    return _write(request, cohort, QuestionForm(request.POST or None, question=row), replaces=key)


def _write(
    request: SignedInRequest, cohort: Cohort, form: QuestionForm, *, replaces: str = ""
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.write_question(
                cohort=cohort,
                plan=form.plan(),
                replaces=replaces,
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The question stands in the draft."))
            return redirect("programmes:form_detail", uuid=cohort.uuid)
    status = 422 if request.method == "POST" else 200
    context = {"cohort": cohort, "form": form, "replaces": replaces}
    return render(request, "programmes/question_form.html", context, status=status)


@require_POST
@access.signed_in
def question_act(request: SignedInRequest, uuid: UUID, key: str, action: str) -> HttpResponse:
    """Move a question up or down, or take it out."""
    cohort = managed_cohort(request, uuid)
    facts: dict[str, Any] = {"by": request.user, "at": clock.now()}
    if action not in {"up", "down", "remove"}:
        raise Http404
    try:
        if action == "remove":
            services.remove_question(cohort=cohort, key=key, **facts)
        else:
            services.move_question(cohort=cohort, key=key, way=action, **facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programmes:form_detail", uuid=uuid)


@require_POST
@access.signed_in
def form_publish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Freeze the draft."""
    cohort = managed_cohort(request, uuid)
    try:
        made = services.publish_form(cohort=cohort, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("Version %(number)s is published: applicants answer it from now on.")
        messages.success(request, said % {"number": made.number})
    return redirect("programmes:form_detail", uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def answer_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out a file that was answered with; somebody else's asks for the reason."""
    rows = Answer.objects.select_related("application__person", "question").exclude(file="")
    answer = access.get(rows, rules.answers_visible_to(request.user), uuid=uuid)
    person = answer.application.person.uuid
    note_download(request, [person], what="answer_file", about=answer.application.uuid)
    return FileResponse(answer.file.open("rb"), as_attachment=True, filename=answer.name)


@require_safe
@access.signed_in
def duplicate_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List applications that may be of one person, undecided first."""
    cohort = managed_cohort(request, uuid)
    pairs = duplicates_in(cohort)
    people = {row.person.uuid for pair in pairs for row in (pair.first, pair.second)}
    note_reading(request, people, what="duplicates")
    context = {"cohort": cohort, "pairs": pairs, "form": DuplicateForm()}
    return render(request, "programmes/duplicate_list.html", context)


@require_POST
@access.signed_in
def duplicate_decide(
    request: SignedInRequest, uuid: UUID, first: UUID, second: UUID
) -> HttpResponse:
    """Keep whether two applications are of one person."""
    cohort, form = managed_cohort(request, uuid), DuplicateForm(request.POST)
    wanted = {first, second}
    pair = next((p for p in duplicates_in(cohort) if {p.first.uuid, p.second.uuid} == wanted), None)
    access.require(pair is not None)
    assert pair is not None
    facts: dict[str, Any] = {"by": request.user, "at": clock.now(), "reasons": list(pair.reasons)}
    if not form.is_valid():
        messages.error(request, _("Say whether it is the same person."))
    else:
        try:
            services.decide_duplicate(
                first=pair.first, second=pair.second, **form.cleaned_data, **facts
            )
            messages.success(request, _("The decision has been recorded."))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("programmes:duplicate_list", uuid=uuid)


@require_POST
@access.signed_in
def accommodation_answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer what an applicant needs to take part."""
    rows = Application.objects.select_related("cohort__programme", "person")
    application = access.get(rows, rules.applications_managed_by(request.user), uuid=uuid)
    form = AccommodationForm(request.POST)
    granted = request.POST.get("granted") == "yes"
    try:
        if not form.is_valid():
            raise Refused(_("Say what is done, or why it is not possible."), code="incomplete")
        answer = form.cleaned_data["answer"]
        services.answer_accommodation(
            application=application, granted=granted, answer=answer, by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The answer has been recorded and sent."))
    return redirect("programmes:application_detail", uuid=uuid)
