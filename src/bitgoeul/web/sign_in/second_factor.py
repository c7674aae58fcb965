"""Officers, and whoever sees other people's data, get no further than here without two factors."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import User

Answer = Callable[[HttpRequest], HttpResponse]

SHOWN_ELSEWHERE = "external_mfa"
"""The record of a second step that a provider saw, whose word the operator believes."""

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

_OPEN = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "set_language",
        "health",
    }
)
"""What stays in reach meanwhile: to sign out, to confirm an address, to read in one's language."""


def is_demanded() -> bool:
    """Tell whether this installation demands it: all do, except the demo with invented people."""
    return bool(settings.BITGOEUL_SECOND_FACTOR) and not settings.BITGOEUL.is_demo


def is_proved(request: HttpRequest, user: User) -> bool:
    """Tell whether a second factor was shown in this very session."""
    shown = {"mfa", SHOWN_ELSEWHERE}
    return any(r.get("method") in shown for r in get_authentication_records(request, user))


def is_lacking(request: HttpRequest, user: User | AnonymousUser) -> bool:
    """Tell whether a person must show or set up a second factor before anything else."""
    if not isinstance(user, User) or not is_demanded() or is_proved(request, user):
        return False
    return rules.needs_second_factor(user)


class SecondFactorMiddleware:
    """Leads whoever lacks the second factor to the page where it is set up or shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Stop the request when it leads anywhere else."""
        match = request.resolver_match
        name = (match.view_name if match else "") or ""
        # A call is made with a token: the cookie that a browser may send along says nothing there.
        if (
            name in _OPEN
            or name.startswith(("mfa_", "v1:"))
            or not is_lacking(request, request.user)
        ):
            return None
        address = self._way_out(request)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(address)
        return redirect(address)

    def _way_out(self, request: HttpRequest) -> str:
        if not is_mfa_enabled(request.user, list(FACTORS)):
            text = _(
                "Your role sees other people's data. Set up a second step of signing in first."
            )
            messages.warning(request, text)
            return reverse("mfa_index")
        passkey_only = not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        name = "mfa_reauthenticate_webauthn" if passkey_only else "mfa_reauthenticate"
        back = request.get_full_path() if request.method == "GET" else "/"
        return f"{reverse(name)}?{urlencode({'next': back})}"
