"""How the installation is: for load balancers, for Prometheus, and readably for administrators."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bitgoeul.core import access
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.rules import sees_every_job
from bitgoeul.core.watch import logs, metrics, states

LOOPBACK = {"127.0.0.1", "::1"}
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHOWN_LINES = 200


class LookUpForm(forms.Form):
    """The number that a person quotes."""

    number = forms.RegexField(
        label=_("Request number or start of a job's number"),
        regex=r"^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$",
        max_length=9,
        error_messages={"invalid": _("Such a number has eight letters and digits.")},
    )


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether requests may be sent here, and by which checks; no figures."""
    found = states.checks()
    good = states.is_ready(found)
    body = {"status": "ok" if good else "failed", "checks": {c.key: c.state for c in found}}
    return JsonResponse(body, status=200 if good else 503)


@require_safe
@never_cache
def metrics_text(request: HttpRequest) -> HttpResponse:
    """Hand out the numbers to whoever has the token, asks from this machine, or runs it."""
    access.require(_may_read_metrics(request))
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.BITGOEUL_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # Behind a proxy everybody seems to come from this machine.
    forwarded = settings.BITGOEUL.behind_tls or any(name in request.META for name in _FORWARDED)
    if request.META.get("REMOTE_ADDR") in LOOPBACK and not forwarded:
        return True
    try:
        return sees_every_job(request.user)
    except DatabaseError:
        return False


@require_safe
@never_cache
@access.signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show an administrator the same numbers readably, and find a number in the log."""
    access.require(sees_every_job(request.user))
    form = LookUpForm(request.GET if "number" in request.GET else None)
    context = {
        "checks": states.checks(),
        "jobs": _jobs(),
        "database_bytes": metrics.database_bytes(),
        "form": form,
        "lines": _lines(form) if form.is_valid() else None,
    }
    return render(request, "overview.html", context)


def _jobs() -> list[tuple[str, int]]:
    rows = Job.objects.order_by("state").values_list("state").annotate(n=Count("pk"))
    names: dict[str, Any] = dict(Job._meta.get_field("state").flatchoices)
    return [(names[state], count) for state, count in rows]


def _lines(form: LookUpForm) -> list[dict[str, Any]]:
    number = form.cleaned_data["number"].upper()
    found = logs.find(Path(settings.LOG_DIR), number)
    dashed = number if "-" in number else f"{number[:4]}-{number[4:]}"
    also = logs.find(Path(settings.LOG_DIR), dashed) if dashed != number else iter(())
    return [line for lines in (found, also) for line in lines][:SHOWN_LINES]
