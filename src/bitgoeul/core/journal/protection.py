"""Triggers that make the journal append-only in the database itself, on SQLite and PostgreSQL."""

from typing import Any

APPEND_ONLY = (
    "journal_entry",
    "journal_leaf",
    "journal_reading",
    "journal_readingsubject",
    "journal_seal",
)
LATER = ("journal_review",)
"""Tables that came after the first protection; they are protected like the others."""

KEPT_AT_LEAST_DAYS = 365
"""No setting shortens this: the database itself refuses to let a younger reading go."""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on %', TG_OP, TG_TABLE_NAME;
END $$
"""

# Readings may go when their time is over, never before, and never be altered.
_POSTGRES_KEEPING = f"""
CREATE OR REPLACE FUNCTION journal_refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE read_at timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'journal_reading' THEN
        read_at := OLD.at;
    ELSE
        SELECT at INTO read_at FROM journal_reading WHERE id = OLD.reading_id;
    END IF;
    IF read_at IS NULL OR read_at > now() - interval '{KEPT_AT_LEAST_DAYS} days' THEN
        RAISE EXCEPTION 'the journal is append-only: % on %', TG_OP, TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$
"""  # noqa: S608 -- nothing from outside: the number stands above
_SQLITE_LIMIT = f"> datetime('now', '-{KEPT_AT_LEAST_DAYS} days')"
_SQLITE_READ_AT = "coalesce((SELECT at FROM journal_reading WHERE id = OLD.reading_id), '9999')"
# A later migration of journal_reading lifts the protection first: one trigger looks at it.
_SQLITE_YOUNG = {
    "journal_reading": f"OLD.at {_SQLITE_LIMIT}",
    "journal_readingsubject": f"{_SQLITE_READ_AT} {_SQLITE_LIMIT}",
}


def protect(connection: Any) -> None:
    """Refuse UPDATE and DELETE on the journal's tables from now on."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
            cursor.execute(_POSTGRES_KEEPING)
        for table in (*APPEND_ONLY, *LATER):
            if table not in present:
                continue
            for verb in ("UPDATE", "DELETE"):
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}")
                cursor.execute(_create(connection.vendor, table=table, verb=verb))


def unprotect(connection: Any) -> None:
    """Lift the protection: only for a migration backwards and for emptying a test database."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (*APPEND_ONLY, *LATER):
            if table not in present:
                continue
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _create(vendor: str, *, table: str, verb: str) -> str:
    name = f"{table}_no_{verb.lower()}"
    ages = verb == "DELETE" and table in _SQLITE_YOUNG
    if vendor == "postgresql":
        function = "journal_refuse_young" if ages else "journal_refuse"
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    when = f"WHEN {_SQLITE_YOUNG[table]} " if ages else ""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} {when}"
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    )
