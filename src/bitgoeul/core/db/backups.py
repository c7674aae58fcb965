"""Backups: one file with the database, the uploaded files and a manifest of digests.

The keys of encrypted values are not in it, only their fingerprints: see decision 46.

The database is copied in one consistent state while others write; files are copied after it, so
that whatever the copied rows speak of is there. The manifest comes last: a file without one is
a backup that was cut short.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from bitgoeul.core.db import postgres
from bitgoeul.core.db.sqlite.driver import Database
from bitgoeul.core.db.tables import TableDigest, digests_as_stored
from bitgoeul.core.privacy import keyring, sealed

# The first format held the keys among its files.
FORMATS = ("bitgoeul-backup-1", "bitgoeul-backup-2")
MANIFEST = "manifest.json"
DATABASE_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
# What is not copied: the database's own files (copied properly), locks, what is made anew.
# A stolen backup opens no encrypted value: the keys stay out.
LEFT_OUT = {"run.lock", "static", "metrics", "postgres", "postgres.new", "database", keyring.FILE}
LEFT_OUT_STARTS = ("bitgoeul.sqlite3", ".probe-", ".restoring", "replaced-", f".{keyring.FILE}")
SCRATCH = "backup"


class BackupError(Exception):
    """A backup cannot be made, read or believed; `code` says which way, `details` where."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    version: str
    database: str
    tables: list[TableDigest]
    files: dict[str, str]
    vanished: list[str] = field(default_factory=list)
    # The keys that values are written under: version -> fingerprint, empty when it is not known.
    keys: dict[str, str] = field(default_factory=dict)
    format: str = FORMATS[-1]

    def as_json(self) -> dict[str, Any]:
        """As it is written."""
        return asdict(self)


# --- making one ----------------------------------------------------------------------------------


def make(*, target: Path, data_dir: Path, at: dt.datetime, version: str) -> Manifest:
    """Write a backup; the file is whole or absent, and this account's alone."""
    vendor = connections["default"].vendor
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch,
            os.fdopen(descriptor, "wb") as file,
            tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            copy = Path(scratch) / DATABASE_NAMES[vendor]
            tables, keys = _copy_sqlite(copy) if vendor == "sqlite" else _dump_postgres(copy)
            if not any(table.table == "django_migrations" for table in tables):
                raise BackupError("no_tables")
            files = {copy.name: _add(archive, copy, copy.name)}
            copy.unlink()
            vanished = _add_files(archive, data_dir, files)
            manifest = Manifest(
                made_at=at.isoformat(timespec="seconds"),
                version=version,
                database=vendor,
                tables=tables,
                files=files,
                vanished=vanished,
                keys=keys,
            )
            _add_manifest(archive, Path(scratch) / MANIFEST, manifest)
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)  # never over another backup
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _copy_sqlite(copy: Path) -> tuple[list[TableDigest], dict[str, str]]:
    """SQLite's own online copy: one state, while writers go on."""
    source = Database.connect(str(connections["default"].settings_dict["NAME"]))
    target = Database.connect(str(copy))
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
        source.close()
    with _opened(copy) as connection:
        return digests_as_stored(connection), _keys_used(connection)


def _keys_used(connection: BaseDatabaseWrapper) -> dict[str, str]:
    known = {key.version: key.fingerprint for key in keyring.at_hand()}
    used = {sealed.version_of(value) for _place, value in sealed.values_in(connection)}
    return {version: known.get(version, "") for version in sorted(used)}


class _opened:  # noqa: N801 -- used like a function
    """A SQLite file as a Django connection of its own."""

    def __init__(self, path: Path) -> None:
        settings = {**connections["default"].settings_dict, "NAME": str(path)}
        settings["ENGINE"] = "bitgoeul.core.db.sqlite"
        connections.databases[SCRATCH] = settings

    def __enter__(self) -> BaseDatabaseWrapper:
        return connections[SCRATCH]

    def __exit__(self, *_error: object) -> None:
        connections[SCRATCH].close()
        del connections[SCRATCH]
        del connections.databases[SCRATCH]


def _dump_postgres(copy: Path) -> tuple[list[TableDigest], dict[str, str]]:
    """pg_dump and the digests see the same snapshot."""
    connection = connections["default"].copy(SCRATCH)
    connection.ensure_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            run_postgres("pg_dump", [*words, f"--file={copy}"], connection)
            found = digests_as_stored(connection), _keys_used(connection)
            cursor.execute("ROLLBACK")
    finally:
        connection.close()
    return found


