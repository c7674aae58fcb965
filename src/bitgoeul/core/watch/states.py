"""Is this installation ready, and is its background work keeping up?"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, Max, Min, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bitgoeul.core import clock
from bitgoeul.core.jobs.models import Slot
from bitgoeul.core.journal.models import Entry, Leaf

WORKER_LATE_SECONDS = 180
SEALING_LATE_SECONDS = 300
LEAST_FREE_BYTES = 200 << 20

OK, LATE, FAILED = "ok", "late", "failed"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at; only `needed` ones decide whether requests may come."""

    key: str
    title: str | Promise
    state: str
    value: float = 0.0
    needed: bool = False


def checks() -> list[Check]:
    """Look at everything; one that cannot be looked at has failed."""
    return [_guarded(look) for look in (_database, _migrations, _disk, _worker, _sealing)]


def is_ready(found: list[Check]) -> bool:
    """Whether this process may be sent requests."""
    return all(check.state == OK for check in found if check.needed)


def _guarded(look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (DatabaseError, OSError):
        key = look.__name__.removeprefix("_")
        return Check(key=key, title=TITLES[key], state=FAILED, needed=key in NEEDED)


TITLES = {
    "database": _("Database answers"),
    "migrations": _("Database is at this version"),
    "disk": _("Room on the disk"),
    "worker": _("Background work is alive"),
    "sealing": _("Journal is being sealed"),
}
NEEDED = {"database", "migrations", "disk"}


def _check(key: str, good: bool, value: float, *, bad: str = FAILED) -> Check:
    state = OK if good else bad
    return Check(key=key, title=TITLES[key], state=state, value=value, needed=key in NEEDED)


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return _check("database", cursor.fetchone() == (1,), 1)


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return _check("migrations", waiting == 0, waiting)


def _disk() -> Check:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return _check("disk", free >= LEAST_FREE_BYTES, free)


def _worker() -> Check:
    """How long ago a worker looked for scheduled work; slots follow real time, also in a demo."""
    newest = Slot.objects.aggregate(newest=Max("slot"))["newest"]
    age = (timezone.now() - newest).total_seconds() if newest else float(WORKER_LATE_SECONDS + 1)
    return _check("worker", age <= WORKER_LATE_SECONDS, age, bad=LATE)


def _sealing() -> Check:
    placed = Leaf.objects.filter(entry_id=OuterRef("id"))
    oldest = Entry.objects.filter(~Exists(placed)).aggregate(oldest=Min("at"))["oldest"]
    late = dt.timedelta() if oldest is None else max(clock.now() - oldest, dt.timedelta())
    seconds = late.total_seconds()
    return _check("sealing", seconds <= SEALING_LATE_SECONDS, seconds, bad=LATE)
