"""The drill: a backup while somebody writes, checked, restored, compared; and a move."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import uuid
from pathlib import Path

import pytest

from bitgoeul.core.db import tables
from bitgoeul.core.db.sqlite.driver import Database
from tests.core.db import releases

ROOT = Path(__file__).resolve().parents[3]
RELEASE = releases.RELEASES[-1]
ON_SQLITE = releases.VENDOR == "sqlite"


def run(folder: Path, url: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"BITGOEUL_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bitgoeul.web.settings"}
    env |= {"LC_ALL": "C.UTF-8"} | ({"DATABASE_URL": url} if url else {}) | more
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


class Writer:
    """Writes pairs of rows, each pair in one transaction, until told to stop."""

    def __init__(self, connect) -> None:
        self.connect = connect
        self.stopping = threading.Event()
        self.pairs = 0
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._write)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.stopping.set()
        self.thread.join()

    def _write(self) -> None:
        mark = "?" if ON_SQLITE else "%s"
        sql = f"INSERT INTO django_session VALUES ({mark}, 'x', '2030-01-01 00:00:00+00')"
        try:
            with contextlib.closing(self.connect()) as connection:
                while not self.stopping.wait(0.005):
                    for half in "ab":
                        connection.execute(sql, (f"{self.pairs:08}{half}",))
                    connection.commit()
                    self.pairs += 1
        except Exception as error:  # noqa: BLE001 -- told by the test
            self.error = error


def sessions(connect) -> list[str]:
    with contextlib.closing(connect()) as connection:
        rows = connection.execute("SELECT session_key FROM django_session ORDER BY 1").fetchall()
        return [key for (key,) in rows]


def install(folder: Path) -> Path:
    data = folder / "data"
    (data / "media" / "imports").mkdir(parents=True)
    (data / "media" / "imports" / "사람.csv").write_text("이름\n가람\n")
    (data / "secret-key").write_text("s" * 40)
    (data / "secret-key").chmod(0o600)
    return data


@pytest.mark.slow
def test_the_drill(tmp_path):
    data, file = install(tmp_path), tmp_path / "backup.tar"
    with releases.database(RELEASE, data) as source, releases.database("", tmp_path) as empty:
        with Writer(source.connect) as writer:
            made = run(data, source.url, "bitgoeul", "backup", str(file))
        assert made.returncode == 0, made.stderr
        assert writer.error is None
        assert writer.pairs > 10
        assert file.stat().st_mode & 0o777 == 0o600

        fresh = tmp_path / "fresh"
        done = run(fresh, empty.url, "bitgoeul", "restore", str(file))
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["ok"] is True
        assert told["files"] == 2
        restored = fresh / "bitgoeul.sqlite3"
        connect = (lambda: Database.connect(str(restored))) if ON_SQLITE else empty.connect
        keys = sessions(connect)
        assert keys == [f"{n:08}{half}" for n in range(len(keys) // 2) for half in "ab"]
        assert len(keys) < 2 * writer.pairs
        assert (fresh / "media" / "imports" / "사람.csv").read_text() == "이름\n가람\n"
        assert (fresh / "secret-key").stat().st_mode & 0o777 == 0o600

        again = run(fresh, empty.url, "bitgoeul", "restore", str(file))
        assert again.returncode == 1
        assert "not empty" in again.stderr
    _damaged_is_refused(file, tmp_path)


def _damaged_is_refused(file: Path, folder: Path) -> None:
    damaged = folder / "damaged.tar"
    with tarfile.open(file) as old, tarfile.open(damaged, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name.endswith(".csv"):
                content = content.replace("가람".encode(), "나람".encode())
            new.addfile(member, io.BytesIO(content))
    checked = run(folder / "none", "", "bitgoeul", "restore", "--verify", str(damaged))
    assert checked.returncode == 1
    assert "사람.csv" in checked.stderr
    assert not (folder / "none").exists()

    cut = folder / "cut.tar"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    checked = run(folder / "none", "", "bitgoeul", "restore", "--verify", str(cut), "--lang", "ko")
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    assert str(cut) in checked.stderr


@pytest.mark.slow
@pytest.mark.skipif(not ON_SQLITE, reason="starts its own PostgreSQL; once is enough")
def test_a_move_to_postgres_and_back(passable_path):
    data = install(passable_path)
    releases.load_sqlite(RELEASE, data / "bitgoeul.sqlite3")
    behind = run(data, "", "bitgoeul", "move", "--from", "sqlite", "--to", "postgres")
    assert behind.returncode == 1
    assert "migrations" in behind.stderr
    assert not (data / "database").exists(), "the source is still the database"
    assert run(data, "", "django", "migrate", "-v", "0").returncode == 0
    _thin(data / "bitgoeul.sqlite3")
    with contextlib.closing(Database.connect(str(data / "bitgoeul.sqlite3"))) as opened:
        # The last entry's number was given out and its row is gone: it must not come again.
        opened.execute("UPDATE sqlite_sequence SET seq = 900001 WHERE name = 'jobs_job'")
        opened.commit()
    moved = run(data, "", "bitgoeul", "move", "--from", "sqlite", "--to", "postgres")
    assert moved.returncode == 0, moved.stderr
    told = json.loads(moved.stdout)
    assert told["rows"] > 4_000
    assert (data / "database").read_text() == "postgres\n"
    assert list(data.glob("replaced-*/bitgoeul.sqlite3"))
    back = run(data, "", "bitgoeul", "move", "--from", "postgres", "--to", "sqlite")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["rows"] == told["rows"]
    with contextlib.closing(Database.connect(str(data / "bitgoeul.sqlite3"))) as opened:
        last = opened.execute("SELECT seq FROM sqlite_sequence WHERE name = 'jobs_job'").fetchone()
    assert last == (900001,)


def _thin(path: Path) -> None:
    """Two large tables of rows that are all alike show nothing more."""
    with contextlib.closing(Database.connect(str(path))) as opened:
        for table in ("imports_writtenrow", "imports_stagedrow"):
            opened.execute(f"DELETE FROM {table} WHERE id % 20 <> 0")
        opened.commit()


# --- digests ---------------------------------------------------------------------------------


def test_a_digest_needs_no_order_and_sees_every_change():
    one, other = (1, "가"), (2, "나")
    whole = tables.digest_of("t", [one, other])
    assert tables.digest_of("t", [other, one]) == whole
    for rows in ([one], [one, one], [one, other, other], [one, (2, "다")], [("1", "가"), other]):
        assert tables.digest_of("t", rows) != whole


def test_values_that_databases_hand_out_differently_digest_alike():
    assert tables.digest_of("t", [({"a": 1.0, "b": [2]},)]) == tables.digest_of(
        "t", [({"b": [2], "a": 1},)]
    )
    key = uuid.UUID(int=7)
    assert tables.digest_of("t", [(key,)]) != tables.digest_of("t", [(key.hex,)])
    with pytest.raises(TypeError):
        tables.digest_of("t", [(object(),)])
