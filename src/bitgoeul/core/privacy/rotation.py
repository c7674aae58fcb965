"""Writing everything under the newest key, some rows at a time; may stop and go on anywhere."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction

from bitgoeul.core.privacy import keyring
from bitgoeul.core.privacy.fields import EncryptedCharField, EncryptedDateField

CHUNK = 500


def encrypted_fields() -> Iterator[tuple[type[models.Model], str]]:
    """Name every field that is kept encrypted."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (EncryptedCharField, EncryptedDateField)):
                yield model, field.name


def written_under() -> Counter[str]:
    """Count the values by the key they are written under; `plain` are not encrypted at all."""
    found: Counter[str] = Counter()
    for model, name in encrypted_fields():
        for value in _stored(model, name):
            found[value.partition("$")[0] if keyring.is_sealed(value) else "plain"] += 1
    return found


def write_anew() -> int:
    """Write every value that is not under the newest key under it; returns how many."""
    newest = keyring.ring()[0].version
    return sum(_write_anew(model, name, newest) for model, name in encrypted_fields())


def _stored(model: type[models.Model], name: str) -> Iterator[str]:
    raw = models.functions.Cast(name, models.TextField())
    rows = model._default_manager.annotate(stored=raw).exclude(**{f"{name}__isnull": True})
    yield from (value for value in rows.values_list("stored", flat=True).iterator() if value)


def _write_anew(model: type[models.Model], name: str, newest: str) -> int:
    raw = models.functions.Cast(name, models.TextField())
    rows = model._default_manager.annotate(stored=raw).exclude(**{f"{name}__isnull": True})
    waiting = rows.exclude(stored="").exclude(stored__startswith=f"{newest}$").order_by("pk")
    done = 0
    while True:
        with transaction.atomic():
            some: list[Any] = list(waiting.select_for_update()[:CHUNK])
            model._default_manager.bulk_update(some, [name])
        if not some:
            return done
        done += len(some)
