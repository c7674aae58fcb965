"""How allauth behaves in this house."""

import base64
import hashlib
import logging
import time
from typing import Any

import requests
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.core.access import CONFIRMED
from bitgoeul.web.sign_in.second_factor import SHOWN_ELSEWHERE

logger = logging.getLogger("bitgoeul.web")

_PROOFS = frozenset({"password", "mfa", SHOWN_ELSEWHERE})


class AccountAdapter(DefaultAccountAdapter):
    """Anyone may sign up as an applicant; every other role comes by a membership."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is open: an applicant needs no invitation."""
        return True

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again unless a password or a second factor was given a moment ago.

        Signing in counts: whoever typed their password a minute ago is not asked a second time.
        """
        if app == CONFIRMED and not settings.BITGOEUL_CONFIRM_SENSITIVE:
            return False
        if _proved_lately(allauth_context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def is_safe_url(self, url: str) -> bool:
        """Go on only within this site: other hosts that it answers to are other sites."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Lead to the public address, whatever host was asked: a request names that itself."""
        asked = allauth_context.request.build_absolute_uri("/")
        public = settings.BITGOEUL.public_url + "/"
        told = {
            key: public + value.removeprefix(asked)
            if isinstance(value, str) and value.startswith(asked)
            else value
            for key, value in context.items()
        }
        super().send_mail(template_prefix, email, told)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person what happened to their account, in their own language."""
        with translation.override(user.language):
            super().send_notification_mail(template_prefix, user, context, email)


class ExternalAdapter(DefaultSocialAccountAdapter):
    """Accounts of elsewhere: known by the operator's file alone, never by a row somebody made."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        """List what the operator's file names."""
        known = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in known.values() for app in apps]

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Find one; what is not named there is an absent page."""
        for app in self.list_apps(request, provider=provider, client_id=client_id):
            return app
        raise Http404

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Nothing is proved beyond what `provider.py` believes."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Suggest the name in one piece, as it is kept here."""
        user: User = sociallogin.user
        user.email = str(data.get("email") or "")
        parts = (str(data.get(part) or "") for part in ("last_name", "first_name"))
        user.full_name = (str(data.get("name") or "") or "".join(parts)).strip()[:80]
        return user

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Log which provider and why, in our own words or by the kind of the error: no data."""
        why = str(exception) if isinstance(exception, OAuth2Error) else type(exception).__name__
        logger.warning("external sign-in by %s failed: %s (%s)", provider.sub_id, error, why[:120])

    def get_requests_session(self) -> requests.Session:
        """Talk to the address that was configured, and to none that it names instead."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted in the database."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret with a key derived from the installation's own."""
        return _ring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; under a lost key no code is right, and nothing breaks."""
        try:
            return _ring().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()[:20]).decode()

    def _get_site_name(self) -> str:
        return _("Bitgoeul")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- allauth's name
        """Suggest a name for a new passkey."""
        return _("My passkey")


def _proved_lately(request: HttpRequest) -> bool:
    if not request.user.is_authenticated:
        return False
    oldest = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(
        record.get("method") in _PROOFS and record.get("at", 0) > oldest for record in records
    )


def _ring() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(b"bitgoeul.second-factor:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
