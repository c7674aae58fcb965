"""The one clock of the house: read at the edge (views, commands, tasks), passed down as `at=`.

A demo must not age, so its data folder may fix the date; the time of day stays the real one.
The queue's leases never use this clock: they follow the database's own.
"""

import json
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
STATE_FILE = Path("demo") / "clock.json"

_frozen: ContextVar[datetime | None] = ContextVar("bitgoeul_frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware; on a fixed date when the installation is a demo."""
    if moment := _frozen.get():
        return moment
    real = datetime.now(UTC)
    if fixed := fixed_today():
        return datetime.combine(fixed, real.astimezone(SEOUL).timetz())
    return real


def today() -> date:
    """The date in Seoul."""
    return now().astimezone(SEOUL).date()


@contextmanager
def freeze(moment: datetime) -> Iterator[datetime]:
    """Stop the clock at `moment` for this thread: for tests, and for replaying a past year."""
    if moment.tzinfo is None:
        raise ValueError("the clock can only be stopped at an aware datetime")
    token = _frozen.set(moment)
    try:
        yield moment
    finally:
        _frozen.reset(token)


def fixed_today() -> date | None:
    """The date this installation is fixed to: the setting, else the demo's state file."""
    given = getattr(settings, "BITGOEUL_FIXED_TODAY", None)
    if given:
        return given if isinstance(given, date) else date.fromisoformat(given)
    path = state_path()
    if path is None:
        return None
    try:
        # The stamp makes a running web process see a demo that was just created or reset.
        return _read_state(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def fix_today(day: date) -> Path:
    """Fix the date of this data folder, for every process that uses it."""
    path = state_path()
    if path is None:
        raise ValueError("there is no data folder to keep the fixed date in")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(
        json.dumps({"today": day.isoformat(), "started_at": datetime.now(UTC).isoformat()}) + "\n"
    )
    partial.replace(path)
    return path


def state_path() -> Path | None:
    """Where the fixed date is kept, or None when the settings name no data folder."""
    config = getattr(settings, "BITGOEUL", None)
    return None if config is None else Path(config.data_dir) / STATE_FILE


@lru_cache(maxsize=4)
def _read_state(path: Path, _stamp: int) -> date:
    return date.fromisoformat(json.loads(path.read_text())["today"])
