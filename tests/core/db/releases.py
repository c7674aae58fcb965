"""The databases of released versions, as `tools/release_dump.py` froze them."""

import json
import lzma
from pathlib import Path
from typing import Any

from bitgoeul.core.db.sqlite.driver import Database

FOLDER = Path(__file__).resolve().parents[2] / "releases"
RELEASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def sql_of(release: str, vendor: str) -> str:
    return lzma.decompress((FOLDER / release / f"{vendor}.sql.xz").read_bytes()).decode()


def rows_of(release: str, vendor: str) -> dict[str, int]:
    return json.loads((FOLDER / release / f"{vendor}.json").read_text())


def load_sqlite(release: str, path: Path) -> None:
    connection = Database.connect(str(path))
    connection.executescript(sql_of(release, "sqlite"))
    connection.close()


def load_postgres(release: str, url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(sql_of(release, "postgres"))


def applied_in(release: str) -> set[tuple[str, str]]:
    """The migrations that a release had, read off its dump."""
    connection = Database.connect(":memory:")
    connection.executescript(sql_of(release, "sqlite"))
    found = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    connection.close()
    return set(found)


def contents(execute: Any, tables: dict[str, list[str]]) -> dict[str, list[tuple[str, ...]]]:
    """The rows of tables in the given columns, in an order of their own."""
    found = {}
    for table, columns in tables.items():
        listed = ", ".join(f'"{column}"' for column in columns)
        rows = execute(f'SELECT {listed} FROM "{table}"').fetchall()
        found[table] = sorted(tuple(map(repr, row)) for row in rows)
    return found
