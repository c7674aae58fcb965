"""What must be true before anything starts, and what to tell the person when it is not."""

import contextlib
import errno
import fcntl
import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from bitgoeul.cli import _, say

LOCK_FILE = "run.lock"
PORT_PATIENCE_SECONDS = 3.0
PROBE_BYTES = 64 * 1024
SECRETS = {"secret-key", "keyring.json"}
CHECKED_FILES = (
    "secret-key",
    "keyring.json",
    "bitgoeul.sqlite3",
    "bitgoeul.sqlite3-wal",
    "bitgoeul.sqlite3-shm",
)


class StartError(Exception):
    """Something only the person can put right; `message` and `fields` say what and how."""

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message % fields)
        self.message = message
        self.fields = fields


@contextlib.contextmanager
def hold_folder(folder: Path | None = None) -> Iterator[Path]:
    """Check the data folder and keep every other start out of it."""
    if folder is None:
        from bitgoeul.web.config import default_data_dir

        folder = default_data_dir()
    check_folder(folder)
    lock = folder / LOCK_FILE
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, lock)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield folder
    finally:
        os.close(descriptor)


def check_folder(folder: Path) -> None:
    """The data folder can be made or is there, is ours to write, and keeps its secrets."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StartError(
            _("The data folder %(folder)s cannot be made: %(why)s."),
            folder=folder,
            why=error.strerror,
        ) from error
    probe = folder / f".probe-{os.getpid()}"
    try:
        # Some content: a full disk still takes an empty file.
        probe.write_bytes(bytes(PROBE_BYTES))
        probe.unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink()
        raise StartError(
            _(
                "The data folder %(folder)s cannot be written: %(why)s. "
                "Give it to this account, or name another one in BITGOEUL_DATA_DIR."
            ),
            folder=folder,
            why=error.strerror,
        ) from error
    is_open = bool(folder.stat().st_mode & 0o011)
    for name in CHECKED_FILES:
        _check_file(folder / name, is_open=is_open)


def _check_file(path: Path, *, is_open: bool) -> None:
    """Ours to read and write, and nobody else's: secrets anywhere, data where others get in."""
    if not path.exists():
        return
    if not os.access(path, os.R_OK | os.W_OK):
        raise StartError(
            _("The file %(path)s belongs to another account: this one may not read and write it."),
            path=path,
        )
    others_read = stat.S_IMODE(path.stat().st_mode) & 0o077
    if others_read and (is_open or path.name in SECRETS):
        raise StartError(
            _("The file %(path)s can be read by other accounts. Close it: chmod 600 %(path)s"),
            path=path,
        )


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "?"
        raise StartError(
            _(
                "The data folder %(folder)s is in use by process %(pid)s. "
                "Stop that one first, or name another folder in BITGOEUL_DATA_DIR."
            ),
            folder=path.parent,
            pid=pid,
        ) from None


def check_port(*, host: str, port: int) -> None:
    """The address can be listened on; a server that is just ending gets a moment."""
    deadline = time.monotonic() + PORT_PATIENCE_SECONDS
    while True:
        try:
            _bind(host, port)
            return
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise _port_error(error, host=host, port=port) from error


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen()


def _port_error(error: OSError, *, host: str, port: int) -> StartError:
    if error.errno == errno.EADDRINUSE:
        return StartError(
            _("Port %(port)s is taken by another program. Choose another one with --port."),
            port=port,
        )
    if error.errno == errno.EACCES:
        return StartError(
            _("This account may not listen on port %(port)s. Choose one above 1023 with --port."),
            port=port,
        )
    return StartError(
        _("Cannot listen on %(host)s, port %(port)s: %(why)s."),
        host=host,
        port=port,
        why=error.strerror or str(error),
    )


def prepare_database(*, lang: str, migrate: bool = False) -> None:
    """Bring the embedded database up to date; a shared one only when asked to."""
    start_django()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import DatabaseError

    _warn_of_library(lang)
    try:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        check_keys()
        pending = pending_migrations()
        if pending and is_shared() and not migrate:
            raise StartError(
                _("The database lacks %(count)s migrations. Start once with --migrate."),
                count=pending,
            )
        if pending:
            say(
                _("Bringing the database up to date: %(count)s migrations."),
                lang=lang,
                fields={"count": pending},
            )
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    except (DatabaseError, ImproperlyConfigured) as error:
        raise StartError(_("The database cannot be used: %(why)s"), why=error) from error
    except OSError as error:
        raise cannot_start(error) from error
    finally:
        connections.close_all()


def cannot_start(error: OSError) -> StartError:
    """What to tell when a file could not be read or written: the disk is full, or not ours."""
    return StartError(
        _("Cannot start: %(path)s: %(why)s. Nothing was changed."),
        path=error.filename or "?",
        why=error.strerror or error,
    )


def _warn_of_library(lang: str) -> None:
    """A SQLite with the WAL-reset bug works, slowly and safely; whoever starts it should know."""
    from django.db import connection

    from bitgoeul.core.db.sqlite import driver

    if connection.vendor == "sqlite" and not driver.wal_is_safe(
        driver.Database.sqlite_version_info
    ):
        say(
            _(
                "SQLite %(version)s can damage a database in write-ahead mode; the slower mode is "
                "used. Install the pysqlite3 package, or use PostgreSQL."
            ),
            lang=lang,
            fields={"version": driver.Database.sqlite_version},
        )


def check_keys() -> None:
    """The keys at hand are those of the database: else nobody's record could be read.

    A new key must not be made in the place of a lost one, for then two would have one name.
    """
    from django.db import connection

    from bitgoeul.core.privacy import keyring, sealed

    try:
        found = sealed.open_all(sealed.some_values_in(connection), keyring.at_hand())
    except keyring.KeysDamaged as error:
        raise StartError(_("The keys in %(place)s cannot be read."), place=error) from error
    if found.closed:
        raise StartError(
            _(
                "The keys of this installation (%(place)s, or BITGOEUL_KEYRING) do not open its "
                "encrypted values. Put the right keys there: %(keys)s. Nothing was changed."
            ),
            place=keyring.place(),
            keys=", ".join(sorted(found.closed)),
        )


def start_django() -> None:
    """Read the settings and make the models known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django

    try:
        django.setup()
    except ValueError as error:
        raise StartError(_("The settings cannot be used: %(why)s"), why=error) from error
    except OSError as error:
        raise cannot_start(error) from error


def is_shared() -> bool:
    """Whether other machines may use the database, too: nobody migrates it unasked."""
    return bool(os.environ.get("DATABASE_URL"))


def pending_migrations() -> int:
    """How many migrations of this version the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
