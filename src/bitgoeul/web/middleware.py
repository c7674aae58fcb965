"""Two small things that every answer gets: a number to quote, and no copy in shared caches."""

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

logger = logging.getLogger("bitgoeul.web")

Answer = Callable[[HttpRequest], HttpResponse]

# Without 0/O, 1/I/L and U: the number is read out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Make a request number such as "7K3M-9QXT"."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class RequestNumberMiddleware:
    """Gives each request a number; error pages show it, the log and a header repeat it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and its answer."""
        request.number = new_number()  # type: ignore[attr-defined]  # ours, for the error pages
        response = self.get_response(request)
        # Set above; Django's request has no such attribute of its own.
        response["X-Request-Number"] = request.number  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Tie the number to the error; Django logs the traceback next to this line."""
        # Not the message: it may hold what a person typed.
        logger.error(
            "request %s: %s at %s %s",
            getattr(request, "number", "-"),
            type(exception).__name__,
            request.method,
            request.path,
        )


class NoStoreMiddleware:
    """Pages of signed-in people stay out of every cache, also of the browser's back button."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forbid storing the answer when somebody is signed in."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response
