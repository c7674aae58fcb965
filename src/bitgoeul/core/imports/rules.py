"""Who may see an import: whoever uploaded it, and whoever answers for all imports there."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bitgoeul.core import access

from .kinds import Kind, all_kinds
from .models import Import


def imports_visible_to(user: Any) -> Q:
    """The filter of the imports this person may see."""
    if user is None or not user.is_authenticated:
        return access.NOBODY
    visible = Q(uploaded_by=user.pk)
    for kind in all_kinds():
        if kind.target is None:
            if kind.can_oversee(user, None):
                visible |= Q(kind=kind.key)
        elif kind.can(user, None):
            visible |= Q(kind=kind.key, target_uuid__in=_targets_seen(kind, user))
    return visible


def can_see_import(user: Any, imported: Import) -> bool:
    """The yes/no beside the filter above."""
    if user is None or not user.is_authenticated:
        return False
    return (
        imported.uploaded_by_id == user.pk
        or Import.objects.filter(imports_visible_to(user), pk=imported.pk).exists()
    )


def can_change_import(user: Any, imported: Import, *, kind: Kind, target: Any) -> bool:
    """Confirm, undo or discard: one's own while one may import there, others' with oversight."""
    if user is None or not user.is_authenticated:
        return False
    if imported.uploaded_by_id == user.pk:
        return kind.can(user, target)
    return kind.can_oversee(user, target)


def _targets_seen(kind: Kind, user: Any) -> Any:
    """The targets whose imports this person oversees: a part of the statement where it can be."""
    listed = kind.overseen if kind.oversees else kind.targets
    if listed is not None:
        return listed(user).order_by().values("uuid")
    model = kind.target_model()
    if model is None:
        return []
    used = Import.objects.filter(kind=kind.key).order_by().values("target_uuid").distinct()
    found: list[Any] = list(model._default_manager.filter(uuid__in=used))
    return [target.uuid for target in found if kind.can_oversee(user, target)]


def kinds_open_to(user: Any) -> list[Kind]:
    """The kinds of which this person may import something somewhere."""
    return [kind for kind in all_kinds() if kind.can(user, None)]
