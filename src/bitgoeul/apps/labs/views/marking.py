"""Answers in words: handed in by participants, marked by the lab's staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import rules, services
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.forms import AnswersForm, MarksForm
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.queries.kept import answers_of, answers_spec_of, questions_to_mark
from bitgoeul.apps.labs.views.labs import lab_context
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused


@require_POST
@access.signed_in
def answer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in answers to a lab's questions."""
    rows = Lab.objects.select_related("owner").filter(kind=LabKind.ANSWERS)
    lab = access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_submit_to_lab(request.user, lab))
    form = AnswersForm(request.POST, questions=answers_spec_of(lab).questions)
    if form.is_valid():
        person, at = request.user, clock.now()
        try:
            made = services.receive_answers(
                lab=lab, person=person, answers=form.cleaned_data, by=person, at=at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("labs:submission_detail", uuid=made.uuid)
    context = lab_context(request, lab) | {"form": form}
    return render(request, "labs/lab_detail.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def mark(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Mark the answers of one submission by the rubric."""
    row = _to_mark(request, uuid)
    questions = questions_to_mark(row)
    access.require(bool(questions))
    form = MarksForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        try:
            services.mark_answers(submission=row, marks=form.marks(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The answers have been marked."))
            return redirect("labs:submission_detail", uuid=uuid)
    given = answers_of(row) if row.lab.kind == LabKind.ANSWERS else {}
    answers = [(one.text, given[one.key]) for one in questions if one.key in given]
    context = {"submission": row, "form": form, "answers": answers}
    status = 422 if form.errors else 200
    return render(request, "labs/mark.html", context, status=status)


def _to_mark(request: SignedInRequest, uuid: UUID) -> Submission:
    rows = Submission.objects.select_related("lab__owner", "person")
    found = rows.filter(lab__kind__in=(LabKind.ANSWERS, LabKind.NOTEBOOK))
    row = access.get(found, rules.submissions_visible_to(request.user), uuid=uuid)
    access.require(rules.can_mark_submission(request.user, row))
    people, purpose = [row.person.uuid], _("Teaching and marking")
    journal.note_page(request, people, what="labs.mark", purpose=purpose, about=row.uuid)
    return row
