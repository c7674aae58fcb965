"""Make the journal append-only in the database itself."""

from typing import Any, ClassVar

from django.db import migrations

from bitgoeul.core.journal import protection


def protect(apps: Any, schema_editor: Any) -> None:
    """Set the triggers."""
    protection.protect(schema_editor.connection)


def unprotect(apps: Any, schema_editor: Any) -> None:
    """Lift the triggers."""
    protection.unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_initial")]

    operations: ClassVar = [migrations.RunPython(protect, unprotect)]
