"""A program that calls with a token of its own."""

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from bitgoeul.core.api.models import Token
from bitgoeul.core.api.services import create_token

ROOT = "/api/v1"


def token_of(person: Any, *scopes: str, days: int = 30) -> tuple[Token, str]:
    """Make a token that may what is named; reading and changing the alliance otherwise."""
    at = timezone.now()
    return create_token(
        owner=person,
        name="test",
        scopes=scopes or ("alliance:write",),
        expires_at=at + dt.timedelta(days=days),
        at=at,
    )


def caller(secret: str, language: str = "en") -> Client:
    """A client that sends the token with every call."""
    return Client(headers={"authorization": f"Bearer {secret}", "accept-language": language})


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    """Send JSON."""
    return client.post(ROOT + path, body, content_type="application/json", headers=headers)
