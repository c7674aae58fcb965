"""Queues: a machine may take submitted code and nothing else, or everything but it."""

import datetime as dt

import pytest

from bitgoeul.apps.labs.tasks import score_submission
from bitgoeul.cli import supervisor
from bitgoeul.core import jobs
from bitgoeul.core.jobs import queue, registry
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

AT = dt.datetime(2126, 3, 2, 9, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db
UUID = "7d7a4b0e-0000-4000-8000-000000000000"


def take(*names: str) -> str | None:
    wanted = registry.wanted(names) if names else None
    claimed = queue.claim(worker="w", at=AT, wanted=wanted)
    return claimed.task.rpartition(".")[2] if claimed else None


@pytest.fixture(autouse=True)
def _waiting():
    jobs.enqueue(sample_tasks.note, word="a")
    jobs.enqueue(score_submission, submission=UUID)
    Job.objects.create(task="gone.tasks.gone", created_at=AT)


def test_a_machine_for_code_takes_code_and_nothing_else():
    assert [take("code"), take("code")] == ["score_submission", None]


def test_the_other_machine_takes_everything_but_code():
    assert [take("default") for _ in range(3)] == ["note", "gone", None]


def test_without_queues_everything_is_taken_in_order():
    assert [take() for _ in range(4)] == ["note", "score_submission", "gone", None]
    assert registry.wanted(("code", "default")).others


def test_an_unknown_queue_is_an_error_that_names_those_there_are():
    with pytest.raises(registry.UnknownQueueError) as caught:
        registry.wanted(("cod",))
    assert caught.value.args == ("cod", ["code", "default"])


def test_serve_hands_its_queues_to_its_worker():
    _web, worker = supervisor.programs("127.0.0.1", 8000, 1, 2, "default")
    assert worker.command[-2:] == ["--queues", "default"]


def test_work_that_runs_submitted_code_is_in_the_queue_for_code():
    found = {task.func.__name__ for task in registry.discover().values() if task.queue == jobs.CODE}
    assert found >= {"score_submission", "try_practice"}
