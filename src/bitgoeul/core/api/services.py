"""Make and revoke tokens; forget answers that nobody repeats any more."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

from . import rules
from .models import KeptAnswer, Token
from .registry import scope_names

MARK = "bitgoeul"
LONGEST = dt.timedelta(days=366)
TOKENS_AT_MOST = 50
KEPT = dt.timedelta(hours=24)


def create_token(
    *, owner: Any, name: str, scopes: Sequence[str], expires_at: dt.datetime, at: dt.datetime
) -> tuple[Token, str]:
    """Make a token; its secret is returned once and kept nowhere.

    Raises
    ------
    Refused
        When a scope is unknown, the end lies outside the next year, or there are too many.
    """
    if not scopes or set(scopes) - scope_names():
        raise Refused(_("Choose at least one right that exists."))
    if not at < expires_at <= at + LONGEST:
        raise Refused(_("A token ends within a year."))
    secret = secrets.token_urlsafe(32)
    token = Token(
        owner=owner,
        name=name,
        prefix=secrets.token_hex(4),
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
    )
    with transaction.atomic():
        held = Token.objects.filter(owner=owner, revoked_at__isnull=True, expires_at__gt=at)
        if held.count() >= TOKENS_AT_MOST:
            raise Refused(_("You have too many tokens. Revoke one that is not used."))
        token.save(force_insert=True)
        journal.record(
            event="token.created",
            by=owner,
            at=at,
            on=token,
            details={"scopes": token.scopes, "expires_at": expires_at.isoformat()},
        )
    return token, f"{MARK}_{token.prefix}_{secret}"


def revoke_token(*, token: Token, by: Any, at: dt.datetime) -> Token:
    """End a token at once; calls with it are refused from now on."""
    if not rules.can_see_token(by, token):
        raise Refused(_("A token is revoked by its owner."))
    with transaction.atomic():
        token = Token.objects.select_for_update().get(pk=token.pk)
        if token.revoked_at is not None:
            raise Refused(_("This token has been revoked already."))
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        journal.record(event="token.revoked", by=by, at=at, on=token)
    return token


def forget_answers(*, at: dt.datetime) -> int:
    """Delete kept answers older than a day; they may hold personal data."""
    return KeptAnswer.objects.filter(made_at__lt=at - KEPT).delete()[0]


def digest_of(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
