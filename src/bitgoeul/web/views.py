"""The front door and the pages for what went wrong."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from bitgoeul.core import clock, finding, journal
from bitgoeul.web import accessibility, failures, front_page

__all__ = [
    "accessibility_statement",
    "bad_request",
    "csrf_failure",
    "health",
    "home",
    "page_not_found",
    "permission_denied",
    "search",
    "server_error",
    "set_language",
    "too_many_requests",
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
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """The 33 check items of KWCAG 2.2, and what of them is not met."""
    results = [item.result for item in accessibility.ITEMS]
    labels = ((_("Met"), "met"), (_("Met in part"), "partly"), (_("Does not occur"), "none"))
    context = {
        "items": accessibility.ITEMS,
        "open": accessibility.OPEN,
        "counts": [(label, results.count(accessibility.Result(key))) for label, key in labels],
        "checked_on": accessibility.CHECKED_ON,
    }
    return render(request, "accessibility.html", context)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer for supervisors and load balancers: this process serves requests."""
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that nothing here can read."""
    return failures.answer(request, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: only where the page is no secret, otherwise the answer is 404."""
    return failures.answer(request, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    return failures.answer(request, status=403, stale_form=True)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent and forbidden look alike."""
    return failures.answer(request, status=404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: a limit on attempts was reached."""
    return failures.answer(request, status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 or 503: rendered without request context, for the database may be what failed."""
    return failures.server_error(request)
