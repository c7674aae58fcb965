"""The room as programs know it, and what several operations answer with."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.views.replies import note_reading
from bitgoeul.core.api.rooms import Request, Room

room = Room("careers", title=_("Jobs"))


def asked_of(request: Request) -> dict[str, Any]:
    """Return a list's filter as its query takes it."""
    names = [name for name in request.asked if name not in {"cursor", "limit"}]
    return {name: request.asked[name] or "" for name in names}


def note(request: Request, of: list[UUID], *, what: str) -> None:
    """Record that somebody read about other people's careers."""
    note_reading(request, of, what=what)  # type: ignore[arg-type]  # the same for both doors
