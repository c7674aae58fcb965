"""Labs: open to every reader; made, opened and closed by their owner's staff."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.enums import METRIC_EXPLANATIONS, LabKind, LabState, Metric
from bitgoeul.apps.labs.forms import AnswersForm, LabFilter, LabForm, SubmissionForm
from bitgoeul.apps.labs.models import Lab, LabFile
from bitgoeul.apps.labs.queries.kept import answers_spec_of, function_spec_of
from bitgoeul.core import access, clock, exports, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views
from bitgoeul.core.uploads import suffix_of

MEDIA = {"py": "text/x-python; charset=utf-8", "json": "application/json",
         "ipynb": "application/x-ipynb+json"}  # fmt: skip
"""How files other than tables are handed out; all of them as attachments."""


@require_safe
@keeps_views
def lab_list(request: HttpRequest) -> HttpResponseBase:
    """List labs; whoever is signed in sees their own best score beside each."""
    filters = LabFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.labs_listed(
        rules.labs_visible_to(request.user), name=asked.get("q", ""), state=asked.get("state", "")
    )
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        return exports.table_response(form, "labs", _list_header(), map(_list_line, found))
    page = page_of(found, request.GET.get("page"))
    user = request.user
    best = queries.best_scores_of_person(user, page) if user.is_authenticated else {}
    context = {
        "page": page,
        "filters": filters,
        "best": best,
        "may_create": rules.can_create_lab(user),
    }
    return render(request, "labs/lab_list.html", context)


def _list_header() -> list[str]:
    return [_("Lab"), _("Owner"), _("Metric"), _("State"), _("Opens"), _("Closes")]


def _list_line(lab: Lab) -> tuple[object, ...]:
    metric, state = Metric(lab.metric).label, lab.get_state_display()
    return lab.title, str(lab.owner), metric, state, lab.opens_at, lab.closes_at


@require_safe
def lab_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the task, its data, and to a participant how far they are."""
    lab = access.get(
        Lab.objects.select_related("owner"), rules.labs_visible_to(request.user), uuid=uuid
    )
    return render(request, "labs/lab_detail.html", lab_context(request, lab))


def _in_browser(lab: Lab) -> str:
    """Where a notebook opens without installing anything, if the installation names a place."""
    site = settings.BITGOEUL.jupyterlite_url
    if not site or lab.kind != LabKind.NOTEBOOK or lab.state == LabState.DRAFT:
        return ""
    path = reverse("labs:lab_file", kwargs={"uuid": lab.uuid, "kind": LabFile.Kind.STARTER})
    return f"{site}/lab/?{urlencode({'fromURL': settings.BITGOEUL.public_url + path})}"


def lab_context(request: HttpRequest, lab: Lab) -> dict[str, object]:
    """Return what the lab's page shows; a refused upload shows the same page with its reason."""
    user, now = request.user, clock.now()
    context: dict[str, object] = {
        "lab": lab,
        "skills": lab.skills.all(),
        "in_browser": _in_browser(lab),
        "files": LabFile.objects.filter(rules.files_visible_to(user), lab=lab).distinct(),
        "metric": Metric(lab.metric),
        "metric_explained": METRIC_EXPLANATIONS[Metric(lab.metric)],
        "takes_submissions": lab.state == LabState.OPEN and lab.opens_at <= now <= lab.closes_at,
        "may_manage": rules.can_manage_lab(user, lab),
        "may_see_all": rules.can_view_submissions(user, lab),
        "admitted": rules.can_submit_to_lab(user, lab),
    }
    context |= _asked_of(lab)
    if user.is_authenticated and context["admitted"]:
        questions: Any = context.get("questions", ())
        answers = lab.kind == LabKind.ANSWERS
        context |= {
            "form": AnswersForm(questions=questions) if answers else SubmissionForm(kind=lab.kind),
            "left_altogether": queries.attempts_left_altogether(lab, user),
            "submissions": queries.submissions_of(lab, user)[:50],
            "best": queries.best_score_of(lab, user),
            "left": queries.attempts_left(lab, user, at=now),
        }
    return context


def _asked_of(lab: Lab) -> dict[str, Any]:
    """What a lab asks for, beside its task: examples of a function, or questions."""
    try:
        if lab.kind == LabKind.FUNCTION:
            return {"spec": function_spec_of(lab)}
        if lab.kind == LabKind.ANSWERS:
            return {"questions": answers_spec_of(lab).questions}
    except (OSError, Refused):
        # Whoever hands in is told; the page of the task stays readable.
        return {}
    return {}


@require_safe
def lab_file(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponseBase:
    """Hand out training data, test data or the sample; the truth does not exist here."""
    lab = access.get(Lab.objects.all(), rules.labs_visible_to(request.user), uuid=uuid)
    file = access.get(
        LabFile.objects.filter(lab=lab), rules.files_visible_to(request.user), kind=kind
    )
    answer = FileResponse(file.file.open("rb"), as_attachment=True, filename=file.name)
    answer["Content-Type"] = MEDIA.get(suffix_of(file.name), "text/csv; charset=utf-8")
    if settings.BITGOEUL.jupyterlite_url and lab.state != LabState.DRAFT:
        # Whoever may read it without an account may read it from there, too.
        site = urlsplit(settings.BITGOEUL.jupyterlite_url)
        answer["Access-Control-Allow-Origin"] = f"{site.scheme}://{site.netloc}"
    return answer


@uploads.body_up_to(4 * services.LAB_DOOR.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_create(request: SignedInRequest) -> HttpResponse:
    """Make a lab, as a draft."""
    access.require(rules.can_create_lab(request.user))
    form = LabForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lab = services.create_lab(**form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The lab has been made as a draft. Look at it, then open."))
            return redirect("labs:lab_detail", uuid=lab.uuid)
    status = 422 if form.errors else 200
    return render(request, "labs/lab_form.html", {"form": form}, status=status)


@require_POST
@access.signed_in
def lab_open(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Open a lab."""
    lab = _managed(request, uuid)
    try:
        services.open_lab(lab=lab, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The lab is open."))
    return redirect("labs:lab_detail", uuid=uuid)


@require_POST
@access.signed_in
def lab_close(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Close a lab."""
    lab = _managed(request, uuid)
    try:
        services.close_lab(lab=lab, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The lab is closed."))
    return redirect("labs:lab_detail", uuid=uuid)


@require_POST
@access.signed_in
def lab_rescore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Have every submission of a lab scored again."""
    lab = _managed(request, uuid)
    try:
        number = services.rescore(lab=lab, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(number)s submissions are being scored again.") % {"number": number}
        )
    return redirect("labs:submission_list", uuid=uuid)


def _managed(request: SignedInRequest, uuid: UUID) -> Lab:
    lab = access.get(Lab.objects.all(), rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_manage_lab(request.user, lab))
    return lab
