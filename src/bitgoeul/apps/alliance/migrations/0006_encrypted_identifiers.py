"""Telephone numbers and dates of birth are kept encrypted from now on, also those that stand."""

from typing import Any, ClassVar

from django.db import migrations

import bitgoeul.core.privacy.fields

CHUNK = 500
BLOCKING_NOTE = (
    "What stood in plain text must not stay there for another release. An older version cannot"
    " read the new columns: stop every web server and worker, then bring the database up to date."
)


def _rows(apps: Any, schema_editor: Any) -> Any:
    people = apps.get_model("alliance", "User").objects.using(schema_editor.connection.alias)
    last = 0
    while some := list(people.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield people, some
        last = some[-1].pk


def encrypt(apps: Any, schema_editor: Any) -> None:
    """Write each value again: what is plain is read as it stands and written encrypted."""
    for people, some in _rows(apps, schema_editor):
        people.bulk_update(some, ["phone", "birth_on"])


def decrypt(apps: Any, schema_editor: Any) -> None:
    """Write the plain values back, as the columns before this migration hold them."""
    for _people, some in _rows(apps, schema_editor):
        values = [
            (row.phone, row.birth_on.isoformat() if row.birth_on else None, row.pk) for row in some
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE alliance_user SET phone = %s, birth_on = %s WHERE id = %s", values
            )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("alliance", "0005_lost_second_steps")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=bitgoeul.core.privacy.fields.EncryptedCharField(
                blank=True, db_index=True, max_length=20, verbose_name="phone"
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="birth_on",
            field=bitgoeul.core.privacy.fields.EncryptedDateField(
                blank=True, null=True, verbose_name="date of birth"
            ),
        ),
        migrations.RunPython(encrypt, decrypt),
    ]
