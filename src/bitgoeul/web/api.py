"""The interface's first version: the rooms mounted, its document, and a page to read it on."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bitgoeul.apps.alliance.api import room as alliance
from bitgoeul.apps.careers.api import room as careers
from bitgoeul.apps.contests.api import room as contests
from bitgoeul.apps.credentials.api import room as credentials
from bitgoeul.apps.labs.api import room as labs
from bitgoeul.apps.programmes.api import room as programmes
from bitgoeul.apps.reports.api import room as reports
from bitgoeul.apps.reviews.api import room as reviews
from bitgoeul.core.api.documents import Interface
from bitgoeul.core.api.problems import CODES, MEDIA, Problem, response_of
from bitgoeul.core.imports.api import room as imports
from bitgoeul.core.jobs.api import room as jobs
from bitgoeul.core.journal.api import room as journal
from bitgoeul.core.notices.api import room as notices
from bitgoeul.core.privacy.api import room as privacy
from bitgoeul.core.saved.api import room as saved

PREFIX = "api/v1"

interface = Interface(
    [
        reports,
        careers,
        programmes,
        contests,
        labs,
        credentials,
        reviews,
        alliance,
        imports,
        jobs,
        journal,
        notices,
        saved,
        privacy,
    ],
    title="Bitgoeul",
    description=(
        "Everything that a page does, for programs. Make a token on your page, send it as "
        "`Authorization: Bearer …`; it never does more than you may do yourself."
    ),
)


@cache
def _document(language: str) -> dict[str, Any]:
    return interface.document(f"{PREFIX}/")


def document() -> dict[str, Any]:
    """The document in the reader's language."""
    return _document(get_language() or "ko")


@csrf_exempt  # nothing is taken here: whatever is sent gets 405, with a token or without
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Hand out the OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@csrf_exempt  # the same
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the interface to a reader: how to begin, what exists, what an error says."""
    context = {"rooms": interface.rooms, "codes": CODES, "prefix": f"/{PREFIX}"}
    return render(request, "api_reference.html", context)


def is_call(request: HttpRequest) -> bool:
    """Whether a request is a program's call, to be answered as one also when it goes wrong."""
    return request.path.startswith("/api/")


_CODES = {
    400: "unreadable",
    # No operation answers so; what is forbidden and what is absent answer alike.
    403: "absent",
    404: "absent",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many",
    503: "unavailable",
}


def problem(
    request: HttpRequest, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer a call that reached no operation, or one that answered with a page."""
    code = _CODES.get(status, "fault" if status >= 500 else "unreadable")
    return response_of(request, Problem(code, headers=headers))


__all__ = ["MEDIA", "document", "interface", "is_call", "openapi", "problem", "reference"]
