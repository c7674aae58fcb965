"""Many small rows into a table without making an object of each.

For rows that come by the ten thousand: search keys, whose data a reading touched, the lines of a
file, days of attendance. Everything else is written through the ORM.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.models import Model


def insert_rows(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of the named fields (every other column must have a default).

    A cell of a JSON field is its text.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    known = {field.name: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in names]
    into = f"INSERT INTO {quote(model._meta.db_table)}"
    into += f" ({', '.join(quote(str(field.column)) for field in fields)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement with one list a column: no round trip, no parameter a cell.
            arrays = ", ".join(f"%s::{_bare(field.db_type(connection))}[]" for field in fields)
            columns = [list(column) for column in zip(*rows, strict=True)]
            # Names of our own tables and columns; every value is a parameter.
            cursor.execute(f"{into} SELECT * FROM unnest({arrays})", columns)  # noqa: S608
        else:
            marks = ", ".join("%s" for _ in fields)
            plain = [[_plain(cell) for cell in row] for row in rows]
            cursor.executemany(f"{into} VALUES ({marks})", plain)


def _bare(db_type: str | None) -> str:
    return (db_type or "text").split("(")[0]


def _plain(cell: Any) -> Any:
    if isinstance(cell, UUID):
        return cell.hex
    return cell.isoformat() if isinstance(cell, dt.date) else cell
