"""How a page answers: load and authorise in one step, do it and say so, or say why not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.models import Contest, Phase
from bitgoeul.core import access, clock
from bitgoeul.core.errors import Refused


def contest_for(request: HttpRequest, uuid: UUID) -> Contest:
    """Return a contest that one may read."""
    rows = Contest.objects.select_related("owner", "agreement")
    return access.get(rows, rules.contests_visible_to(request.user), uuid=uuid)


def managed(request: HttpRequest, uuid: UUID) -> Contest:
    """Return a contest that one runs."""
    rows = Contest.objects.select_related("owner", "agreement")
    return access.get(rows, rules.contests_managed_by(request.user), uuid=uuid)


def managed_phase(request: HttpRequest, uuid: UUID) -> Phase:
    """Return a phase of a contest that one runs."""
    rows = Phase.objects.select_related("contest__owner", "contest__agreement")
    return access.get(rows, rules.contests_managed_by(request.user, prefix="contest__"), uuid=uuid)


def attempt(request: SignedInRequest, service: Callable[..., Any], done: Any, **facts: Any) -> Any:
    """Do it and say so, or say why not."""
    try:
        made = service(**facts, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, str(done))
    return made


def form_page(
    request: SignedInRequest,
    form: forms.BaseForm,
    service: Callable[..., Any],
    *,
    template: str,
    done: Any,
    then: Callable[[Any], str],
    facts: Callable[[], dict[str, Any]],
    **context: Any,
) -> HttpResponse:
    """Show a form; sent and sound, it goes to the service; refused, the page says why."""
    if request.method == "POST" and form.is_valid():
        try:
            made = service(**facts(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(done))
            return redirect(then(made))
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
