"""Triggers that make the journal append-only in the database itself, on SQLite and PostgreSQL."""

from typing import Any

APPEND_ONLY = (
    "journal_entry",
    "journal_leaf",
    "journal_reading",
    "journal_readingsubject",
    "journal_seal",
)

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % on %', TG_OP, TG_TABLE_NAME;
END $$
"""


def protect(connection: Any) -> None:
    """Refuse UPDATE and DELETE on the journal's tables from now on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(_create(connection.vendor, table=table, verb=verb))


def unprotect(connection: Any) -> None:
    """Lift the protection: only for a migration backwards and for emptying a test database."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _create(vendor: str, *, table: str, verb: str) -> str:
    name = f"{table}_no_{verb.lower()}"
    if vendor == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION journal_refuse()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    )
