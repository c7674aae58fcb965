"""Work that is due every so often: one run per slot, however many workers look."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from .definitions import LeaseTask
from .models import Slot
from .services import enqueue

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
KEPT_SLOTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is due how often."""

    key: str
    task: LeaseTask[..., Any]
    every: timedelta


_schedules: dict[str, Schedule] = {}


def schedule(key: str, task: LeaseTask[..., Any], every: timedelta) -> None:
    """Have `task` run once in every stretch of `every`; call it at the end of `tasks.py`."""
    if every < timedelta(seconds=1):
        raise ValueError("a schedule's stretch is at least one second")
    known = _schedules.get(key)
    if known is not None and known.task.module_path != task.module_path:
        raise ValueError(f"schedule {key!r} is taken by {known.task.module_path}")
    _schedules[key] = Schedule(key, task, every)


def schedules() -> tuple[Schedule, ...]:
    """Every registered schedule, by key."""
    return tuple(_schedules[key] for key in sorted(_schedules))


def slot_of(every: timedelta, *, at: datetime) -> datetime:
    """The start of the stretch that `at` lies in."""
    return EPOCH + ((at - EPOCH) // every) * every


def enqueue_due(*, at: datetime | None = None, seen: dict[str, datetime] | None = None) -> int:
    """Enqueue every schedule whose present slot nobody has started; returns how many.

    Slots follow real time even in a demo, whose date repeats. Missed slots are not made up:
    the work reads what there is to do, not which slot it is. A worker passes `seen`, its memory
    of slots already looked at, to spare the database a query per schedule and second.
    """
    moment = at or timezone.now()
    started = 0
    for entry in schedules():
        slot = slot_of(entry.every, at=moment)
        if seen is not None and seen.get(entry.key) == slot:
            continue
        started += _start(entry, slot)
        if seen is not None:
            seen[entry.key] = slot
    return started


def _start(entry: Schedule, slot: datetime) -> bool:
    if Slot.objects.filter(key=entry.key, slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            Slot.objects.create(key=entry.key, slot=slot)
            # A run that is still going counts for this slot too: no pile of overdue runs.
            enqueue(entry.task, dedupe=f"schedule:{entry.key}")
    except IntegrityError:
        return False
    Slot.objects.filter(key=entry.key, slot__lt=slot - KEPT_SLOTS).delete()
    return True
