"""An empty migrated database, kept between runs: the migrations are run when they change.

On SQLite it is a file of the temporary folder, on PostgreSQL a database to copy. Running them takes
eight seconds of every test process. What is kept is named by a digest of every file that decides
what an empty database looks like, so a changed one is never met by mistake.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.core import management
from django.db import connections

ROOT = Path(__file__).parents[1]
DAY_SECONDS = 86_400
PREFIX = "bitgoeul_migrated_"
FOLDERS, FILES = {"migrations", "models", "core"}, {"models.py", "apps.py", "settings.py"}
"""What decides what an empty database looks like."""


@contextmanager
def kept_between_runs() -> Iterator[None]:
    """While a test database is created, take the kept file instead of running migrations."""
    really = management.call_command

    def call(name: Any, *args: Any, **options: Any) -> Any:
        alias = options.get("database")
        if name != "migrate" or not alias:
            return really(name, *args, **options)
        keep = {"sqlite": _file, "postgresql": _database}[connections[alias].vendor]
        with (_folder() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return keep(connections[alias], lambda: really(name, *args, **options))

    with mock.patch.object(management, "call_command", call):
        yield


def _file(connection: Any, run: Callable[[], Any]) -> None:
    kept = _folder() / f"{_digest()}.sqlite3"
    if kept.exists():
        connection.close()
        shutil.copyfile(kept, connection.settings_dict["NAME"])
        return
    run()
    partial = kept.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(partial)])
    partial.replace(kept)
    for path in kept.parent.glob("*.sqlite3"):
        if path.stat().st_mtime < time.time() - DAY_SECONDS:
            path.unlink()


def _database(connection: Any, run: Callable[[], Any]) -> None:
    kept, name = f"{PREFIX}{_digest()}", connection.settings_dict["NAME"]
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        there = {row[0] for row in cursor.fetchall()}
    if kept not in there:
        run()
    connection.close()
    with connection._nodb_cursor() as cursor:
        if kept in there:
            cursor.execute(f"DROP DATABASE {quote(name)}")
            cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(kept)}")
            return
        for old in there:
            cursor.execute(f"DROP DATABASE {quote(old)}")
        cursor.execute(f"CREATE DATABASE {quote(kept)} TEMPLATE {quote(name)}")


def _digest() -> str:
    digest = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    source = ROOT / "src" / "bitgoeul"
    for path in sorted(source.rglob("*.py")):
        inside = path.relative_to(source)
        if FOLDERS & set(inside.parts) or path.name in FILES:
            digest.update(f"{inside}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"bitgoeul-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
