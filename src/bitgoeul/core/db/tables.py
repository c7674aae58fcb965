"""Every table's content as one number, and every row carried from one database into another.

A digest is the sum, modulo 2^256, of the SHA-256 of each row in a canonical text: it needs no
order (databases sort texts differently) and no memory, and one changed, lost or doubled row
changes it.
"""

import datetime as dt
import decimal
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

CHUNK_ROWS = 2_000
# Rate limits and the like: worth nothing an hour later, and written to all the time.
PASSING = {"django_cache"}


@dataclass(frozen=True, order=True)
class TableDigest:
    """What a table held: its rows' count and their digest."""

    table: str
    rows: int
    digest: str


def digest_of(table: str, rows: Iterable[Sequence[Any]]) -> TableDigest:
    """Digest rows in any order."""
    total = count = 0
    for row in rows:
        total += int.from_bytes(hashlib.sha256(_canonical(row)).digest())
        count += 1
    return TableDigest(table, count, f"{total % 2**256:064x}")


def _canonical(row: Sequence[Any]) -> bytes:
    text = json.dumps(
        [_plain(value) for value in row],
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode()


def _plain(value: Any) -> Any:
    """A value as JSON that says its type where two types could look alike."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        # jsonb hands a whole number back as an integer.
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _typed(value)


def _typed(value: Any) -> list[str]:
    if isinstance(value, dt.datetime):
        whole = value.astimezone(dt.UTC) if value.tzinfo else value
        return ["moment", whole.isoformat()]
    if isinstance(value, dt.date | dt.time):
        return ["date", value.isoformat()]
    if isinstance(value, dt.timedelta):
        return ["span", str(value // dt.timedelta(microseconds=1))]
    if isinstance(value, decimal.Decimal):
        return ["decimal", format(value.normalize(), "f")]
    if isinstance(value, uuid.UUID):
        return ["uuid", value.hex]
    if isinstance(value, bytes | bytearray | memoryview):
        return ["bytes", bytes(value).hex()]
    raise TypeError(f"no canonical form for {type(value).__name__}")


# --- a database as it lies there, whatever version wrote it ------------------------------------


def digests_as_stored(connection: BaseDatabaseWrapper) -> list[TableDigest]:
    """Every table's digest from its columns as they are: for a copy on the same kind."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - PASSING)
        return [_as_stored(connection, name) for name in names]


def _as_stored(connection: BaseDatabaseWrapper, table: str) -> TableDigest:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        columns = ", ".join(quote(column.name) for column in sorted(described, key=_by_name))
        cursor.execute(f"SELECT {columns} FROM {quote(table)}")  # noqa: S608 -- the schema's names
        return digest_of(table, _fetched(cursor))


def _by_name(column: Any) -> str:
    return str(column.name)


def _fetched(cursor: Any) -> Iterator[Sequence[Any]]:
    while rows := cursor.fetchmany(CHUNK_ROWS):
        yield from rows


# --- one database into another kind -----------------------------------------------------------


def all_models() -> list[type[models.Model]]:
    """Every model with a table of its own, the migrations' record too."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return [*found, MigrationRecorder.Migration]


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def digest_of_model(model: type[models.Model], *, using: str) -> TableDigest:
    """A table's digest through its model: the same on every kind of database."""
    names = [field.attname for field in _fields(model)]
    rows = model._base_manager.using(using).order_by().values_list(*names)
    return digest_of(model._meta.db_table, rows.iterator(chunk_size=CHUNK_ROWS))


def copy_all(*, source: str, target: str) -> list[TableDigest]:
    """Carry every row over into freshly migrated tables, in one transaction, and compare.

    Raises ValueError naming the tables that differ afterwards; then nothing is kept.
    """
    with transaction.atomic(using=source), transaction.atomic(using=target):
        _empty(connections[target])
        for model in all_models():
            _copy(model, source=source, target=target)
        _set_sequences(source=connections[source], target=connections[target])
        before = [digest_of_model(model, using=source) for model in all_models()]
        after = [digest_of_model(model, using=target) for model in all_models()]
        if wrong := [old.table for old, new in zip(before, after, strict=True) if old != new]:
            raise ValueError(", ".join(wrong))
    return before


def _copy(model: type[models.Model], *, source: str, target: str) -> None:
    fields = _fields(model)
    manager = model._base_manager.using(target)
    chunk: list[models.Model] = []
    width = max(1, connections[target].ops.bulk_batch_size(fields, [None] * CHUNK_ROWS))
    for row in model._base_manager.using(source).order_by().iterator(chunk_size=CHUNK_ROWS):
        chunk.append(row)
        if len(chunk) == width:
            # raw: as it was, without today's date in fields that set themselves.
            manager._insert(chunk, fields=fields, using=target, raw=True)  # type: ignore[attr-defined]  # Django's own
            chunk = []
    if chunk:
        manager._insert(chunk, fields=fields, using=target, raw=True)  # type: ignore[attr-defined]  # Django's own


def _empty(connection: BaseDatabaseWrapper) -> None:
    """Remove what the migrations themselves wrote; the journal's triggers see no row."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in all_models()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- the schema's names


def _set_sequences(*, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """The next number is beyond every row's, and beyond those of rows that were deleted."""
    used = _sequences(source)
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            for sql in target.ops.sequence_reset_sql(no_style(), all_models()):
                cursor.execute(sql)
            for table, (column, last) in used.items():
                cursor.execute(
                    "SELECT setval(s, greatest(%s, coalesce(pg_sequence_last_value(s), 0)))"
                    " FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS s) AS named"
                    " WHERE s IS NOT NULL",
                    [last, f'"{table}"', column],
                )
            return
        for table, (_column, last) in used.items():
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [last, table]
            )
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, %s WHERE NOT EXISTS"
                " (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [table, last, table],
            )


def _sequences(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, int]]:
    """The last number that each table gave out: table -> (column, number)."""
    keys = {
        model._meta.db_table: str(model._meta.pk.column)
        for model in all_models()
        if isinstance(model._meta.pk, models.AutoField)
    }
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {name: (keys[name], n) for name, n in cursor.fetchall() if name in keys and n}
        found = {}
        for table, column in keys.items():
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [f'"{table}"', column],
            )
            if last := cursor.fetchone()[0]:
                found[table] = (column, last)
        return found
