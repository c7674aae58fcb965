"""Tasks written to the plain `django_tasks` API run on the queue unchanged."""

import django_tasks
import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from bitgoeul.core import jobs
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks

pytestmark = pytest.mark.django_db


def test_enqueue_run_and_read_the_result():
    result = sample_tasks.double.enqueue(4, plus=1)
    assert result.status == TaskResultStatus.READY
    assert Job.objects.get().args == {"number": 4, "plus": 1}
    jobs.run_pending()
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == ("SUCCESSFUL", 9, 1)
    assert sample_tasks.double.get_result(result.id).return_value == 9


def test_a_task_that_takes_context():
    result = sample_tasks.attempt.enqueue()
    jobs.run_pending()
    result.refresh()
    assert result.return_value == 1


def test_failures_carry_the_exception():
    result = sample_tasks.stumble.enqueue()
    jobs.run_pending()
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert result.errors[0].exception_class is RuntimeError


def test_defer_and_priority():
    later = timezone.now() + timezone.timedelta(days=1)
    sample_tasks.double.using(run_after=later, priority=7).enqueue(1)
    job = Job.objects.get()
    assert (job.run_after, job.priority) == (later, 7)


def test_unknown_results_and_bad_tasks():
    with pytest.raises(TaskResultDoesNotExist):
        django_tasks.default_task_backend.get_result("nothing")
    with pytest.raises(InvalidTaskError):
        django_tasks.task()(lambda: None)
    with pytest.raises(TypeError):
        sample_tasks.attempt.enqueue(1, 2)
