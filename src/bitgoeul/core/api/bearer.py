"""Who calls: the owner of the token in `Authorization`, or the public where pages are public.

The cookie of a browser's session is never looked at, so no foreign page can make a call.
"""

import hmac
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Case, F, Value, When
from django.http import HttpRequest
from ninja.security import HttpBearer

from bitgoeul.core import access, clock

from .models import Token
from .problems import Problem
from .services import MARK, digest_of

CALLS_A_MINUTE = 600
PUBLIC_CALLS_A_MINUTE = 120
_SHAPE = re.compile(rf"{MARK}_([0-9a-f]{{8}})_([A-Za-z0-9_-]{{43}})")


class Bearer(HttpBearer):
    """Lets the holder of a token in that has a room's right."""

    def __init__(self, *, scope: str, public: bool) -> None:
        super().__init__()
        self.scope = scope
        self.public = public

    def __call__(self, request: HttpRequest) -> Any:
        """Set the request's person, or say what is missing."""
        request.token = None  # type: ignore[attr-defined]  # ours, for the room's operations
        header = request.headers.get("Authorization", "")
        if not header and self.public:
            request.user = AnonymousUser()
            _count_public(request)
            return True
        if not header:
            raise Problem("token_missing", headers={"WWW-Authenticate": "Bearer"})
        kind, _space, text = header.partition(" ")
        return self.authenticate(request, text.strip() if kind.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Find the token; every kind of no has its own code."""
        found = _find(token)
        _count(found)
        room, _colon, right = self.scope.partition(":")
        held = set(found.scopes)
        if self.scope not in held and not (right == "read" and f"{room}:write" in held):
            raise Problem(
                "scope_missing", headers={"WWW-Authenticate": f'Bearer scope="{self.scope}"'}
            )
        request.user = found.owner
        request.token = found  # type: ignore[attr-defined]  # ours
        access.say_through(request, f"token {found.prefix}")
        return found


def _find(text: str) -> Token:
    refused = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    shape = _SHAPE.fullmatch(text)
    found = shape and Token.objects.select_related("owner").filter(prefix=shape[1]).first()
    if not shape or not found or not hmac.compare_digest(found.digest, digest_of(shape[2])):
        raise Problem("token_unknown", headers=refused)
    if found.revoked_at is not None or not found.owner.is_active:
        raise Problem("token_revoked", headers=refused)
    if found.expires_at <= clock.now():
        raise Problem("token_expired", headers=refused)
    return found


def _count(token: Token) -> None:
    """Count the call in one statement, so no process can overlook another's."""
    now = clock.now()
    minute = int(now.timestamp()) // 60
    same = When(minute=minute, then=F("calls") + 1)
    rows = Token.objects.filter(pk=token.pk)
    rows.update(calls=Case(same, default=Value(1)), minute=minute, last_used_at=now)
    most = getattr(settings, "BITGOEUL_API_CALLS_A_MINUTE", CALLS_A_MINUTE)
    if (rows.values_list("calls", flat=True).first() or 0) > most:
        raise _too_many(now.second)


def _count_public(request: HttpRequest) -> None:
    now = clock.now()
    key = f"api:{access.origin_of(request)}:{int(now.timestamp()) // 60}"
    most = getattr(settings, "BITGOEUL_API_PUBLIC_CALLS_A_MINUTE", PUBLIC_CALLS_A_MINUTE)
    calls = int(cache.get(key, 0)) + 1
    cache.set(key, calls, 120)
    if calls > most:
        raise _too_many(now.second)


def _too_many(second: int) -> Problem:
    return Problem("too_many", headers={"Retry-After": str(60 - second)})
