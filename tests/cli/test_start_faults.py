"""A start that cannot succeed: a clear text in both languages, exit 1, and nothing damaged."""

import contextlib
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bitgoeul.cli import startup, supervisor
from bitgoeul.cli.startup import StartError
from bitgoeul.core.db.sqlite import driver

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("BITGOEUL_LONG") == "1"


@pytest.fixture
def serve(tmp_path, monkeypatch, capsys):
    """`bitgoeul serve` up to its checks, in this process; what it told a person."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "bitgoeul.sqlite3").write_bytes(b"as it was")
    (folder / "bitgoeul.sqlite3").chmod(0o600)
    (folder / "database").write_text("sqlite\n")
    monkeypatch.setenv("BITGOEUL_DATA_DIR", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(startup, "PORT_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(os, "umask", lambda _mask: 0)

    def start(*, lang: str = "en", port: int = 1, where: Path | None = None) -> str:
        if where:
            monkeypatch.setenv("BITGOEUL_DATA_DIR", str(where))
        assert supervisor.run(port=port, lang=lang) == 1
        told = capsys.readouterr().err
        assert "Traceback" not in told
        return told

    start.folder = folder
    yield start
    assert (folder / "bitgoeul.sqlite3").read_bytes() == b"as it was"


def test_a_port_that_is_taken(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is taken" in serve(port=port)
        assert f"{port}번 포트" in serve(port=port, lang="ko")


def test_a_second_start(serve):
    with startup.hold_folder(serve.folder):
        assert f"in use by process {os.getpid()}" in serve()
        assert str(os.getpid()) in serve(lang="ko")


@pytest.mark.parametrize("name", ["secret-key", "keyring.json"])
def test_secrets_that_others_can_read(serve, name):
    (serve.folder / name).touch()
    (serve.folder / name).chmod(0o640)
    assert f"chmod 600 {serve.folder / name}" in serve()
    assert f"chmod 600 {serve.folder / name}" in serve(lang="ko")


def test_a_database_that_others_can_read(serve):
    """Within a folder that is closed nobody reaches it; within an open one everybody does."""
    data = serve.folder / "bitgoeul.sqlite3"
    data.chmod(0o644)
    startup.check_folder(serve.folder)
    serve.folder.chmod(0o755)
    assert f"chmod 600 {data}" in serve()


@contextlib.contextmanager
def mounted(folder: Path, options: str):
    """A file system of its own, where this account may make one."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_full(serve, tmp_path):
    with mounted(tmp_path / "full", "size=128k,mode=700") as full:
        with contextlib.suppress(OSError):
            (full / "other").write_bytes(bytes(1024 * 1024))
        assert "No space left on device" in serve(where=full)
        assert "BITGOEUL_DATA_DIR" in serve(where=full, lang="ko")
        assert [path.name for path in full.iterdir()] == ["other"]


def test_a_folder_that_is_read_only(serve, tmp_path):
    with mounted(tmp_path / "closed", "ro,mode=700") as closed:
        assert "Read-only file system" in serve(where=closed)
        assert str(closed) in serve(where=closed, lang="ko")


def test_files_that_cannot_be_written_after_the_checks(serve, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device", "/data/database")

    monkeypatch.setattr(supervisor.database, "choose", refuse)
    assert "Cannot start: /data/database: No space left on device" in serve()
    assert "/data/database" in serve(lang="ko")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(30, "Read-only file system", "/data/static"), "Cannot start: /data/static"),
        (ImproperlyConfigured("the database is in WAL mode and in use"), "WAL mode and in use"),
    ],
)
def test_a_database_that_cannot_be_prepared(monkeypatch, error, told):
    def refuse():
        raise error

    monkeypatch.setattr(startup, "pending_migrations", refuse)
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    with pytest.raises(StartError, match=told):
        startup.prepare_database(lang="en")


@pytest.mark.django_db
def test_a_library_with_the_wal_reset_bug_is_named(monkeypatch, capsys, settings):
    if settings.DATABASES["default"]["ENGINE"] != "bitgoeul.core.db.sqlite":
        pytest.skip("SQLite's library is not used")
    startup._warn_of_library("en")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(driver, "wal_is_safe", lambda _version: False)
    startup._warn_of_library("en")
    assert "can damage a database" in capsys.readouterr().err
    startup._warn_of_library("ko")
    assert "pysqlite3" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="starts the whole product twice: BITGOEUL_LONG=1")
def test_a_first_start_that_runs_out_of_room_is_made_good_by_the_next(tmp_path):
    """The file size limit stands for the disk; it strikes while the tables are made."""
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    given |= {"BITGOEUL_DATA_DIR": str(tmp_path), "LC_ALL": "C.UTF-8"}
    given |= {"DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings"}
    code = "from bitgoeul.cli import startup; import sys\n"
    code += "try: startup.prepare_database(lang='en')\n"
    code += "except startup.StartError as error: sys.exit(str(error))"

    def prepare(limit: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            env=given,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )

    short = prepare(400_000)
    assert short.returncode == 1
    assert "The database cannot be used" in short.stderr
    assert "Traceback" not in short.stderr
    assert prepare(1_000_000_000).returncode == 0
    with contextlib.closing(driver.Database.connect(str(tmp_path / "bitgoeul.sqlite3"))) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
