"""Who decides of erasures. The core knows no roles: the settings name the room's rule."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from bitgoeul.core import access


def can_decide_erasures(user: Any) -> bool:
    """Tell whether a person sees requests for erasure and decides of them."""
    if not user.is_authenticated:
        return False
    rule = getattr(settings, "BITGOEUL_ERASURE_RULE", "")
    return bool(import_string(rule)(user) if rule else user.is_superuser)


def can_ask_for_erasure(user: Any, person: Any) -> bool:
    """Everybody asks for themselves."""
    return bool(user.is_authenticated and user.pk == person.pk)


def requests_visible_to(user: Any) -> Q:
    """Return the filter over requests beside `can_decide_erasures`: all, or one's own."""
    if not user.is_authenticated:
        return access.NOBODY
    return access.EVERYBODY if can_decide_erasures(user) else Q(person=user.pk)
