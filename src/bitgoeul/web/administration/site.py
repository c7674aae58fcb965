"""Django's admin as this house lets it be: administrators look things up in it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from bitgoeul.apps.alliance import rules

View = Callable[..., HttpResponseBase]

_ELSEWHERE = {
    # The admin's own would leave no journal entry, ask for no second step and end no session.
    "login": "account_login",
    "logout": "account_logout",
    "password_change": "account_change_password",
}
_UNNEEDED = frozenset({"password_change_done", "autocomplete", "view_on_site"})


class Site(AdminSite):
    """Administrators see the rooms' tables; for everybody else there is no such page.

    Only what a room registers is shown: the libraries' own tables (addresses, keys of second
    steps, devices, groups) would be read and written past the record and the journal.
    """

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Take in the rooms' tables."""
        models: Iterable[type[Model]] = (
            (model_or_iterable,) if isinstance(model_or_iterable, type) else model_or_iterable
        )
        for model in models:
            if model.__module__.startswith("bitgoeul."):
                super().register(model, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let administrators in; the second step is asked before any page (`second_factor`)."""
        return request.user.is_active and rules.is_administrator(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Answer whoever is signed in and no administrator as if there were nothing."""
        guarded = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return answered

    def get_urls(self) -> list[Any]:
        """Leave signing in and passwords to the pages that everybody uses."""
        kept: list[URLPattern | URLResolver] = []
        for route in super().get_urls():
            name = getattr(route, "name", None)
            if name in _ELSEWHERE:
                view = RedirectView.as_view(pattern_name=_ELSEWHERE[name], query_string=True)
                kept.append(path(str(route.pattern), view, name=name))
            elif name not in _UNNEEDED:
                kept.append(route)
        return kept
