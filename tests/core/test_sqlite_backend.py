"""The SQLite backend: version gate, pragmas, IMMEDIATE, write ticket, forks.

Oracles: the SQLite library's own answers to pragmas, `flock` on the side file from outside, and
rows counted by a second connection.
"""

import contextlib
import fcntl
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections, transaction

from bitgoeul.core.db.sqlite import base
from bitgoeul.core.db.sqlite.driver import wal_is_safe
from bitgoeul.core.db.sqlite.ticket import TicketTimeoutError, WriteTicket
from bitgoeul.web.config import postgres_settings, sqlite_settings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.sqlite3"


@pytest.fixture
def connect(path, django_db_blocker):
    """Open connections to one file under aliases "one", "two", ... of Django's own registry."""
    aliases = []

    def add(**options):
        alias = f"extra{len(aliases)}"
        default = connections.settings["default"]
        connections.settings[alias] = {
            **default,
            "ENGINE": "bitgoeul.core.db.sqlite",
            "NAME": str(path),
            "OPTIONS": options,
        }
        aliases.append(alias)
        return connections[alias]

    with django_db_blocker.unblock():
        yield add
        for alias in aliases:
            connections[alias].close()
            del connections[alias]
            del connections.settings[alias]


def execute(connection, sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else None


def is_locked(path):
    """Whether somebody holds the ticket, seen from outside."""
    with Path(f"{path}.writelock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_versions_with_the_wal_reset_bug(version, safe):
    """Oracle: sqlite.org/wal.html, section on the WAL-reset bug."""
    assert wal_is_safe(version) == safe


def test_pragmas(connect):
    connection = connect()
    wanted = "wal" if wal_is_safe(connection.Database.sqlite_version_info) else "delete"
    assert execute(connection, "PRAGMA journal_mode") == [(wanted,)]
    assert execute(connection, "PRAGMA synchronous") == [(2,)]  # FULL
    assert execute(connection, "PRAGMA foreign_keys") == [(1,)]
    assert execute(connection, "PRAGMA busy_timeout") == [(20_000,)]
    assert execute(connection, "PRAGMA mmap_size") in ([], [(0,)])


def test_an_affected_library_gets_the_old_journal_and_a_warning(connect, monkeypatch):
    monkeypatch.setattr(base, "wal_is_safe", lambda _version: False)
    connection = connect()
    with pytest.warns(RuntimeWarning, match="can lose commits"):
        connection.ensure_connection()
    assert execute(connection, "PRAGMA journal_mode") == [("delete",)]


def test_an_affected_library_does_not_join_a_wal_in_use(connect, monkeypatch):
    first = connect()
    execute(first, "CREATE TABLE t (n)")
    execute(first, "SELECT * FROM t")
    monkeypatch.setattr(base, "wal_is_safe", lambda _version: False)
    with (
        pytest.warns(RuntimeWarning, match="can lose commits"),
        pytest.raises((ImproperlyConfigured, OperationalError)),
    ):
        connect(timeout=0.1).ensure_connection()


def test_parameters_and_types_survive(connect):
    connection = connect()
    execute(connection, "CREATE TABLE t (a, b)")
    execute(connection, "INSERT INTO t VALUES (%s, %s)", [1, "100%"])
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO t VALUES (%s, %s)", [(2, "x"), (3, "y")])
    assert execute(connection, "SELECT a FROM t WHERE b = %(word)s", {"word": "100%"}) == [(1,)]
    assert execute(connection, "SELECT a, '%%' FROM t WHERE a > %s", [2]) == [(3, "%")]


def test_writers_have_the_ticket_from_begin_to_end(connect, path):
    connection = connect()
    execute(connection, "CREATE TABLE t (n)")
    with transaction.atomic(using=connection.alias):
        assert is_locked(path)
        with transaction.atomic(using=connection.alias):  # a savepoint: nothing changes
            execute(connection, "INSERT INTO t VALUES (1)")
            assert is_locked(path)
        assert is_locked(path)
    assert not is_locked(path)
    assert stat.S_IMODE(Path(f"{path}.writelock").stat().st_mode) == 0o600


def test_every_end_gives_the_ticket_back(connect, path):
    connection = connect()
    execute(connection, "CREATE TABLE t (n UNIQUE)")

    def fail_inside():
        with transaction.atomic(using=connection.alias):
            execute(connection, "INSERT INTO t VALUES (1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert not is_locked(path)
    assert execute(connection, "SELECT count(*) FROM t") == [(0,)]
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert is_locked(path)
    connection.close()
    assert not is_locked(path)


def test_a_single_write_stands_in_line_too(connect, path):
    connection = connect(timeout=0.1)
    execute(connection, "CREATE TABLE t (n)")
    other = WriteTicket(path=f"{path}.writelock", timeout=1)
    other.take()
    with pytest.raises(OperationalError, match="waited"):
        execute(connection, "INSERT INTO t VALUES (1)")
    assert execute(connection, "SELECT count(*) FROM t") == [(0,)]  # readers never wait
    other.give_back()
    execute(connection, "INSERT INTO t VALUES (1)")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO t VALUES (%s)", [(2,), (3,)])
    assert not is_locked(path)
    assert execute(connection, "SELECT count(*) FROM t") == [(3,)]


def test_a_begin_that_fails_gives_the_ticket_back(connect, path, monkeypatch):
    connection = connect()
    connection.ensure_connection()
    connection.transaction_mode = "NONSENSE"
    with pytest.raises(OperationalError), transaction.atomic(using=connection.alias):
        pass
    assert not is_locked(path)


def test_transactions_take_the_write_lock_at_once(connect):
    """The writers' lock is SQLite's own, too: a second connection cannot begin."""
    first, second = connect(), connect(timeout=0.1)
    with (
        transaction.atomic(using=first.alias),
        pytest.raises(OperationalError, match="locked"),
        transaction.atomic(using=second.alias),
    ):
        pass


def test_readers_do_not_wait_for_a_writer(connect):
    first, second = connect(), connect(timeout=0.1)
    execute(first, "CREATE TABLE t (n)")
    with transaction.atomic(using=first.alias):
        execute(first, "INSERT INTO t VALUES (1)")
        assert execute(second, "SELECT count(*) FROM t") == [(0,)]
    assert execute(second, "SELECT count(*) FROM t") == [(1,)]


def test_memory_needs_no_ticket(connect, tmp_path):
    connection = connect()
    connection.settings_dict["NAME"] = ":memory:"
    with transaction.atomic(using=connection.alias):
        execute(connection, "CREATE TABLE t (n)")
    assert list(tmp_path.iterdir()) == []


def test_waiting_for_a_ticket_ends(tmp_path):
    first = WriteTicket(path=str(tmp_path / "t"), timeout=0.05)
    second = WriteTicket(path=str(tmp_path / "t"), timeout=0.05)
    first.take()
    first.take()  # taking it twice changes nothing
    with pytest.raises(TicketTimeoutError):
        second.take()
    assert not second.held
    first.give_back()
    second.take()
    assert second.held
    del second  # a ticket that nobody holds any more frees the next writer
    first.take()
    first.give_back()


def test_many_writers_in_threads_lose_nothing(connect):
    """16 threads x 20 read-modify-write transactions: the counter shows every one of them."""
    connection = connect()
    alias = connection.alias
    execute(connection, "CREATE TABLE t (n INTEGER)")
    execute(connection, "INSERT INTO t VALUES (0)")
    failures = []

    def count():
        try:
            for _ in range(20):
                with transaction.atomic(using=alias):
                    ((n,),) = execute(connections[alias], "SELECT n FROM t")
                    time.sleep(0)
                    execute(connections[alias], "UPDATE t SET n = %s", [n + 1])
        except Exception as error:  # noqa: BLE001 -- shown by the assertion below
            failures.append(error)
        finally:
            connections[alias].close()

    threads = [threading.Thread(target=count) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert execute(connection, "SELECT n FROM t") == [(320,)]


def open_files():
    """The files this process has open, as Linux tells."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(entry.readlink())
    return found


def in_child(work):
    """Run `work` in a forked child and return what it returns, as text."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = repr(work())
        except BaseException as error:  # noqa: BLE001 -- the parent reads it
            answer = f"{type(error).__name__}: {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return answer


def test_a_fork_closes_idle_connections_and_both_go_on(connect):
    connection = connect()
    execute(connection, "CREATE TABLE t (n)")

    def child():
        assert connection.connection is None
        execute(connection, "INSERT INTO t VALUES (1)")
        return execute(connection, "SELECT count(*) FROM t")

    assert in_child(child) == "[(1,)]"
    execute(connection, "INSERT INTO t VALUES (2)")
    assert execute(connection, "SELECT count(*) FROM t") == [(2,)]
    assert execute(connection, "PRAGMA integrity_check") == [("ok",)]


def test_a_fork_within_a_transaction_shares_neither_connection_nor_ticket(connect, path):
    connection = connect()
    execute(connection, "CREATE TABLE t (n)")

    def child():
        assert connection.connection is None
        assert not connection.in_atomic_block
        return execute(connection, "SELECT 1")

    with transaction.atomic(using=connection.alias):
        execute(connection, "INSERT INTO t VALUES (1)")
        assert "forked while its parent had the SQLite database open" in in_child(child)
        assert is_locked(path)  # the child's end did not unlock what is ours
    assert not is_locked(path)
    assert execute(connection, "SELECT count(*) FROM t") == [(1,)]


def test_a_child_that_lives_on_does_not_keep_the_ticket(connect, path):
    connection = connect()
    execute(connection, "CREATE TABLE t (n)")
    with transaction.atomic(using=connection.alias):
        pid = os.fork()
        if pid == 0:
            time.sleep(1)
            os._exit(0)
    assert not is_locked(path)
    os.waitpid(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_late_ticket_is_let_go(tmp_path):
    """Who gave up waiting does not get the ticket behind their back, and the line moves on."""
    path = tmp_path / "t"
    first, second, third = (WriteTicket(path=str(path), timeout=wait) for wait in (1, 0.05, 5))
    first.take()
    with pytest.raises(TicketTimeoutError):
        second.take()
    threading.Timer(0.1, first.give_back).start()
    third.take()
    assert third.held
    third.give_back()
    deadline = time.monotonic() + 5
    while path in open_files():
        assert time.monotonic() < deadline, "a descriptor was left open"


def test_a_full_disk_takes_nothing_half_and_lets_the_next_write_in(connect, path):
    """A limit of pages stands for the disk: SQLite answers both with SQLITE_FULL."""
    connection = connect()
    execute(connection, "CREATE TABLE t (n)")
    pages = execute(connection, "PRAGMA page_count")[0][0]
    execute(connection, f"PRAGMA max_page_count = {pages + 2}")

    @transaction.atomic(using=connection.alias)
    def write():
        for _ in range(100):
            execute(connection, "INSERT INTO t VALUES (zeroblob(4096))")

    with pytest.raises(OperationalError, match="database or disk is full"):
        write()
    assert execute(connection, "SELECT count(*) FROM t") == [(0,)]
    assert not is_locked(path)
    execute(connection, "PRAGMA max_page_count = 100000")
    execute(connection, "INSERT INTO t VALUES (1)")
    assert execute(connect(), "SELECT count(*) FROM t") == [(1,)]
    assert execute(connection, "PRAGMA integrity_check") == [("ok",)]


def test_a_process_keeps_its_connection_between_requests():
    assert sqlite_settings(Path("x.sqlite3"))["CONN_MAX_AGE"] == 60
    assert postgres_settings("postgresql://a@b/c")["CONN_MAX_AGE"] == 60
