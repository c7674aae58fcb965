"""The tables of a new installation, made at once instead of migration by migration.

Migrations carry old databases forward. An empty one has nothing to carry, yet Django builds every
model anew after each of some hundred steps: ten seconds of a start. Here the state after the last
migration is worked out without building models, its tables are made, the steps that are code run
(triggers, the table of the cache), and all migrations are noted as applied, in one transaction.
`tests/core/db/test_releases.py` compares the result with a database that was migrated.
"""

from typing import Any

from django.db import router
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

from bitgoeul.core.db.operations import AddIndexBesideWrites

CODE = (operations.RunPython, operations.RunSQL)
IN_THE_STATE = (
    operations.CreateModel,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AlterUniqueTogether,
    operations.AlterIndexTogether,
    operations.AddField,
    operations.AlterField,
    operations.RemoveField,
    operations.RenameField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    AddIndexBesideWrites,
)
"""Operations whose whole effect on the database can be read off the state after them."""


def is_empty(connection: Any) -> bool:
    """Whether nothing was ever made here, or only the empty list of what was applied."""
    tables = set(connection.introspection.table_names())
    listed = MigrationRecorder.Migration._meta.db_table
    if tables - {listed}:
        return False
    return not tables or not MigrationRecorder(connection).applied_migrations()


def create(connection: Any) -> bool:
    """Make every table of an empty database; False, and nothing done, where only steps can.

    An operation that is not known here might do what the state does not show: then the
    migrations run one after another, as ever.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    migrations = [migration for migration, _backwards in plan]
    if not all(_is_known(each) for one in migrations for each in one.operations):
        return False
    executor.recorder.ensure_schema()
    state = executor.loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if _is_made_here(connection, model):
                editor.create_model(model)
        for migration in migrations:
            _run_code(migration, editor, state)
            # The stubs show the signature of an older Django.
            executor.record_migration(migration)  # type: ignore[call-arg, arg-type]
    return True


def _is_known(operation: Operation) -> bool:
    return type(operation) in {*CODE, *IN_THE_STATE}


def _is_made_here(connection: Any, model: Any) -> bool:
    meta = model._meta
    return bool(
        meta.can_migrate(connection) and router.allow_migrate_model(connection.alias, model)
    )


def _run_code(migration: Migration, editor: Any, state: Any) -> None:
    """Run the steps that are code, in their order, over tables that are empty."""
    for operation in migration.operations:
        if isinstance(operation, CODE):
            operation.database_forwards(migration.app_label, editor, state, state)
