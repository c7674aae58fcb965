"""How far a job is, and the button that stops it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bitgoeul.core import access, clock

from . import rules, services
from .models import Job

FIRST_DELAY_SECONDS = 2
LAST_DELAY_SECONDS = 10


@require_GET
@never_cache
def progress(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The whole page, or for htmx the fragment alone; a finished job reloads what stands around."""
    job = access.get(Job.objects.all(), rules.jobs_visible_to(request.user), uuid=uuid)
    if request.headers.get("HX-Request") != "true":
        return render(request, "jobs/job.html", {"job": job})
    response = render(request, "core/job_progress.html", {"job": job, **_pace(request)})
    if job.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask to stop a job, then show it."""
    job = access.get(Job.objects.all(), rules.jobs_visible_to(request.user), uuid=uuid)
    services.cancel(job, at=clock.now())
    return redirect("jobs:progress", uuid=job.uuid)


def _pace(request: HttpRequest) -> dict[str, int]:
    # Every look waits a little longer than the one before: short jobs feel prompt, long ones
    # do not keep the server busy.
    given = request.GET.get("step", "")
    step = min(int(given), LAST_DELAY_SECONDS) if given.isascii() and given.isdigit() else 0
    return {
        "delay": min(FIRST_DELAY_SECONDS + step, LAST_DELAY_SECONDS),
        "next_step": min(step + 1, LAST_DELAY_SECONDS),
    }