def run_postgres(name: str, words: list[str], connection: BaseDatabaseWrapper) -> None:
    """Run one of PostgreSQL's programs on a database; the password stays out of the command."""
    facts = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    given = {names[key]: str(value) for key, value in facts.items() if key in names and value}
    path = client_program(name, server=int(connection.pg_version) // 10_000)  # type: ignore[attr-defined]  # PostgreSQL's
    if name == "pg_restore":
        words = [f"--dbname={given['PGDATABASE']}", *words]
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own programs
        [path, *words], env=os.environ | given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError("program", name=name, why=done.stderr.strip()[-500:])


def client_program(name: str, *, server: int) -> str:
    """PostgreSQL's client program: the wheel's, else the machine's, as new as the server."""
    import shutil

    found = []
    if postgres.is_installed() and postgres.program(name).exists():
        found.append(str(postgres.program(name)))
    if there := shutil.which(name):
        found.append(there)
    for path in found:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- the same
        if told.returncode == 0 and int(told.stdout.split()[-1].split(".")[0]) >= server:
            return path
    raise BackupError("no_program", name=name, version=server)


def _add_files(archive: tarfile.TarFile, data_dir: Path, files: dict[str, str]) -> list[str]:
    vanished = []
    for path in _files_of(data_dir):
        name = f"files/{path.relative_to(data_dir).as_posix()}"
        try:
            files[name] = _add(archive, path, name)
        except FileNotFoundError:
            vanished.append(name)  # erased while we copied: so it stays erased
    return vanished


def _files_of(data_dir: Path) -> Iterator[Path]:
    for entry in sorted(data_dir.iterdir()):
        if entry.name in LEFT_OUT or entry.name.startswith(LEFT_OUT_STARTS):
            continue
        if entry.is_file() and not entry.is_symlink() and not entry.name.endswith(".tar"):
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            found = sorted(entry.rglob("*"))
            yield from (path for path in found if path.is_file() and not path.is_symlink())


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        entry = archive.gettarinfo(arcname=name, fileobj=file)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o600
        hashing = _Hashing(file)
        archive.addfile(entry, hashing)
        return hashing.digest.hexdigest()


def _add_manifest(archive: tarfile.TarFile, path: Path, manifest: Manifest) -> None:
    path.write_text(json.dumps(manifest.as_json(), ensure_ascii=False, indent=1))
    _add(archive, path, MANIFEST)


# --- reading one ---------------------------------------------------------------------------------


def unpack(*, file: Path, into: Path) -> Manifest:
    """Unpack a backup into an empty folder and compare every file's digest."""
    try:
        with tarfile.open(file) as archive:
            archive.extractall(into, filter="data")
        facts = json.loads((into / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        missing = "no_manifest" if file.exists() else "no_file"
        raise BackupError(missing, file=file) from error
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise BackupError("unreadable", file=file, why=error) from error
    if facts.get("format") not in FORMATS:
        raise BackupError("format", file=file)
    tables = [TableDigest(**table) for table in facts["tables"]]
    manifest = Manifest(**{**facts, "tables": tables})
    _compare_files(manifest, into)
    return manifest


def _compare_files(manifest: Manifest, folder: Path) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if odd := sorted(there ^ {*manifest.files, MANIFEST}):
        raise BackupError("files", names=", ".join(odd[:5]))
    wrong = [name for name, digest in manifest.files.items() if _digest(folder / name) != digest]
    if wrong:
        raise BackupError("file_digest", names=", ".join(wrong[:5]))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compare_tables(found: Iterable[TableDigest], manifest: Manifest) -> None:
    """Every table holds what the manifest says."""
    wanted, there = set(manifest.tables), set(found)
    if odd := sorted({table.table for table in wanted ^ there}):
        raise BackupError("table_digest", names=", ".join(odd[:5]))


def check_database(*, folder: Path, manifest: Manifest) -> None:
    """The unpacked database can be read whole; a SQLite file also holds every table's rows."""
    path = folder / DATABASE_NAMES[manifest.database]
    if manifest.database == "postgresql":
        program = client_program("pg_restore", server=0)
        done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
            [program, "--file=/dev/null", str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackupError("program", name="pg_restore", why=done.stderr.strip()[-500:])
        return
    with _opened(path) as connection:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (found := cursor.fetchone()[0]) != "ok":
                raise BackupError("integrity", why=found)
        compare_tables(digests_as_stored(connection), manifest)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = DELETE")


def open_values(
    *, folder: Path, manifest: Manifest, keys: tuple[keyring.Key, ...]
) -> sealed.Opened:
    """Try every encrypted value of an unpacked backup under the keys given."""
    path = folder / DATABASE_NAMES[manifest.database]
    if manifest.database == "postgresql":
        return _open_dump(path, keys)
    with _opened(path) as connection:
        found = sealed.open_all(sealed.values_in(connection), keys)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = DELETE")
    return found


def _open_dump(path: Path, keys: tuple[keyring.Key, ...]) -> sealed.Opened:
    tables = [f"--table={table}" for table in sealed.places()]
    command = [
        client_program("pg_restore", server=0),
        "--data-only",
        "--file=-",
        *tables,
        str(path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as program:  # noqa: S603 -- PostgreSQL's own program
        assert program.stdout is not None
        found = sealed.open_all(sealed.values_in_dump(program.stdout), keys)
    if program.returncode:
        raise BackupError("program", name="pg_restore", why=f"exit {program.returncode}")
    return found


def load_postgres(*, folder: Path, manifest: Manifest, replace: bool) -> None:
    """Load a dump into the configured database: all of it, compared, or nothing."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        full = bool(connection.introspection.table_names(cursor))
        if full and not replace:
            raise BackupError("database_not_empty")
        cursor.execute("ALTER SCHEMA public RENAME TO bitgoeul_replaced")
        cursor.execute("CREATE SCHEMA public")
    try:
        dump = str(folder / DATABASE_NAMES["postgresql"])
        words = ["--single-transaction", "--no-owner", "--no-privileges", "--schema=public"]
        run_postgres("pg_restore", [*words, dump], connection)
        compare_tables(digests_as_stored(connection), manifest)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("ALTER SCHEMA bitgoeul_replaced RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA bitgoeul_replaced CASCADE")
