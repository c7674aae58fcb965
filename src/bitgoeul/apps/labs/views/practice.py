"""Trying out before it counts: by the visible examples, seen by oneself only."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.forms import SubmissionForm, content_of
from bitgoeul.apps.labs.models import Lab, Practice
from bitgoeul.apps.labs.queries import faults, feedback
from bitgoeul.core import access, clock, uploads
from bitgoeul.core.errors import Refused


@uploads.body_up_to(services.SUBMISSION_DOOR.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def practice(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show what came of the last try, and take the next one."""
    lab = _lab(request, uuid)
    posted = request.POST if request.method == "POST" else None
    form = SubmissionForm(posted, request.FILES or None, kind=lab.kind)
    if request.method == "POST" and form.is_valid():
        content = content_of(form.cleaned_data["file"], services.SUBMISSION_DOOR)
        person, at = request.user, clock.now()
        try:
            services.receive_practice(
                lab=lab, person=person, name=content.name, content=content.data, by=person, at=at
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("labs:practice", uuid=uuid)
    last = queries.practice_of(lab, request.user)
    context = _results(last) | {"lab": lab, "form": form, "practice": last}
    context["left"] = queries.attempts_left(lab, request.user, at=clock.now())
    status = 422 if form.errors else 200
    return render(request, "labs/practice.html", context, status=status)


@require_POST
@access.signed_in
def practice_hand_in(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Hand in what was tried last, as it is."""
    lab = _lab(request, uuid)
    rows = Practice.objects.select_related("lab", "person").filter(lab=lab)
    last = access.get(rows, rules.practices_visible_to(request.user), person=request.user.pk)
    try:
        made = services.hand_in_practice(practice=last, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("labs:practice", uuid=uuid)
    return redirect("labs:submission_detail", uuid=made.uuid)


def _lab(request: SignedInRequest, uuid: UUID) -> Lab:
    rows = Lab.objects.select_related("owner")
    lab = access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_practise_in_lab(request.user, lab))
    return lab


def _results(last: Practice | None) -> dict[str, object]:
    if last is None:
        return {}
    lines = feedback.lines_of(last.checks)
    return {
        "lines": lines,
        "right": sum(line.full for line in lines),
        "output": last.output,
        "faults": faults.phrased(last.faults),
        "job": queries.job_of(last),
    }
