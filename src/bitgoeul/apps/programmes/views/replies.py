"""How the pages of teaching answer: a form until it is good, then the page it leads to."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import pgettext

from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.programmes.views.loading import note_reading
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused

Crumb = tuple[str, str]


def acting(request: Any) -> dict[str, Any]:
    """Return who acts, and when, as every service wants to know."""
    return {"by": request.user, "at": clock.now()}


def note_choices(request: Any, form: forms.Form, *names: str) -> None:
    """Record whose names a form offers to choose among."""
    rows = [row for name in names for row in form.fields[name].queryset]  # type: ignore[attr-defined]  # choice fields
    people = [getattr(row, "person", row).uuid for row in rows]
    note_reading(request, people, what="choices")


def done(request: HttpRequest, do: Callable[[], Any], *, said: str, to: str) -> HttpResponse:
    """Do what a button asks, tell what came of it, and lead on."""
    try:
        do()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(to)


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    do: Callable[[], Any] | None,
    *,
    title: str,
    said: str,
    to: str,
    crumbs: Sequence[Crumb],
    lede: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form; once it is good, do it and lead on. With nothing to do it is only shown."""
    if do is not None and request.method == "POST" and form.is_valid():
        try:
            do()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(to)
    context = {
        "form": form, "title": title, "trail": crumbs, "cancel": to, "lede_text": lede, **more,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "programmes/teaching_form.html", context, status=status)


def address(name: str, row: Any, **more: Any) -> str:
    """Return the address of a page about a row."""
    return reverse(f"programmes:{name}", kwargs={"uuid": row.uuid, **more})


def crumbs_of(cohort: Cohort, *more: Crumb) -> list[Crumb]:
    """Return the way to a page of a cohort."""
    return [
        (pgettext("menu", "Programmes"), reverse("programmes:programme_list")),
        (str(cohort), address("cohort_detail", cohort)),
        *more,
    ]
