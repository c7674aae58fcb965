"""What a list page does with views: open the default one, show the others."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from bitgoeul.core import access

from .models import SavedView

WHOLE = "all"
"""`?view=all`: the list as it is, without the view that opens by itself."""
_MEMO = "_bitgoeul_saved_views"


def views_of(request: HttpRequest) -> list[SavedView]:
    """The views that the reader keeps of this list; one query for a request."""
    known = getattr(request, _MEMO, None)
    if known is None:
        user: Any = request.user
        known = []
        if user.is_authenticated:
            known = list(SavedView.objects.filter(person=user, path=request.path))
        setattr(request, _MEMO, known)
    found: list[SavedView] = known
    return found


def keeps_views(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a list whose filter can be kept: opened bare, it shows the reader's default view."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.GET and request.method == "GET":
            for kept in views_of(request):
                if kept.is_default:
                    return redirect(kept.address)
        return view(request, *args, **kwargs)

    opened.keeps_views = True  # type: ignore[attr-defined]  # read by `is_list`
    return opened


def is_list(function: Any) -> bool:
    """Whether a view function, however wrapped, is a list whose filter can be kept."""
    while function is not None:
        if getattr(function, "keeps_views", False):
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def require_list(path: str) -> None:
    """Only an address of this site that is a list can be kept."""
    try:
        found = resolve(path)
    except Resolver404:
        raise Http404 from None
    access.require(is_list(found.func))
