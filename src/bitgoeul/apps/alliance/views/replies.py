"""How the committee's pages answer: a form until it is good, then the page it leads to."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bitgoeul.core.errors import Refused

Crumb = tuple[str, str]


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
    do: Callable[[], Any],
    *,
    title: str,
    said: str,
    to: Callable[[Any], str],
    crumbs: Sequence[Crumb],
    cancel: str,
    lede: str = "",
) -> HttpResponse:
    """Show a form; once it is good, do it and lead to where `to` says."""
    if request.method == "POST" and form.is_valid():
        try:
            made = do()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(to(made))
    context = {"form": form, "title": title, "trail": crumbs, "cancel": cancel, "lede_text": lede}
    status = 422 if form.errors else 200
    return render(request, "alliance/committee_form.html", context, status=status)


def reason_of(form: forms.BaseForm) -> str:
    """The reason that a small form gives; empty when it gives none, and the service says so."""
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""
