"""The room as programs know it, and what several operations answer with."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from bitgoeul.core.api.rooms import Request, Room
from bitgoeul.core.api.rows import Made

room = Room("alliance", title=_("Alliance"))


def made(thing: Any) -> Made:
    """Answer with the identifier of what was made."""
    return Made(uuid=thing.uuid)


def as_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask a list's page for its file; the page takes the form from its query."""

    def file(request: Request, form: str) -> HttpResponseBase:
        query = request.GET.copy()
        query["form"] = form
        request.GET = query  # type: ignore[assignment]  # a copy that may be changed
        return view(request)

    file.__doc__ = view.__doc__
    return file
