"""The pages for what went wrong: in both languages, with a number, also without a database.

Some answers stand alone (`alone.html`): they are given exactly when the database, the session or
the base template may be what failed. The others look like every page, and fall back to that.
"""

import errno
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
    507: (
        _("Nothing can be saved just now"),
        (
            _(
                "The disk of this installation is full or cannot be written. What you last sent "
                "has not been saved; the rest is safe."
            ),
            _("Tell the operators the number below. Once they have made room, send it again."),
        ),
    ),
}
_LIKE_EVERY_PAGE = {400, 403, 404}
RETRY_SECONDS = {429: "300", 503: "60", 507: "600"}
DATABASE_AWAY = (OperationalError, InterfaceError)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# SQLite's own words for a full and for a read-only disk; PostgreSQL's code for a full one.
NO_ROOM_WORDS = ("database or disk is full", "attempt to write a readonly database")
POSTGRES_DISK_FULL = "53100"


def answer(request: HttpRequest, *, status: int, **context: object) -> HttpResponse:
    """The page of a failure, with the number of the request."""
    if api.is_call(request):
        later = {"Retry-After": RETRY_SECONDS[status]} if status in RETRY_SECONDS else {}
        status = 503 if status == 507 else status
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
    """500, 503 when it was the database that did not answer, 507 when the disk takes nothing."""
    error = sys.exc_info()[1]
    if _is_without_room(error):
        return answer(request, status=507)
    return answer(request, status=503 if isinstance(error, DATABASE_AWAY) else 500)


def _is_without_room(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if isinstance(error, OperationalError) and str(error).startswith(NO_ROOM_WORDS):
            return True
        if getattr(error, "sqlstate", "") == POSTGRES_DISK_FULL:
            return True
        error = error.__cause__
    return False


def _alone(status: int, context: dict[str, object]) -> HttpResponse:
    title, lines = ALONE[status]
    page = loader.get_template("alone.html")
    response = HttpResponse(page.render({**context, "title": title, "lines": lines}), status=status)
    response["Cache-Control"] = "no-store"
    if status in RETRY_SECONDS:
        response["Retry-After"] = RETRY_SECONDS[status]
    return response
