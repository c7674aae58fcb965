"""The pages for what went wrong: in both languages, with a number, also without a database.

Some answers stand alone (`alone.html`): they are given exactly when the database, the session or
the base template may be what failed. The others look like every page, and fall back to that.
"""

import logging
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _

from bitgoeul.web import api

logger = logging.getLogger("bitgoeul.web")

_AGAIN = _("Try again in a minute.")
_NOT_SAVED = _("Nothing has been saved.")
ALONE = {
    400: (_("This request cannot be read"), (_NOT_SAVED,)),
    403: (_("You may not do this"), (_NOT_SAVED,)),
    404: (_("This page cannot be shown"), ()),
    405: (_("This address does not take such a request"), (_NOT_SAVED,)),
    413: (
        _("What was sent is too large"),
        (
            _("The files together are larger than this page takes. Nothing has been saved."),
            _("Divide the file, or leave out what is not needed, and send it again."),
        ),
    ),
    429: (
        _("Too many attempts"),
        (
            _("This was tried too often in a short time. That protects your account."),
            _("Wait a few minutes and try again."),
        ),
    ),
    500: (
        _("Something went wrong here"),
        (
            _(
                "This is our mistake, not yours. What you last sent has not been saved; the rest "
                "is safe."
            ),
            _AGAIN,
        ),
    ),
    503: (
        _("This cannot be answered just now"),
        (
            _("The database does not answer. What you last sent has not been saved."),
            _AGAIN,
        ),
    ),
}
_LIKE_EVERY_PAGE = {400, 403, 404}
RETRY_SECONDS = {429: "300", 503: "60"}
DATABASE_AWAY = (OperationalError, InterfaceError)


def answer(request: HttpRequest, *, status: int, **context: object) -> HttpResponse:
    """The page of a failure, with the number of the request."""
    if api.is_call(request):
        later = {"Retry-After": RETRY_SECONDS[status]} if status in RETRY_SECONDS else {}
        return api.problem(request, status, {"Cache-Control": "no-store", **later})
    context["number"] = getattr(request, "number", "")
    if status not in _LIKE_EVERY_PAGE:
        return _alone(status, context)
    try:
        return render(request, f"{status}.html", context, status=status)
    except DatabaseError:
        # The page greets whoever is signed in, and that is read from the database.
        logger.warning("request %s: answered without the database", context["number"])
        return _alone(status, context)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that did not answer."""
    away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    return answer(request, status=503 if away else 500)


def _alone(status: int, context: dict[str, object]) -> HttpResponse:
    title, lines = ALONE[status]
    page = loader.get_template("alone.html")
    response = HttpResponse(page.render({**context, "title": title, "lines": lines}), status=status)
    response["Cache-Control"] = "no-store"
    if status in RETRY_SECONDS:
        response["Retry-After"] = RETRY_SECONDS[status]
    return response
