"""Which migrations would block, or break, an installation that runs while it is brought up.

A migration that must do one of these things says so: `BLOCKING_NOTE = "why, and what to do"` in
its module. The operator's guide tells how to run such a migration.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Model = tuple[str, str]

# Tables that hold a row per person and day, per entry or per row of a file: an index that is
# built under a lock stops the house for minutes there.
BIG: set[Model] = {
    ("programmes", "attendance"),
    ("programmes", "stagescore"),
    ("labs", "submission"),
    ("labs", "evaluation"),
    ("journal", "entry"),
    ("journal", "leaf"),
    ("journal", "reading"),
    ("journal", "readingsubject"),
    ("jobs", "job"),
    ("reports", "snapshotrow"),
}
CONCURRENT = {"AddIndexConcurrently", "RemoveIndexConcurrently"}


def faults(loader: MigrationLoader, *, released: set[tuple[str, str]]) -> list[str]:
    """What is wrong with the migrations that came after a release."""
    old = _models_of(loader, released)
    state = ProjectState()
    found = []
    for key in _in_order(loader):
        migration = loader.disk_migrations[key]
        for operation in migration.operations:
            if key not in released and not _note(key, loader):
                told = fault(operation, app=key[0], state=state, old=old, big=BIG)
                found += [f"{key[0]}.{key[1]}: {told}"] if told else []
            operation.state_forwards(key[0], state)
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: list[tuple[str, str]] = []
    for leaf in loader.graph.leaf_nodes():
        order += [key for key in loader.graph.forwards_plan(leaf) if key not in order]
    return order


def _models_of(loader: MigrationLoader, released: set[tuple[str, str]]) -> set[Model]:
    state = ProjectState()
    for key in _in_order(loader):
        if key in released:
            for operation in loader.disk_migrations[key].operations:
                operation.state_forwards(key[0], state)
    return set(state.models)


def _note(key: tuple[str, str], loader: MigrationLoader) -> str:
    module = import_module(loader.disk_migrations[key].__module__)
    return getattr(module, "BLOCKING_NOTE", "")


def fault(
    operation: Operation, *, app: str, state: ProjectState, old: set[Model], big: set[Model]
) -> str:
    """What an operation would do to a running installation, or nothing."""
    if isinstance(operation, migrations.RunPython | migrations.RunSQL):
        return "" if operation.reversible else "there is no way back"
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        inner = (
            fault(one, app=app, state=state, old=old, big=big)
            for one in operation.database_operations
        )
        return next(filter(None, inner), "")
    if isinstance(operation, migrations.DeleteModel | migrations.RenameModel):
        name = getattr(operation, "name", "") or getattr(operation, "old_name", "")
        return "an older version that still runs needs it" if (app, name.lower()) in old else ""
    model = (app, getattr(operation, "model_name", "").lower())
    if model not in old:
        return ""
    return _of_field(operation, model, state) or (_of_index(operation) if model in big else "")


def _of_field(operation: Operation, model: Model, state: ProjectState) -> str:
    if isinstance(operation, migrations.RemoveField | migrations.RenameField):
        return f"{model[1]}: an older version that still runs needs the column"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        has_default = field.has_default() or field.has_db_default() or field.many_to_many
        if not field.null and not (has_default and operation.preserve_default):
            return f"{model[1]}.{operation.name}: neither null nor a default"
        if isinstance(field, models.GeneratedField):
            return f"{model[1]}.{operation.name}: the table is rewritten"
    if isinstance(operation, migrations.AlterField):
        before = state.models[model].fields[operation.name]
        if _rewrites(before, operation.field):
            return f"{model[1]}.{operation.name}: the table is rewritten"
    return ""


def _rewrites(before: models.Field, after: models.Field) -> bool:
    if before.get_internal_type() != after.get_internal_type():
        return True
    longest = (getattr(before, "max_length", None), getattr(after, "max_length", None))
    if None not in longest and longest[1] < longest[0]:
        return True
    if before.null and not after.null:
        return True
    digits = ("max_digits", "decimal_places")
    return any(getattr(before, name, None) != getattr(after, name, None) for name in digits)


def _of_index(operation: Operation) -> str:
    if type(operation).__name__ in CONCURRENT:
        return ""
    unique = isinstance(operation, migrations.AddConstraint) and not isinstance(
        operation.constraint, models.CheckConstraint
    )
    indexed = isinstance(operation, migrations.AddField) and (
        operation.field.db_index or operation.field.unique
    )
    if unique or indexed or isinstance(operation, migrations.AddIndex):
        return f"{operation.model_name}: an index without CONCURRENTLY on a big table"
    return ""
