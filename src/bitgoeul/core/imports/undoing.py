"""A way back that most rooms can use: delete what was created, unless something points at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, ProtectedError, QuerySet, RestrictedError
from django.db.models.deletion import Collector

from .errors import UndoRefused

_BATCH = 500


def delete_unreferenced(
    model: type[Model], uuids: Sequence[UUID], *, together_with: Sequence[type[Model]] = ()
) -> None:
    """Delete the objects of these uuids; rows of `together_with` that hang on them go along.

    Pointers by kind and uuid are invisible here: a room that has them asks its own queries first.

    Raises
    ------
    UndoRefused
        `undo_missing` when objects are gone; `undo_blocked`, with what and how many, when
        anything else refers to them.
    """
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=_keys(model, uuids))
    collector = Collector(using=rows.db, origin=rows)
    try:
        collector.collect(rows)
    except ProtectedError as problem:
        raise _blocked(Counter(map(type, problem.protected_objects))) from None
    except RestrictedError as problem:
        raise _blocked(Counter(map(type, problem.restricted_objects))) from None
    allowed = {model, *together_with}
    found: Counter[type[Model]] = Counter()
    for other, instances in collector.data.items():
        found[other] += len(instances)
    for queryset in collector.fast_deletes:
        found[queryset.model] += queryset.count()
    others = Counter({other: n for other, n in found.items() if n and other not in allowed})
    if others:
        raise _blocked(others)
    collector.delete()


def _keys(model: type[Model], uuids: Sequence[UUID]) -> list[Any]:
    keys: list[Any] = []
    for start in range(0, len(uuids), _BATCH):
        some = uuids[start : start + _BATCH]
        keys += model._default_manager.filter(uuid__in=some).values_list("pk", flat=True)
    if len(keys) != len(set(uuids)):
        raise UndoRefused("undo_missing")
    return keys


def _blocked(found: Counter[type[Model]]) -> UndoRefused:
    what = ", ".join(f"{model._meta.verbose_name_plural} ({n})" for model, n in found.items())
    return UndoRefused("undo_blocked", what=what)
