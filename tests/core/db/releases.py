"""The databases of released versions, as `tools/release_dump.py` froze them."""

import contextlib
import itertools
import json
import lzma
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from bitgoeul.core.db.sqlite.driver import Database

FOLDER = Path(__file__).resolve().parents[2] / "releases"
URL = os.environ.get("DATABASE_URL", "")
VENDOR = "postgres" if URL else "sqlite"
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


_numbers = itertools.count()


@contextlib.contextmanager
def database(release: str, folder: Path) -> Iterator[SimpleNamespace]:
    """A fresh database that holds a release, and how to reach it."""
    if VENDOR == "sqlite":
        path = folder / "bitgoeul.sqlite3"
        if release:
            load_sqlite(release, path)
        yield SimpleNamespace(url="", connect=lambda: Database.connect(str(path)))
        return
    import psycopg

    name = f"release_{os.getpid()}_{next(_numbers)}"
    url = urlsplit(URL)._replace(path=f"/{name}").geturl()
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
        try:
            if release:
                load_postgres(release, url)
            yield SimpleNamespace(url=url, connect=lambda: psycopg.connect(url))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
