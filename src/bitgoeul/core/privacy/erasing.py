"""How a part of a table is forgotten, for one person or for all whose time is over.

Everything here may be repeated: what is gone already is not found again.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from bitgoeul.core.clock import SEOUL
from bitgoeul.core.journal.models import Salt
from bitgoeul.core.privacy import registry
from bitgoeul.core.privacy.declarations import Declaration, Erase, Part, Retention

CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One part of a table as far as it is about one person: how much, and until when by law."""

    model: type[models.Model]
    said: Declaration
    part: Part
    rows: int
    keep_until: dt.date | None
    rule: Retention | None

    @property
    def table(self) -> str:
        """The label by which items and certificates name the table."""
        return self.model._meta.label

    @property
    def title(self) -> str:
        """What is kept, in words."""
        table = str(self.model._meta.verbose_name)
        return f"{table}: {self.part.title}" if self.part.title else table

    @property
    def stays(self) -> bool:
        """The rows stay and name nobody once the account is erased."""
        return self.part.erase == Erase.LINK


def kept_about(person: models.Model) -> list[Kept]:
    """Return every part that holds something about a person, with the day until which it must."""
    found = [
        _kept(model, said, part, person)
        for model, said in registry.personal()
        for part in said.parts
        if part.erase != Erase.BATCH
    ]
    longest = max(
        (each for each in found if each.keep_until and each.rows),
        key=lambda each: each.keep_until or dt.date.min,
        default=None,
    )
    return [
        Kept(
            model=each.model,
            said=each.said,
            part=each.part,
            rows=each.rows,
            keep_until=longest.keep_until if longest else None,
            rule=longest.rule if longest else None,
        )
        if each.part.with_records
        else each
        for each in found
        if each.rows
    ]


def erase(kept: Kept, person: models.Model) -> int:
    """Forget one part of one person; returns how many rows held something."""
    rows = rows_of(kept.model, kept.said, person)
    return _erase_rows(kept.model, kept.part, rows, cleared_of(kept.model, kept.part, person))


def erase_overdue(
    model: type[models.Model], part: Part, *, today: dt.date, at_most: int = CHUNK
) -> int:
    """Forget the rows of a part whose time is over, whoever they are about; some at a time."""
    overdue = model._default_manager.filter(_overdue(model, part, today=today)).distinct()
    cleared = cleared_of(model, part, None)
    some = _remaining(overdue, part, cleared).order_by("pk").values_list("pk", flat=True)
    chosen = model._default_manager.filter(pk__in=list(some[:at_most]))
    return _erase_rows(model, part, chosen, cleared)


def rows_of(model: type[models.Model], said: Declaration, person: models.Model) -> QuerySet[Any]:
    """Return the rows of a table that are about a person."""
    if said.find is not None:
        return said.find(person)
    if said.person == "self":
        return model._default_manager.filter(pk=person.pk)
    return model._default_manager.filter(**{said.person: person})


def cleared_of(
    model: type[models.Model], part: Part, person: models.Model | None
) -> dict[str, Any]:
    """Return the value that each field of a part has when it is forgotten."""
    if part.erase != Erase.CLEAR:
        return {}
    cleared = {name: empty_of(model._meta.get_field(name)) for name in part.fields}
    cleared |= part.cleared
    return {name: value(person) if callable(value) else value for name, value in cleared.items()}


def empty_of(field: Any) -> Any:
    """Return what an emptied field holds."""
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default()
    return "" if field.empty_strings_allowed else field.get_default()


def _kept(model: type[models.Model], said: Declaration, part: Part, person: models.Model) -> Kept:
    rows = rows_of(model, said, person)
    left = _remaining(rows, part, cleared_of(model, part, person))
    return Kept(
        model=model,
        said=said,
        part=part,
        rows=left.count(),
        keep_until=_keep_until(rows, part),
        rule=part.keep,
    )


def _keep_until(rows: QuerySet[Any], part: Part) -> dt.date | None:
    if part.keep is None:
        return None
    days = [
        next((_day(value) for value in values if value is not None), None)
        for values in rows.values_list(*part.after)
    ]
    last = max((day for day in days if day is not None), default=None)
    return last + dt.timedelta(days=part.keep.days) if last else None


def _day(value: dt.date | dt.datetime) -> dt.date:
    return value.astimezone(SEOUL).date() if isinstance(value, dt.datetime) else value


def _overdue(model: type[models.Model], part: Part, *, today: dt.date) -> Q:
    """The first date that is there lies far enough back."""
    assert part.keep is not None
    day = today - dt.timedelta(days=part.keep.days)
    found, before = Q(pk__in=()), Q()
    for path in part.after:
        is_moment = isinstance(registry.end_of(model, path), models.DateTimeField)
        limit = dt.datetime.combine(day, dt.time(), tzinfo=SEOUL) if is_moment else day
        found |= before & Q(**{f"{path}__lt": limit})
        before &= Q(**{f"{path}__isnull": True})
    return found


def _remaining(rows: QuerySet[Any], part: Part, cleared: Mapping[str, Any]) -> QuerySet[Any]:
    """The rows that still hold something of the part."""
    if part.erase != Erase.CLEAR:
        return rows
    something = Q(pk__in=())
    for name in part.fields:
        value = cleared[name]
        empty = Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        something |= ~empty
    return rows.filter(something)


def _erase_rows(
    model: type[models.Model], part: Part, rows: QuerySet[Any], cleared: Mapping[str, Any]
) -> int:
    gone = 0
    keys = list(_remaining(rows, part, cleared).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = model._default_manager.filter(pk__in=keys[start : start + CHUNK])
        _forget_salts(model, some)
        _remove_files(model, part, some)
        if part.erase == Erase.DELETE:
            some.delete()
        elif cleared:
            some.update(**cleared)
        gone += len(keys[start : start + CHUNK])
    return gone


def _forget_salts(model: type[models.Model], rows: QuerySet[Any]) -> None:
    """Without its salt, no digest in the journal or in a report leads back to a row."""
    if any(field.name == "uuid" for field in model._meta.concrete_fields):
        uuids: list[UUID] = list(rows.values_list("uuid", flat=True))
        Salt.objects.filter(object_uuid__in=uuids).delete()


def _remove_files(model: type[models.Model], part: Part, rows: QuerySet[Any]) -> None:
    """First the file, then its row's field: interrupted, the next run finds the row again."""
    names = [
        field.name for field in model._meta.concrete_fields if isinstance(field, models.FileField)
    ]
    for name in set(names) & set(part.fields):
        for row in rows:
            file = getattr(row, name)
            if file:
                file.delete(save=False)
