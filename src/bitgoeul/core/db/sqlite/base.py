"""Django's SQLite backend with the settings a system of record needs (decision 0011)."""

import os
import threading
import warnings
import weakref
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as django_base
from django.db.utils import OperationalError
from django.utils.asyncio import async_unsafe

from .driver import Cursor, Database, wal_is_safe
from .ticket import TicketTimeoutError, WriteTicket

BUSY_TIMEOUT_SECONDS = 20.0
JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024

_wrappers: "weakref.WeakSet[DatabaseWrapper]" = weakref.WeakSet()
# Connections inherited through a fork: kept referenced for ever, because closing one would
# checkpoint and unlink files that belong to the parent.
_inherited: list[Any] = []
# The files of those connections. SQLite keeps, per process and file, which locks it holds; after
# a fork the child believes in locks that only its parent has. A new connection there reads stale
# rows and can corrupt the file, so it is refused.
_unsafe_here: set[str] = set()


# The stubs leave out what a backend overrides, so for the type checker the parent is Any.
_django: Any = django_base


class DatabaseWrapper(_django.DatabaseWrapper):  # type: ignore[misc]  # a parent of type Any
    """SQLite: safe version or no WAL, FULL, IMMEDIATE, foreign keys, a ticket around BEGIN."""

    Database = Database

    # Set by Django, which says nothing of their types.
    connection: Any
    transaction_mode: str | None
    atomic_blocks: list[Any]
    savepoint_ids: list[Any]
    run_on_commit: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ticket: WriteTicket | None = None
        _wrappers.add(self)

    def get_connection_params(self) -> dict[str, Any]:
        """Add our defaults; options of the settings win, except that WAL needs a safe version."""
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("timeout", BUSY_TIMEOUT_SECONDS)
        self.transaction_mode = self.transaction_mode or "IMMEDIATE"
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, with the pragmas that this installation relies on."""
        if str(self.settings_dict["NAME"]) in _unsafe_here:
            raise OperationalError(
                "This process was forked while its parent had the SQLite database open."
                " Close the connections before forking."
            )
        connection = Database.connect(**conn_params)
        _django.register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        if not self.is_in_memory_db():
            self._set_journal(connection)
            self._ticket = WriteTicket(
                path=f"{self.settings_dict['NAME']}.writelock", timeout=conn_params["timeout"]
            )
        connection.execute("PRAGMA synchronous = FULL")
        for command in self.init_commands:
            if command := command.strip():
                connection.execute(command)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Open a cursor of the chosen library in Django's parameter style."""
        cursor = self.connection.cursor(factory=Cursor)
        cursor.ticket = self._ticket
        return cursor

    def _set_journal(self, connection: Any) -> None:
        version = Database.sqlite_version_info
        wanted = "wal" if wal_is_safe(version) else "delete"
        if wanted == "delete":
            warnings.warn(
                f"SQLite {Database.sqlite_version} can lose commits in WAL mode when several"
                " processes write; using the slower DELETE journal. Install pysqlite3 or use"
                " PostgreSQL.",
                RuntimeWarning,
                stacklevel=2,
            )
        mode = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
        if mode != wanted and wanted == "delete":
            raise ImproperlyConfigured(
                f"The database is in {mode.upper()} mode and in use, and SQLite"
                f" {Database.sqlite_version} is not safe with it. Stop the other processes first."
            )
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_SIZE_LIMIT}")
        connection.execute("PRAGMA mmap_size = 0")

    def _start_transaction_under_autocommit(self) -> None:
        self._take_ticket()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_ticket_back()
            raise

    def _commit(self) -> Any:
        # A commit that fails (disk full, busy) leaves the transaction open: Django rolls it back
        # next, and only then may another writer go.
        result = super()._commit()
        self._give_ticket_back()
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._give_ticket_back()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self._give_ticket_back()

    def _take_ticket(self) -> None:
        if self._ticket is not None:
            try:
                self._ticket.take()
            except TicketTimeoutError as error:
                raise OperationalError(f"database is locked: {error}") from error

    def _give_ticket_back(self) -> None:
        if self._ticket is not None:
            self._ticket.give_back()

    def _close_before_fork(self) -> None:
        """Close what can be closed: an idle connection of the thread that forks."""
        mine = self._thread_ident == threading.get_ident()
        if self.connection is not None and mine and not self.in_atomic_block:
            self.close()

    def _forget_after_fork(self) -> None:
        """In the child: neither use, commit, close nor unlock what belongs to the parent."""
        if self._ticket is not None:
            self._ticket.forget()
        if self.connection is None or self.is_in_memory_db():
            return
        _inherited.append(self.connection)
        _unsafe_here.add(str(self.settings_dict["NAME"]))
        self.connection = None
        self._ticket = None
        self.in_atomic_block = False
        self.atomic_blocks = []
        self.savepoint_ids = []
        self.needs_rollback = False
        self.closed_in_transaction = False
        self.run_on_commit = []


def _close_idle_connections() -> None:
    for wrapper in list(_wrappers):
        wrapper._close_before_fork()


def _forget_inherited_connections() -> None:
    for wrapper in list(_wrappers):
        wrapper._forget_after_fork()


os.register_at_fork(before=_close_idle_connections, after_in_child=_forget_inherited_connections)
