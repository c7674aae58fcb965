"""The front door and the pages for what went wrong."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from bitgoeul.core import clock, finding, journal
from bitgoeul.web import api, front_page

__all__ = [
    "bad_request",
    "csrf_failure",
    "health",
    "home",
    "page_not_found",
    "permission_denied",
    "search",
    "server_error",
    "set_language",
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for the public; what waits for one, for whoever is signed in."""
    context = {
        "tasks": front_page.tasks_of(request.user, at=clock.now()),
        "reports": front_page.published_reports(),
        "programmes": front_page.open_cohorts(),
        "vacancies": front_page.open_vacancies(),
    }
    return render(request, "home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Look in all rooms for what the visitor may see; whose data it shows is recorded."""
    question = request.GET.get("q", "").strip()[: finding.LONGEST]
    groups = finding.search(question, request.user)
    subjects = {hit.subject for each in groups for hit in each.hits if hit.subject}
    if request.user.is_authenticated and subjects:
        journal.note_page(request, subjects, what="web.search", purpose=_("Searching"))
    context = {"question": question, "groups": [_shown(each, question) for each in groups]}
    return render(request, "search.html", context)


def _shown(group: finding.Group, question: str) -> dict[str, object]:
    """Write out the addresses of a group."""
    every = f"{reverse(group.route)}?{urlencode({'q': question})}" if group.route else ""
    hits = [
        {"title": hit.title, "note": hit.note, "url": reverse(hit.route, kwargs={"uuid": hit.uuid})}
        for hit in group.hits
    ]
    return {"label": group.label, "hits": hits, "more": group.more, "every": every}


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer for supervisors and load balancers: this process serves requests."""
    return JsonResponse({"status": "ok"})


def _error(request: HttpRequest, *, status: int) -> HttpResponse:
    if api.is_call(request):
        return api.problem(request, status)
    return render(
        request, f"{status}.html", {"number": getattr(request, "number", "")}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that nothing here can read."""
    return _error(request, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: only where the page is no secret, otherwise the answer is 404."""
    return _error(request, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    context = {"number": getattr(request, "number", ""), "stale_form": True}
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent and forbidden look alike."""
    return _error(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without request context, for the database itself may be what failed."""
    if api.is_call(request):
        return api.problem(request, 500)
    page = loader.get_template("500.html")
    return HttpResponse(page.render({"number": getattr(request, "number", "")}), status=500)
