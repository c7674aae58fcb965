"""What is encrypted in a database as it lies there, of whatever version, and which keys open it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from bitgoeul.core.privacy import keyring, rotation

# table -> column -> the name that its values are bound to
Places = Mapping[str, Mapping[str, str]]
_CHUNK = 2_000


@dataclass(frozen=True)
class Opened:
    """How many values are encrypted, and under which keys those are that nothing here opens."""

    values: int
    closed: Counter[str]


def places() -> dict[str, dict[str, str]]:
    """Name the columns that hold encrypted values in this version."""
    found: dict[str, dict[str, str]] = {}
    for model, name in rotation.encrypted_fields():
        field: Any = model._meta.get_field(name)
        columns = found.setdefault(model._meta.db_table, {})
        columns[field.column] = f"{model._meta.label_lower}.{field.attname}"
    return found


def values_in(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Give every encrypted value with its place; columns that the database lacks have none."""
    yield from _asked(connection, ("",))


def some_values_in(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Give the first and the last encrypted value of each column: enough to see other keys."""
    yield from _asked(connection, (" ORDER BY id LIMIT 1", " ORDER BY id DESC LIMIT 1"))


def values_in_dump(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the same of a PostgreSQL dump's COPY lines, without a server."""
    known, wanted = places(), None
    for line in lines:
        if wanted is None:
            wanted = _copied(line, known)
        elif line.startswith("\\."):
            wanted = None
        else:
            cells = line.rstrip("\n").split("\t")
            for number, place in wanted:
                # An encrypted value has no character that COPY writes otherwise.
                if keyring.is_sealed(cells[number]):
                    yield place, cells[number]


def open_all(values: Iterable[tuple[str, str]], keys: tuple[keyring.Key, ...]) -> Opened:
    """Try every value under the keys given."""
    number, closed = 0, Counter[str]()
    for place, value in values:
        number += 1
        try:
            keyring.unseal(value, field=place, keys=keys)
        except keyring.KeyMissing:
            closed[version_of(value)] += 1
    return Opened(number, closed)


def version_of(value: str) -> str:
    """Return the version of the key that an encrypted value is written under."""
    return value.partition("$")[0]


def _asked(connection: BaseDatabaseWrapper, endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for table, column, place in _columns_in(connection):
        # As text, for before there were keys a date was a date.
        text = f"CAST({connection.ops.quote_name(column)} AS TEXT)"
        asked = f"SELECT {text} FROM {connection.ops.quote_name(table)} WHERE {text} LIKE %s"  # noqa: S608 -- the schema's names
        for ending in endings:
            with connection.cursor() as cursor:
                cursor.execute(asked + ending, ["k%$%$%"])
                while rows := cursor.fetchmany(_CHUNK):
                    yield from ((place, value) for (value,) in rows if keyring.is_sealed(value))


def _columns_in(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for table, columns in places().items():
            if table not in there:
                continue
            described = connection.introspection.get_table_description(cursor, table)
            names = {column.name for column in described}
            yield from ((table, name, place) for name, place in columns.items() if name in names)


def _copied(line: str, known: Places) -> list[tuple[int, str]] | None:
    """The wanted columns, by their number, of a line that begins a table; else None."""
    if not line.startswith("COPY "):
        return None
    name, _bracket, rest = line.removeprefix("COPY ").partition(" (")
    columns = [column.strip(' "') for column in rest.partition(")")[0].split(",")]
    places_of = known.get(name.rpartition(".")[2].strip('"'), {})
    return [(number, places_of[each]) for number, each in enumerate(columns) if each in places_of]
