"""An index for finding an application by its number, built beside running work."""

from typing import ClassVar

from django.db import migrations, models

from bitgoeul.core.db.operations import AddIndexBesideWrites


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [("programmes", "0001_initial")]

    operations: ClassVar = [
        AddIndexBesideWrites(
            model_name="application",
            index=models.Index(
                fields=["number"],
                name="programmes_app_by_number",
                opclasses=("varchar_pattern_ops",),
            ),
        )
    ]
