"""Choose the SQLite library: the bundled, repaired one when its wheel is installed.

Only one SQLite library may open a database file within a process (two of them would not see
each other's POSIX locks), so everything that opens the product's file takes it from here.
"""

import contextlib
import datetime
import decimal
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.backends.sqlite3 import base as django_base

from .ticket import TicketTimeoutError, WriteTicket

try:
    import pysqlite3.dbapi2 as library
except ImportError:  # no wheel for this platform: the standard library's build, checked below
    import sqlite3.dbapi2 as library

Database: Any = library  # Django's word for a backend's library
_django: Any = django_base  # its stubs leave out what is needed here

# Versions with the WAL-reset bug: several connections can corrupt the file or lose commits.
WAL_BUG_FIRST = (3, 7, 0)
WAL_BUG_LAST = (3, 51, 2)
WAL_BUG_BACKPORTS = {(3, 44): 6, (3, 50): 7}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite may use write-ahead logging with several connections."""
    if not WAL_BUG_FIRST <= version <= WAL_BUG_LAST:
        return version > WAL_BUG_LAST
    repaired_from = WAL_BUG_BACKPORTS.get(version[:2])
    return repaired_from is not None and version[2] >= repaired_from


def prepare() -> None:
    """Teach the chosen library Django's conversions; Django does so for the standard one only."""
    if Database is _django.Database:
        return
    Database.register_converter("bool", b"1".__eq__)
    Database.register_converter("date", _django.decoder(_django.parse_date))
    Database.register_converter("time", _django.decoder(_django.parse_time))
    Database.register_converter("datetime", _django.decoder(_django.parse_datetime))
    Database.register_converter("timestamp", _django.decoder(_django.parse_datetime))
    Database.register_adapter(decimal.Decimal, str)
    Database.register_adapter(datetime.date, _django.adapt_date)
    Database.register_adapter(datetime.datetime, _django.adapt_datetime)


class Cursor(Database.Cursor):  # type: ignore[misc]  # pysqlite3 ships no types
    """Django's parameter style over the chosen library, and a ticket for single writes.

    A transaction takes the ticket with its BEGIN; a write outside of one takes it here, or it
    would stand in no line and starve beside those that do.
    """

    ticket: WriteTicket | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement with %s or %(name)s parameters."""
        with self._turn(query):
            if params is None:
                return super().execute(query)
            names = list(params) if isinstance(params, Mapping) else None
            return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many rows."""
        rows = list(param_list)
        names = list(rows[0]) if rows and isinstance(rows[0], Mapping) else None
        with self._turn(query):
            return super().executemany(self.convert_query(query, param_names=names), rows)

    @contextlib.contextmanager
    def _turn(self, query: str) -> Iterator[None]:
        ticket = self.ticket
        if ticket is None or ticket.held or self.connection.in_transaction or not _writes(query):
            yield
            return
        try:
            ticket.take()
        except TicketTimeoutError as error:
            raise Database.OperationalError(f"database is locked: {error}") from error
        try:
            yield
        finally:
            ticket.give_back()

    convert_query = _django.SQLiteCursorWrapper.convert_query


def _writes(query: str) -> bool:
    return query[:7].upper() in {"INSERT ", "UPDATE ", "DELETE "} or query[:8] == "REPLACE "


prepare()
