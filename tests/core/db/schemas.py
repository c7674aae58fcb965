"""What a database is made of, in a form that two of them can be compared in.

The order of columns is left out: SQLite puts one that was altered last, and nothing asks by place.
"""

import re
from typing import Any

Parts = dict[str, list[Any]]
POSTGRES = {
    "columns": "SELECT table_name, column_name, data_type, collation_name,"
    " character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename, data_type::text, increment_by FROM pg_sequences"
    " WHERE schemaname = 'public'",
}


def of_postgres(execute: Any) -> Parts:
    """Columns, constraints, indexes, triggers, functions and sequences."""
    return {name: sorted(_plain(row) for row in execute(sql)) for name, sql in POSTGRES.items()}


def _plain(row: Any) -> str:
    """A row without what only tells by which way it came here.

    A column that became unique later has a constraint of another name than one that was made so:
    Django looks such constraints up by their columns. A dump that was read back has its casts
    written in other places.
    """
    named = re.sub(r"_[0-9a-f]{8}_uniq\b", "_key", repr(row))
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", named)


def of_sqlite(execute: Any) -> Parts:
    """The same of SQLite: a table by the parts of its text, whatever order they are written in."""
    rows = execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    tables = [row for row in rows if row[0] == "table" and not row[1].startswith("sqlite_")]
    columns = {
        name: execute(
            f'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo("{name}")'
        ).fetchall()
        for _type, name, _table, _sql in tables
    }
    return {
        "columns": sorted((name, *row) for name, listed in columns.items() for row in listed),
        "parts": sorted((name, part) for _t, name, _n, sql in tables for part in _parts(sql)),
        "others": sorted(
            (kind, name, table, sql or "") for kind, name, table, sql in rows if kind != "table"
        ),
    }


def _parts(sql: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE, split at the commas outside of brackets."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    parts, depth, quoted, start = [], 0, "", 0
    for place, sign in enumerate(body):
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "'\"":
            quoted = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            parts.append(body[start:place])
            start = place + 1
    return sorted(" ".join(part.split()) for part in [*parts, body[start:]])
