"""Who sees a saved view: whoever saved it. The address in it opens for whoever may see the list."""

from typing import Any

from django.db.models import Q

from bitgoeul.core import access

from .models import SavedView


def views_visible_to(user: Any) -> Q:
    """The filter of the views this person keeps."""
    return Q(person=user.pk) if user.is_authenticated else access.NOBODY


def can_see_view(user: Any, view: SavedView) -> bool:
    """The yes/no beside the filter above."""
    return bool(user.is_authenticated and view.person_id == user.pk)
