"""Submissions: handed in by participants, seen by their owner and by who runs the lab."""

from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.forms import SubmissionFilter, SubmissionForm, content_of
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.queries import faults, feedback
from bitgoeul.apps.labs.queries.kept import answers_of, answers_spec_of, questions_to_mark
from bitgoeul.apps.labs.views.labs import MEDIA, lab_context
from bitgoeul.apps.labs.views.tables import submissions_table
from bitgoeul.core import access, clock, exports, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views
from bitgoeul.core.uploads import suffix_of


@uploads.body_up_to(services.SUBMISSION_DOOR.most_bytes)
@require_POST
@access.signed_in
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in a file of predictions."""
    lab = access.get(
        Lab.objects.select_related("owner"), rules.labs_visible_to(request.user), uuid=uuid
    )
    access.require(rules.can_submit_to_lab(request.user, lab))
    form = SubmissionForm(request.POST, request.FILES, kind=lab.kind)
    if form.is_valid():
        content = content_of(form.cleaned_data["file"], services.SUBMISSION_DOOR)
        try:
            submission = services.receive_submission(
                lab=lab,
                person=request.user,
                name=content.name,
                content=content.data,
                by=request.user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("labs:submission_detail", uuid=submission.uuid)
    context = lab_context(request, lab) | {"form": form}
    return render(request, "labs/lab_detail.html", context, status=422)


@require_safe
@access.signed_in
def submission_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show what became of a submission: progress, score, or every fault with its line."""
    submission = access.get(
        Submission.objects.select_related("lab", "person"),
        rules.submissions_visible_to(request.user),
        uuid=uuid,
    )
    _note_reading(
        request, [submission.person.uuid], what="labs.submission_detail", about=submission.uuid
    )
    evaluations = list(submission.evaluations.select_related("marked_by"))
    staff = rules.can_view_submissions(request.user, submission.lab)
    newest = evaluations[0] if evaluations else None
    context = _beside(request, submission) | {
        "lines": feedback.lines_of(newest.checks, staff=staff) if newest else [],
        "output": newest.output if newest else "",
        "to_mark": bool(submission.file) and bool(questions_to_mark(submission)),
        "may_mark": rules.can_mark_submission(request.user, submission),
        "submission": submission,
        "evaluations": evaluations,
        "score": evaluations[0].score if evaluations else None,
        "passed": queries.passes(submission.lab, evaluations[0].score) if evaluations else False,
        "faults": faults.phrased(submission.faults),
        "job": queries.job_of(submission),
        "own": submission.person_id == request.user.pk,
    }
    return render(request, "labs/submission_detail.html", context)


def _beside(request: SignedInRequest, submission: Submission) -> dict[str, object]:
    """What stands beside the results: the answers in words, and to its owner what is left."""
    found: dict[str, object] = {}
    lab = submission.lab
    if lab.kind == LabKind.ANSWERS and submission.file:
        given = answers_of(submission)
        questions = answers_spec_of(lab).questions
        found["answers"] = [(one.text, given.get(one.key, "")) for one in questions]
    if submission.person_id == request.user.pk:
        found["left"] = queries.attempts_left(lab, request.user, at=clock.now())
        found["left_altogether"] = queries.attempts_left_altogether(lab, request.user)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def submission_file(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand a submission back to its owner, or to who runs the lab."""
    submission = access.get(
        Submission.objects.select_related("person"),
        rules.submissions_visible_to(request.user),
        uuid=uuid,
    )
    access.require(bool(submission.file))
    _note_download(
        request, [submission.person.uuid], what="labs.submission_file", about=submission.uuid
    )
    answer = FileResponse(submission.file.open("rb"), as_attachment=True, filename=submission.name)
    answer["Content-Type"] = MEDIA.get(suffix_of(submission.name), "text/csv; charset=utf-8")
    return answer


@require_safe
@access.signed_in
@keeps_views
def submission_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """List everybody's submissions to a lab."""
    lab = _staffed(request, uuid)
    filters = SubmissionFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.submissions_listed(
        lab,
        rules.submissions_visible_to(request.user),
        name=asked.get("q", ""),
        state=asked.get("state", ""),
    )
    page = page_of(found, request.GET.get("page"))
    people = [row.person.uuid for row in page]
    _note_reading(request, people, what="labs.submission_list", about=lab.uuid)
    context = {
        "lab": lab,
        "page": page,
        "table": submissions_table(page),
        "filters": filters,
        "may_manage": rules.can_manage_lab(request.user, lab),
    }
    return render(request, "labs/submission_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def mark_list(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out everybody's best score as CSV or XLSX."""
    lab = _staffed(request, uuid)
    marks = queries.marks_of(lab)
    people = [mark.person.uuid for mark in marks]
    _note_download(request, people, what="labs.mark_list", about=lab.uuid)
    header = [_("Full name"), _("E-mail"), _("Submissions"), _("Best score"), _("Passed"),
              _("Last handed in")]  # fmt: skip
    rows = (
        (
            mark.person.full_name,
            mark.person.email,
            mark.submissions,
            mark.best.score if mark.best else None,
            _("Yes") if mark.best and mark.best.passed else _("No"),
            mark.last_at,
        )
        for mark in marks
    )
    if form == "xlsx":
        return exports.xlsx_response(rows, header, f"{lab.key}.xlsx", title=lab.title)
    return exports.csv_response(list(rows), header, f"{lab.key}.csv")


def _staffed(request: SignedInRequest, uuid: UUID) -> Lab:
    lab = access.get(
        Lab.objects.select_related("owner"), rules.labs_visible_to(request.user), uuid=uuid
    )
    access.require(rules.can_view_submissions(request.user, lab))
    return lab


def _note_reading(request: SignedInRequest, of: list[UUID], *, what: str, about: UUID) -> None:
    journal.note_page(request, of, what=what, purpose=_("Teaching and marking"), about=about)


def _note_download(request: SignedInRequest, of: list[UUID], *, what: str, about: UUID) -> None:
    journal.note_download(request, of, what=what, purpose=_("Teaching and marking"), about=about)
