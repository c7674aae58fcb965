"""What takes long to compute is kept with the journal's newest entry.

As long as nobody has written one, nothing has changed, and what was kept is the present state.
When something was written meanwhile, what is quick to compute is computed anew; what is slow is
shown with the time it was computed at, and computed anew when thirty times its own cost has passed.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.cache import cache

from bitgoeul.core.journal.models import Entry

QUICK_SECONDS = 0.5
PATIENCE = 30
KEPT_SECONDS = 24 * 60 * 60

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Kept(Generic[T]):
    """Something computed: when, how long it took, and after which entry of the journal."""

    value: T
    at: dt.datetime
    seconds: float
    entry: int

    def lasts(self, at: dt.datetime) -> bool:
        """It is too dear to be computed again so soon."""
        age = (at - self.at).total_seconds()
        return self.seconds > QUICK_SECONDS and 0 <= age < PATIENCE * self.seconds


def kept(name: str, *of: object, at: dt.datetime, compute: Callable[[], T]) -> Kept[T]:
    """Return what is kept under a name while it holds, or compute and keep it."""
    key = ":".join(map(str, (f"reports.{name}", *of)))
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    found: Any = cache.get(key)
    if isinstance(found, Kept) and (found.entry == newest or found.lasts(at)):
        return found
    started = time.monotonic()
    value = compute()
    computed = Kept(value=value, at=at, seconds=time.monotonic() - started, entry=newest)
    cache.set(key, computed, KEPT_SECONDS)
    return computed
