"""The room as programs know it, and what several operations answer with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.api.rooms import Request, Room
from bitgoeul.core.api.rows import Row

room = Room("programmes", title=_("Programmes"))


def asked_of(request: Request, *names: str) -> dict[str, str]:
    """Return what was asked of a list; what was not asked is empty."""
    return {name: request.asked[name] or "" for name in names}


def only(row: Any, kind: type[Row]) -> Mapping[str, Any]:
    """Return what a type shows of an object."""
    return {name: getattr(row, name) for name in kind.model_fields}
