"""Steps that the tests of signing in share."""

import re
import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from bitgoeul.apps.alliance.models import User
from tests.world import PASSWORD

SECRET = re.compile(r'id="secret">([A-Z2-7]+)<')


def verified(user: User) -> User:
    """Have somebody's address confirmed, as an invitation does."""
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def enter(user: User, **headers: str) -> Client:
    """Sign in by e-mail and password, on a device of its own."""
    client = Client(headers={"accept-language": "ko", **headers})
    verified(user)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code that an app shows, some steps from now."""
    counter = int(time.time()) // app_settings.TOTP_PERIOD + steps
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app; returns its secret."""
    page = client.get("/accounts/2fa/totp/activate/")
    found = SECRET.search(page.content.decode())
    assert found, page.content.decode()[:2000]
    done: Any = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert done.status_code == 302, done.content.decode()
    return found[1]
