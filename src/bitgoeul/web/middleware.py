"""Small things that every request meets: a number to quote, a length, no copy in caches."""

import contextlib
import ipaddress
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from bitgoeul.core.uploads.sizes import most_of
from bitgoeul.core.watch import metrics, numbers
from bitgoeul.core.watch.logs import frames_of, name_of
from bitgoeul.web import api, failures

logger = logging.getLogger("bitgoeul.web")
requests_logger = logging.getLogger("bitgoeul.requests")

Answer = Callable[[HttpRequest], HttpResponse]

# Without 0/O, 1/I/L and U: the number is read out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Make a request number such as "7K3M-9QXT"."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def route_of(request: HttpRequest) -> str:
    """Name the route, never the address: an address may hold a key or what was typed."""
    match = request.resolver_match
    return (match.view_name or match.route or "?") if match else "none"


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = route_of(request), request.method or ""
    if route == "health":
        return
    metrics.count_request(route=route, method=method, status=status, seconds=seconds)
    more = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000)}
    requests_logger.info("%s", status, extra=more)


class RequestNumberMiddleware:
    """Gives each request a number; error pages show it, the log and a header repeat it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and its answer."""
        request.number = new_number()  # type: ignore[attr-defined]  # ours, for the error pages
        started = time.perf_counter()
        # Set above; Django's request has no such attribute of its own.
        with numbers.numbered(request.number):  # type: ignore[attr-defined]
            response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - started)
        # Set above; Django's request has no such attribute of its own.
        response["X-Request-Number"] = request.number  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Tie the number to the error; Django logs the traceback next to this line."""
        if isinstance(exception, Http404 | PermissionDenied):
            return  # an answer like any other: the request's own line says it
        # Not the message: it may hold what a person typed.
        logger.error(
            "request %s: %s",
            getattr(request, "number", "-"),
            type(exception).__name__,
            # Never the exception itself: some other formatter would print what it says.
            extra={
                "route": route_of(request),
                "method": request.method,
                "error": name_of(type(exception)),
                "trace": frames_of(exception.__traceback__),
            },
        )


class ProblemMiddleware:
    """Answers programs in their own shape also where something other than an operation said no."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the page, or the bare line, of an error by a problem."""
        response = self.get_response(request)
        if response.status_code < 400 or not api.is_call(request):
            return response
        if response.headers.get("Content-Type") == api.MEDIA:
            return response
        kept = ("Allow", "Retry-After", "WWW-Authenticate")
        headers = {name: response[name] for name in kept if response.has_header(name)}
        return api.problem(request, response.status_code, headers)


class ClientAddressMiddleware:
    """Behind the proxy a request comes from whom the proxy names, not from the proxy itself.

    The proxy's own word is the last one: what a visitor sent under that name stands before it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the address where everybody looks for it."""
        if settings.BITGOEUL.behind_tls:
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            with contextlib.suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(named))
        return self.get_response(request)


class NoStoreMiddleware:
    """Pages of signed-in people stay out of every cache, also of the browser's back button.

    So do the answers to a program's token, and whatever the browser stored goes on signing out.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Forbid storing the answer when somebody is signed in."""
        was_known = self._is_known(request)
        response = self.get_response(request)
        is_known = self._is_known(request)
        if (was_known or is_known) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        if was_known and not is_known:
            response["Clear-Site-Data"] = '"storage"'
        return response

    def _is_known(self, request: HttpRequest) -> bool:
        user = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        return signed_in or "Authorization" in request.headers


class BodySizeMiddleware:
    """Refuses a request that says it is longer than its view takes, before any of it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_view` knows the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 413 when the announced length is more than the view takes."""
        # A body without a length is empty for Django; one of a false length is cut there.
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length[:18]) <= most_of(view):
            return None
        return failures.answer(request, status=413)
