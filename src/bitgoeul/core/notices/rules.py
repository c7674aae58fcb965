"""Who sees a notice: the person it is for, and nobody else."""

from typing import Any

from django.db.models import Q

from bitgoeul.core import access

from .models import Notice


def notices_visible_to(user: Any) -> Q:
    """The filter of the notices this person may see."""
    return Q(person=user.pk) if user.is_authenticated else access.NOBODY


def can_see_notice(user: Any, notice: Notice) -> bool:
    """The yes/no beside the filter above."""
    return bool(user.is_authenticated and notice.person_id == user.pk)
