"""Labs with points are made; any lab is changed; the checks of a function are replaced."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.labs import rules, services
from bitgoeul.apps.labs.forms import (
    AnswerLabForm,
    ChecksForm,
    FunctionLabForm,
    LabSettingsForm,
    NotebookLabForm,
    content_of,
)
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import access, clock, uploads
from bitgoeul.core.errors import Refused

MOST_BYTES = 4 * services.CHECKS_DOOR.most_bytes
NOTEBOOK_BYTES = services.DATA_DOOR.most_bytes + 6 * 1024 * 1024


@uploads.body_up_to(MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_create_function(request: SignedInRequest) -> HttpResponse:
    """Make a lab that asks for a Python function."""
    return _create(request, FunctionLabForm, services.create_function_lab)


@uploads.body_up_to(NOTEBOOK_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_create_notebook(request: SignedInRequest) -> HttpResponse:
    """Make a lab from a source notebook of nbgrader or otter."""
    return _create(request, NotebookLabForm, services.create_notebook_lab)


@uploads.body_up_to(MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_create_answers(request: SignedInRequest) -> HttpResponse:
    """Make a lab whose questions are answered in words."""
    return _create(request, AnswerLabForm, services.create_answer_lab)


def _create(request: SignedInRequest, form_class: Any, create: Callable[..., Lab]) -> HttpResponse:
    access.require(rules.can_create_lab(request.user))
    form = form_class(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lab = create(**form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The lab has been made as a draft. Look at it, then open."))
            return redirect("labs:lab_detail", uuid=lab.uuid)
    context = {"form": form, "kind": form_class.__name__}
    status = 422 if form.errors else 200
    return render(request, "labs/lab_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_change(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a lab's words, limits, skills and certificate."""
    lab = _managed(request, uuid)
    form = LabSettingsForm(request.POST or None, instance=lab)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_lab(lab=lab, **form.facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The lab has been changed."))
            return redirect("labs:lab_detail", uuid=uuid)
    context = {"form": form, "lab": lab}
    return render(request, "labs/lab_change.html", context, status=422 if form.errors else 200)


@uploads.body_up_to(services.CHECKS_DOOR.most_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def lab_checks(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Put new checks in place of a function lab's."""
    lab = _managed(request, uuid)
    form = ChecksForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = content_of(form.cleaned_data["checks"], services.CHECKS_DOOR)
        try:
            services.replace_checks(lab=lab, checks=content, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error("checks", str(refusal))
        else:
            messages.success(request, _("The checks have been replaced. Now score all again."))
            return redirect("labs:submission_list", uuid=uuid)
    context = {"form": form, "lab": lab}
    return render(request, "labs/lab_checks.html", context, status=422 if form.errors else 200)


def _managed(request: SignedInRequest, uuid: UUID) -> Lab:
    rows = Lab.objects.select_related("owner", "achievement")
    lab = access.get(rows, rules.labs_visible_to(request.user), uuid=uuid)
    access.require(rules.can_manage_lab(request.user, lab))
    return lab
