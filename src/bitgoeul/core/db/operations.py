"""Steps of a migration that do not stop the house: an index is built while people work.

A migration that uses them says `atomic = False`: PostgreSQL builds an index beside running
writes only outside of a transaction.
"""

from typing import Any

from django.db import migrations


class AddIndexBesideWrites(migrations.AddIndex):
    """Add an index: on PostgreSQL concurrently, on SQLite as ever (it has one writer anyway)."""

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Build the index."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            sql = self.index.create_sql(model, schema_editor, concurrently=True)
            schema_editor.execute(sql, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the index."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            sql = self.index.remove_sql(model, schema_editor, concurrently=True)
            schema_editor.execute(sql, params=None)
