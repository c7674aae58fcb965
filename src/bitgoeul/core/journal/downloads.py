"""Noting from a view whose data it shows; a file with other people's data asks for its reason.

A view loads and authorises first, then calls `note_download`. Without a reason that raises
`ReasonNeeded`, which `ReasonMiddleware` answers with a page that asks for one and posts to the
same address, so the query string and with it the filter stay. It needs no script.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bitgoeul.core import access, clock
from bitgoeul.core.journal import services
from bitgoeul.core.journal.forms import ReasonForm
from bitgoeul.core.journal.models import Reading


class ReasonNeeded(Exception):
    """The file holds other people's data and nobody has said yet what it is needed for."""

    def __init__(self, form: ReasonForm, *, people: int) -> None:
        super().__init__()
        self.form = form
        self.people = people


def note_page(
    request: HttpRequest,
    of: Iterable[UUID],
    *,
    what: str,
    purpose: str,
    about: UUID | None = None,
    unnamed: int = 0,
) -> Reading | None:
    """Record whose data a page shows."""
    return services.record_reading(
        by=access.account(request),
        at=clock.now(),
        of=of,
        what=what,
        purpose=purpose,
        origin=access.origin_of(request),
        about=about,
        unnamed=unnamed,
    )


def note_download(
    request: HttpRequest,
    of: Iterable[UUID],
    *,
    what: str,
    purpose: str,
    about: UUID | None = None,
    unnamed: int = 0,
) -> Reading | None:
    """Record whose data a file holds, and what for.

    Raises
    ------
    ReasonNeeded
        When it holds other people's data and the request gives no reason.
    """
    person = access.account(request)
    others = {uuid for uuid in of if uuid != person.uuid}
    if not others and not unnamed:
        return None
    form = ReasonForm(_given(request))
    if not form.is_valid():
        raise ReasonNeeded(form, people=len(others) + unnamed)
    return services.record_reading(
        by=person,
        at=clock.now(),
        of=others,
        what=what,
        purpose=purpose,
        origin=access.origin_of(request),
        action=Reading.Action.DOWNLOAD,
        reason=form.cleaned_data["reason"],
        about=about,
        unnamed=unnamed,
    )


def _given(request: HttpRequest) -> Any:
    """What was given as a reason: by the page that asks, or by a program in a header."""
    if request.method == "POST":
        return request.POST
    reason = getattr(request, "download_reason", None)
    return None if reason is None else {"reason": reason}


class ReasonMiddleware:
    """Answers `ReasonNeeded` with the page that asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """Ask for the reason; every other exception is not for here."""
        if not isinstance(exception, ReasonNeeded):
            return None
        context = {"form": exception.form, "people": exception.people}
        status = 422 if exception.form.is_bound else 200
        return render(request, "journal/reason.html", context, status=status)
