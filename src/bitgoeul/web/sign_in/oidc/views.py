"""Leaving for a provider, and what it says when somebody comes back."""

from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest, HttpResponse
from requests import RequestException

from bitgoeul.web.sign_in.oidc.adapter import OidcAdapter


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go there, then go; an unknown provider is an absent page."""
    return _answered(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Exchange the code, verify the token and go on as the person it names."""
    return _answered(OAuth2CallbackView, request, provider_id)


def _answered(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = OidcAdapter(request, provider_id)
    try:
        found: HttpResponse = kind.adapter_view(adapter)(request)
    except (OAuth2Error, RequestException) as error:
        # Its configuration is asked for before the library listens for faults.
        found = render_authentication_error(request, adapter.get_provider(), exception=error)
    return found
