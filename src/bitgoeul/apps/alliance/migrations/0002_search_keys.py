"""Keep a search key at every place where a name may be entered, and make them for all names."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bitgoeul.core.db.fields
from bitgoeul.core import hangul

CHUNK = 2000


def fill(apps: Any, schema_editor: Any) -> None:
    """Make the keys of everyone who is known."""
    keys = apps.get_model("alliance", "NameKey").objects.using(schema_editor.connection.alias)
    people = apps.get_model("alliance", "User").objects.using(schema_editor.connection.alias)
    made: list[Any] = []
    rows = people.order_by("pk").values_list("pk", "full_name", "romanised_name")
    for pk, full_name, romanised_name in rows.iterator(chunk_size=CHUNK):
        for key in hangul.keys_of(full_name, romanised_name):
            made.append(keys.model(person_id=pk, text=key.text, initials=key.initials))
        if len(made) >= CHUNK:
            keys.bulk_create(made)
            made = []
    keys.bulk_create(made)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("alliance", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", bitgoeul.core.db.fields.CodePointField(max_length=40)),
                ("initials", bitgoeul.core.db.fields.CodePointField(blank=True, max_length=40)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "search key of a name",
                "verbose_name_plural": "search keys of names",
                "ordering": ("text", "id"),
                "indexes": [
                    models.Index(fields=["text", "person"], name="alliance_namekey_text"),
                    models.Index(
                        fields=["initials", "text", "person"], name="alliance_namekey_initials"
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
