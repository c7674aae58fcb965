"""One run per slot, however often and by however many workers it is looked at."""

import datetime as dt

import pytest

from bitgoeul.core import jobs
from bitgoeul.core.jobs import schedules
from bitgoeul.core.jobs.models import Job, Slot
from tests.core.jobs import sample_tasks

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 9, 0, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _only_one(monkeypatch):
    monkeypatch.setattr(schedules, "_schedules", {})
    jobs.schedule("tick", sample_tasks.tell_time, every=MINUTE)


def test_slots_start_at_even_moments():
    assert schedules.slot_of(MINUTE, at=AT) == AT.replace(second=0)
    assert schedules.slot_of(dt.timedelta(hours=6), at=AT) == AT.replace(hour=6, minute=0, second=0)


def test_once_per_slot():
    assert [schedules.enqueue_due(at=AT) for _ in range(3)] == [1, 0, 0]
    jobs.run_pending()
    assert schedules.enqueue_due(at=AT + MINUTE) == 1
    assert Job.objects.count() == 2


def test_an_unfinished_run_counts_for_the_next_slot_too():
    schedules.enqueue_due(at=AT)
    schedules.enqueue_due(at=AT + MINUTE)
    assert Job.objects.count() == 1
    assert Slot.objects.count() == 2


def test_another_worker_that_was_first(monkeypatch):
    Slot.objects.create(key="tick", slot=AT.replace(second=0))
    monkeypatch.setattr(Slot.objects, "filter", lambda **_: Slot.objects.none())
    assert schedules.enqueue_due(at=AT) == 0
    assert not Job.objects.exists()


def test_missed_slots_are_not_made_up():
    schedules.enqueue_due(at=AT)
    jobs.run_pending()
    assert schedules.enqueue_due(at=AT + 60 * MINUTE) == 1


def test_memory_spares_the_look(django_assert_num_queries):
    seen = {}
    schedules.enqueue_due(at=AT, seen=seen)
    with django_assert_num_queries(0):
        schedules.enqueue_due(at=AT, seen=seen)


def test_old_slots_are_forgotten():
    schedules.enqueue_due(at=AT)
    schedules.enqueue_due(at=AT + dt.timedelta(days=3))
    assert Slot.objects.count() == 1


def test_a_key_belongs_to_one_task():
    with pytest.raises(ValueError, match="taken"):
        jobs.schedule("tick", sample_tasks.refuse, every=MINUTE)
    with pytest.raises(ValueError, match="one second"):
        jobs.schedule("fast", sample_tasks.refuse, every=dt.timedelta(0))


def test_a_clock_that_jumps_an_hour_and_back_starts_nothing_twice():
    there, back = AT + 60 * MINUTE, AT + MINUTE
    started = []
    for moment in (AT, there, back, there, AT):
        started.append(schedules.enqueue_due(at=moment))
        jobs.run_pending()
    assert started == [1, 1, 1, 0, 0]
