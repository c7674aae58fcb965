"""Every released version's database comes up to the newest, with its rows, on both databases."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from bitgoeul.core.db import fresh
from tests.core.db import blocking, releases, schemas

ROOT = Path(__file__).resolve().parents[3]

# What a migration changes in old rows on purpose: table, or table.column, with the reason.
CHANGED: dict[str, str] = {
    "django_migrations": "grows",
    "django_content_type": "grows",
    "auth_permission": "grows",
    "alliance_user.phone": "encrypted since; tests/core/privacy read it back",
    "alliance_user.birth_on": "the same",
}


def _columns(execute) -> dict[str, list[str]]:
    if releases.VENDOR == "sqlite":
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in execute(tables).fetchall()]
        return {
            name: [row[1] for row in execute(f'PRAGMA table_info("{name}")').fetchall()]
            for name in names
        }
    found: dict[str, list[str]] = {}
    listed = execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    ).fetchall()
    for table, column in listed:
        found.setdefault(table, []).append(column)
    return found


LONG = os.environ.get("BITGOEUL_LONG") == "1"
ONE_BY_ONE = """
from bitgoeul.core.db import fresh
fresh.is_empty = lambda connection: False
"""
BRING_UP = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("migrate", check=True, verbosity=0)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
from bitgoeul.__main__ import main
raise SystemExit(main(["verify", "journal"]))
"""


def _bring_up(folder: Path, url: str, *, one_by_one: bool = False) -> str:
    """Migrate as an installation would; afterwards nothing is left to do, and the journal holds."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"BITGOEUL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE * one_by_one + BRING_UP],
        env=env | ({"DATABASE_URL": url} if url else {}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("release", releases.RELEASES)
def test_a_release_comes_up_to_the_newest(release, tmp_path):
    with releases.database(release, tmp_path) as database:
        with contextlib.closing(database.connect()) as opened:
            columns = _columns(opened.execute)
            before = releases.contents(opened.execute, columns)
        assert {name: len(rows) for name, rows in before.items()} == releases.rows_of(
            release, releases.VENDOR
        )
        verdict = json.loads(_bring_up(tmp_path, database.url))
        assert verdict["ok"] is True, "the sealed journal still stands"
        with contextlib.closing(database.connect()) as opened:
            now = _columns(opened.execute)
            assert set(columns) - set(now) - set(CHANGED) == set(), "tables are gone"
            kept = _kept(columns, now)
            after = releases.contents(opened.execute, kept)
            migrated = SCHEMA(opened.execute)
        with connection.cursor() as made_at_once:
            assert _differences(migrated, SCHEMA(_asking(made_at_once))) == {}
    for table, names in kept.items():
        places = [columns[table].index(name) for name in names]
        was = sorted(tuple(row[place] for place in places) for row in before[table])
        assert after[table] == was, table


SCHEMA = schemas.of_sqlite if releases.VENDOR == "sqlite" else schemas.of_postgres


def _asking(cursor):
    def execute(sql: str):
        cursor.execute(sql, None)
        return cursor

    return execute


def _differences(some, others) -> dict[str, set[str]]:
    """What only one of two databases has: they are to be made of the same."""
    found = {name: set(map(repr, some[name])) ^ set(map(repr, others[name])) for name in some}
    return {name: parts for name, parts in found.items() if parts}


# --- an empty database is made at once ---------------------------------------------------------


@pytest.mark.django_db
def test_a_database_with_tables_is_left_to_the_migrations():
    assert fresh.is_empty(connection) is False


@pytest.mark.django_db
def test_a_step_that_is_not_known_is_left_to_the_migrations(monkeypatch):
    monkeypatch.setattr(fresh, "CODE", ())
    assert fresh.create(connection) is False


@pytest.mark.skipif(not LONG, reason="runs every migration: twelve seconds")
@pytest.mark.django_db
def test_migrations_one_by_one_come_to_the_same(tmp_path):
    with releases.database("", tmp_path) as database:
        _bring_up(tmp_path, database.url, one_by_one=True)
        with contextlib.closing(database.connect()) as opened, connection.cursor() as at_once:
            assert _differences(SCHEMA(opened.execute), SCHEMA(_asking(at_once))) == {}


def _kept(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """What must have survived: the old tables' columns but for those that are named above."""
    return {
        table: [name for name in names if name in after[table] and f"{table}.{name}" not in CHANGED]
        for table, names in before.items()
        if table in after and table not in CHANGED
    }


@pytest.mark.parametrize("release", releases.RELEASES)
def test_a_release_shows_most_tables(release):
    rows = releases.rows_of(release, "sqlite")
    assert set(rows) == set(releases.rows_of(release, "postgres"))
    filled = {name for name, count in rows.items() if count}
    assert len(filled) > 0.7 * len(rows)


# --- no migration blocks a running installation without a note -------------------------------


@pytest.mark.django_db
def test_no_migration_blocks_without_a_note():
    loader = MigrationLoader(connection)
    assert blocking.faults(loader, released=releases.applied_in(releases.RELEASES[-1])) == []


def _state() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("size", models.IntegerField()),
        ("name", models.CharField(max_length=20)),
    ]
    state.add_model(ModelState("rooms", "Attendance", fields))
    return state


def nothing(_apps, _editor):
    return None


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RunPython(nothing), "way back"),
        (migrations.RunSQL("SELECT 1"), "way back"),
        (migrations.AlterField("attendance", "size", models.CharField(max_length=9)), "rewritten"),
        (migrations.AlterField("attendance", "name", models.CharField(max_length=9)), "rewritten"),
        (migrations.AddField("attendance", "x", models.IntegerField()), "default"),
        (
            migrations.AddField("attendance", "x", models.IntegerField(default=1), False),
            "default",
        ),
        (
            migrations.AddField("attendance", "x", models.IntegerField(null=True, db_index=True)),
            "CONCURRENTLY",
        ),
        (
            migrations.AddIndex("attendance", models.Index(fields=["size"], name="i")),
            "CONCURRENTLY",
        ),
        (
            migrations.AddConstraint(
                "attendance", models.UniqueConstraint(fields=["size"], name="u")
            ),
            "CONCURRENTLY",
        ),
        (migrations.RemoveField("attendance", "size"), "older version"),
        (migrations.RenameField("attendance", "size", "width"), "older version"),
        (migrations.DeleteModel("Attendance"), "older version"),
    ],
)
def test_a_blocking_operation_is_named(operation, word):
    old = {("rooms", "attendance")}
    assert word in blocking.fault(operation, app="rooms", state=_state(), old=old, big=old)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(nothing, nothing),
        migrations.AddField("attendance", "x", models.IntegerField(null=True)),
        migrations.AddField("attendance", "x", models.IntegerField(default=1)),
        migrations.AlterField("attendance", "name", models.CharField(max_length=40)),
        migrations.AlterField("attendance", "size", models.IntegerField(verbose_name="wide")),
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),
    ],
)
def test_a_harmless_operation_passes(operation):
    old = {("rooms", "attendance")}
    assert blocking.fault(operation, app="rooms", state=_state(), old=old, big=old) == ""
