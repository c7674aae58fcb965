"""Make the table of the database cache, in which sign-in limits are counted."""

from typing import Any, ClassVar

from django.core.management import call_command
from django.db import migrations


def create(apps: Any, schema_editor: Any) -> None:
    """Make it unless it is there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies: ClassVar = []

    operations: ClassVar = [migrations.RunPython(create, migrations.RunPython.noop)]
