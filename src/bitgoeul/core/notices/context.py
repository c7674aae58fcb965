"""What the header shows on every page: how many notices are unread."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import queries


def bell(request: HttpRequest) -> dict[str, object]:
    """Give templates `unread`, counted only if a page shows it."""
    # An early error page is rendered before anybody was recognised.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread": SimpleLazyObject(lambda: queries.unread_count(user))}
