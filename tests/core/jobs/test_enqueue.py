"""Asking for work: what is stored, what is refused, and that it follows the transaction."""

import datetime as dt
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import translation

from bitgoeul.core import clock, jobs
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def test_stores_what_was_asked_by_whom_in_which_language():
    person = SimpleNamespace(uuid=uuid4())
    with translation.override("en"):
        job = jobs.enqueue(sample_tasks.note, by=person, at=AT, word="a")
    job.refresh_from_db()
    assert job.task == "tests.core.jobs.sample_tasks.note"
    assert (job.args, job.owner_uuid, job.created_at) == ({"word": "a"}, person.uuid, AT)
    assert (job.language, job.state) == ("en", "ready")


def test_exists_only_if_the_transaction_commits():
    with transaction.atomic():
        jobs.enqueue(sample_tasks.note, word="a")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "value", [UUID(int=7), AT, (1, 2), {1: "a"}, float("nan"), b"x", "a\x00b", {"deep": [AT]}]
)
def test_refuses_what_json_does_not_keep(value):
    with pytest.raises((TypeError, ValueError)):
        jobs.enqueue(sample_tasks.note, word=value)
    assert not Job.objects.exists()


@pytest.mark.parametrize("kwargs", [{}, {"word": "a", "other": 1}, {"words": "a"}])
def test_refuses_arguments_that_the_task_does_not_take(kwargs):
    with pytest.raises(TypeError):
        jobs.enqueue(sample_tasks.note, **kwargs)


def test_progress_is_not_an_argument():
    assert jobs.enqueue(sample_tasks.count_rows, total=1).args == {"total": 1}


def test_refuses_a_function_that_is_no_task():
    with pytest.raises(TypeError):
        jobs.enqueue(sample_tasks.effects)


def test_one_live_job_per_dedupe_key():
    first = jobs.enqueue(sample_tasks.note, dedupe="seal", word="a")
    assert jobs.enqueue(sample_tasks.note, dedupe="seal", word="b").pk == first.pk
    assert jobs.enqueue(sample_tasks.note, dedupe="other", word="b").pk != first.pk
    jobs.cancel(first, at=AT)
    assert jobs.enqueue(sample_tasks.note, dedupe="seal", word="b").pk != first.pk


def test_not_before_its_time():
    jobs.enqueue(sample_tasks.tell_time, run_after=AT)
    assert jobs.run_pending(at=AT - dt.timedelta(seconds=1)) == 0
    assert jobs.run_pending(at=AT) == 1


def test_more_urgent_first_then_older_first():
    with clock.freeze(AT):
        for priority in (0, 5, 0):
            jobs.enqueue(sample_tasks.tell_time, priority=priority)
    order = []
    while jobs.run_pending(limit=1):
        order.append(Job.objects.filter(state="done").exclude(pk__in=order).get().pk)
    first, second, third = Job.objects.order_by("pk").values_list("pk", flat=True)
    assert order == [second, first, third]
