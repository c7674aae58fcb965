"""The one door through which a view reaches an object.

A view never fetches by uuid on its own: it says which rows the person may see (a `Q` that the
room's `rules.py` gives) and gets the object or the same 404 that an absent one gives, so nobody
learns from an answer what exists. `require` is the same door for actions.
"""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)

NOBODY = Q(pk__in=())
"""The filter that lets nothing through."""

EVERYBODY = Q()
"""The filter that lets everything through."""


_ANSWERS = "_bitgoeul_answers"


def get(queryset: QuerySet[M], visible: Q, **lookup: Any) -> M:
    """Load one row and authorise it in one step.

    Raises
    ------
    Http404
        When the row is absent *or* hidden from the person: the two answer alike.
    """
    found = queryset.filter(visible, **lookup).distinct()[:1]
    for row in found:
        return row
    raise Http404


def require(allowed: bool) -> None:
    """Answer as if the page were absent unless `allowed`."""
    if not allowed:
        raise Http404


def signed_in(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send an anonymous visitor to the sign-in page and back afterwards.

    The view may therefore declare a request whose `user` is a person, not the public.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(cast(R, request), *args, **kwargs)
        return redirect_to_login(request.get_full_path())

    return guarded


def once(user: Any, question: Hashable, ask: Callable[[], bool]) -> bool:
    """Ask a yes/no about a person, and remember the answer on the user object: for one request."""
    known: dict[Hashable, bool] = user.__dict__.setdefault(_ANSWERS, {})
    if question not in known:
        known[question] = ask()
    return known[question]


def forget(user: Any) -> None:
    """Have everything about a person asked again."""
    user.__dict__.pop(_ANSWERS, None)


CONFIRMED = "bitgoeul"
"""How the sign-in adapter knows that it is asked for `confirmed`."""


def confirmed(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Ask for password or second factor again, unless it was given within the last minutes.

    For what harms in the hands of whoever finds an open screen. Stands under `signed_in`; a form
    that was sent is kept meanwhile and goes on afterwards.
    """
    return cast(
        Callable[Concatenate[R, P], HttpResponseBase],
        reauthentication_required(app=CONFIRMED)(view),
    )


def account(request: HttpRequest) -> Any:
    """Return who is signed in, for views behind `signed_in` (never the anonymous visitor)."""
    return request.user


def origin_of(request: HttpRequest) -> str:
    """Return where a request came from, for the record of readings (an address, no name)."""
    through = getattr(request, "came_through", "")
    address = str(request.META.get("REMOTE_ADDR", ""))
    return (f"{address} {through}" if through else address)[:64]


def say_through(request: HttpRequest, what: str) -> None:
    """Have the origin also say through what a request came, such as a program's token."""
    request.came_through = what  # type: ignore[attr-defined]  # ours, read just above
