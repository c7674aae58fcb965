"""Everything the environment decides, read once into one typed object.

An empty environment gives a working single-machine installation: SQLite in the data folder,
secrets generated there, the worker started by the same command.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from bitgoeul.core.db import postgres
from bitgoeul.web import external

DEMO_READY = "ready.json"
DATABASE_FILE = "database"  # remembers which embedded database a data folder uses
CONNECTION_SECONDS = 60  # so long a process keeps a connection between requests
SECRET_KEY_FILE = "secret-key"  # noqa: S105 -- the name of the file, not the secret


@dataclass(frozen=True, kw_only=True)
class Config:
    """The installation's settings; see docs/start.md for each variable."""

    data_dir: Path
    database_url: str
    secret_key: str
    allowed_hosts: tuple[str, ...]
    public_url: str
    behind_tls: bool
    debug: bool
    email_url: str
    default_from_email: str
    lease_seconds: float
    small_cell_threshold: int
    readings_keep_days: int
    release_id: str
    log_format: str
    metrics_token: str
    breached_passwords: bool = True
    jupyterlite_url: str = ""
    providers: tuple[external.ExternalProvider, ...] = ()

    @property
    def media_dir(self) -> Path:
        """Where uploaded files live."""
        return self.data_dir / "media"

    @property
    def is_demo(self) -> bool:
        """Whether the embedded database holds the invented people of the demo."""
        marks = (self.demo_dir / name for name in (DEMO_READY, "unfinished"))
        return not self.database_url and any(mark.exists() for mark in marks)

    @property
    def demo_dir(self) -> Path:
        """Where the demo year's files are written."""
        return self.data_dir / "demo"


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def default_data_dir() -> Path:
    """Where an installation keeps its data when `BITGOEUL_DATA_DIR` does not say otherwise."""
    if given := os.environ.get("BITGOEUL_DATA_DIR"):
        return Path(given).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").exists():
        return checkout / "data"
    return Path.home() / ".local" / "share" / "bitgoeul"


def _secret_key(data_dir: Path) -> str:
    if given := os.environ.get("BITGOEUL_SECRET_KEY"):
        return given
    path = data_dir / SECRET_KEY_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = secrets.token_urlsafe(64)
    partial = data_dir / f".{SECRET_KEY_FILE}.{os.getpid()}"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
    try:
        # link() never overwrites, so of two processes that start at once one key wins for both.
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)
    return path.read_text().strip()


def read_config() -> Config:
    """Read the environment once."""
    data_dir = default_data_dir()
    hosts = os.environ.get("BITGOEUL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
    return Config(
        data_dir=data_dir,
        database_url=os.environ.get("DATABASE_URL", ""),
        secret_key=_secret_key(data_dir),
        allowed_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        public_url=os.environ.get("BITGOEUL_PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        behind_tls=_flag("BITGOEUL_BEHIND_TLS", default=False),
        debug=_flag("BITGOEUL_DEBUG", default=False),
        email_url=os.environ.get("BITGOEUL_EMAIL_URL", ""),
        default_from_email=os.environ.get("BITGOEUL_FROM_EMAIL", "bitgoeul@localhost"),
        lease_seconds=float(os.environ.get("BITGOEUL_LEASE_SECONDS", "30")),
        small_cell_threshold=int(os.environ.get("BITGOEUL_SMALL_CELL_THRESHOLD", "5")),
        readings_keep_days=int(os.environ.get("BITGOEUL_READINGS_KEEP_DAYS", "730")),
        release_id=os.environ.get("BITGOEUL_RELEASE", "0.1.0"),
        log_format="plain" if os.environ.get("BITGOEUL_LOG") == "plain" else "json",
        metrics_token=os.environ.get("BITGOEUL_METRICS_TOKEN", ""),
        jupyterlite_url=os.environ.get("BITGOEUL_JUPYTERLITE_URL", "").rstrip("/"),
        breached_passwords=_flag("BITGOEUL_BREACHED_PASSWORDS", default=True),
        providers=external.read_providers(
            Path(os.environ.get("BITGOEUL_SIGN_IN_FILE") or data_dir / external.FILE)
        ),
    )


def remembered_database(data_dir: Path) -> str:
    """Which database a data folder uses: `sqlite`, `postgres`, or nothing that was chosen yet."""
    try:
        return (data_dir / DATABASE_FILE).read_text().strip()
    except FileNotFoundError:
        return ""


def databases(config: Config) -> dict[str, dict[str, object]]:
    """Django's DATABASES: what `DATABASE_URL` names, else the embedded one of the data folder."""
    if config.database_url:
        return {"default": postgres_settings(config.database_url)}
    if remembered_database(config.data_dir) == "postgres":
        return {"default": postgres_settings(postgres.url(config.data_dir))}
    return {"default": sqlite_settings(config.data_dir / "bitgoeul.sqlite3")}


def sqlite_settings(path: Path) -> dict[str, object]:
    """Django's settings of an embedded SQLite file."""
    return {
        "ENGINE": "bitgoeul.core.db.sqlite",
        "NAME": str(path),
        "ATOMIC_REQUESTS": False,
        # Opening one registers some sixty functions, and closing the last one writes the WAL back.
        "CONN_MAX_AGE": CONNECTION_SECONDS,
    }


# A server that is gone without a word (a cable, a switch) is given up after twenty seconds; the
# system's own patience is a quarter of an hour, in which a worker could not even be stopped.
LOST_NETWORK: dict[str, object] = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "20000",
}


def postgres_settings(address: str) -> dict[str, object]:
    """Django's settings of the PostgreSQL database that an address names."""
    url = urlsplit(address)
    if url.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {url.scheme}://")
    # What the address says wins.
    options: dict[str, object] = {**LOST_NETWORK, **dict(parse_qsl(url.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "postgres",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", None) or unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


def email_settings(config: Config) -> dict[str, object]:
    """Mail goes to files in the data folder until `BITGOEUL_EMAIL_URL` names a server."""
    if not config.email_url:
        return {
            "EMAIL_BACKEND": "bitgoeul.core.notices.mailbox.FolderBackend",
            "EMAIL_FILE_PATH": str(config.data_dir / "mail"),
        }
    url = urlsplit(config.email_url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or 587,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtps",
    }
