"""What every page knows: who is signed in, in which roles, which clock it runs by."""

from django.http import HttpRequest

from bitgoeul.apps.alliance.queries import roles_of
from bitgoeul.core import clock


def site(request: HttpRequest) -> dict[str, object]:
    """Give templates `roles` (a set of role keys), `now` and `demo_clock`."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "roles": roles_of(user) if signed_in else frozenset(),
        "now": clock.now(),
        "demo_clock": clock.fixed_today() is not None,
    }
