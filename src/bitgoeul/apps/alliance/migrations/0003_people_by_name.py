"""An index for the list of people in the order of their names, built beside running work."""

from typing import ClassVar

from django.db import migrations, models

from bitgoeul.core.db.operations import AddIndexBesideWrites


class Migration(migrations.Migration):
    atomic = False

    dependencies: ClassVar = [("alliance", "0002_search_keys")]

    operations: ClassVar = [
        AddIndexBesideWrites(
            model_name="user",
            index=models.Index(fields=["full_name", "id"], name="alliance_user_by_name"),
        )
    ]
