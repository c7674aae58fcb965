"""Who may see and revoke a token: its owner, nobody else."""

from typing import Any

from django.db.models import Q

from bitgoeul.core import access

from .models import Token


def tokens_visible_to(user: Any) -> Q:
    """The filter of the tokens this person may see."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    return Q(owner=user.pk)


def can_see_token(user: Any, token: Token) -> bool:
    """The yes/no beside the filter above."""
    return user is not None and user.is_authenticated and token.owner_id == user.pk
