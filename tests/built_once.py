"""Worlds that many tests begin with are built once a process; later their rows are put back.

Building one through models and services costs a hundred times what inserting its rows costs. The
rows get the numbers that they had; since a sequence never gives a number twice, whatever a test
adds afterwards gets others.
"""

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

Made = TypeVar("Made")
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class _Kept:
    made: bytes
    rows: dict[str, Rows]


AFTER_MIGRATING = {"auth_permission", "django_content_type", "django_site"}
"""Django fills these after migrating and again, under other numbers, after each emptying."""

_kept: dict[tuple[str, str], _Kept] = {}
_columns: dict[str, str] = {}
_before: dict[str, set[Any]] = {}


def built_once(build: Callable[..., Made]) -> Callable[..., Made]:
    """Decorate a function that makes rows in an empty database and returns what holds them."""

    @functools.wraps(build)
    def built(*args: Any, **kwargs: Any) -> Made:
        key = (f"{build.__module__}.{build.__qualname__}", repr((args, kwargs)))
        if not _is_empty():
            return build(*args, **kwargs)
        if key in _kept:
            _put_back(_kept[key].rows)
            return pickle.loads(_kept[key].made)
        made = build(*args, **kwargs)
        _kept[key] = _Kept(made=pickle.dumps(made), rows=_new_rows())
        return made

    return built


def _models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _is_empty() -> bool:
    """Whether the tables hold what the migrations left there, and nothing else."""
    if not _before:
        tables = set(connection.introspection.table_names())
        for model in _models():
            if (table := model._meta.db_table) in tables:
                fields = model._meta.local_concrete_fields
                quoted = [connection.ops.quote_name(str(field.column)) for field in fields]
                _columns[table] = ", ".join(quoted)
                _before[table] = {row[0] for row in _select(table, _pk(model))}
    counts = " + ".join(f"(SELECT count(*) FROM {_quoted(table)})" for table in _before)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return bool(cursor.fetchone()[0] == sum(map(len, _before.values())))


def _pk(model: type[Model]) -> str:
    assert model._meta.pk is not None
    return connection.ops.quote_name(str(model._meta.pk.column))


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _select(table: str, columns: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_quoted(table)}")
        return list(cursor.fetchall())


def _new_rows() -> dict[str, Rows]:
    found = {}
    for model in _models():
        table = model._meta.db_table
        if table not in _before or table in AFTER_MIGRATING:
            continue
        rows = _select(table, f"{_pk(model)}, {_columns[table]}")
        if new := [row[1:] for row in rows if row[0] not in _before[table]]:
            found[table] = new
    return found


def _put_back(rows: dict[str, Rows]) -> None:
    # One transaction: rows of one table name rows of another that comes later.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, listed in rows.items():
            places = f"({', '.join(['%s'] * len(listed[0]))})"
            cursor.execute(
                f"INSERT INTO {_quoted(table)} ({_columns[table]})"
                f" VALUES {', '.join([places] * len(listed))}",
                [value for row in listed for value in row],
            )
