"""Runnable examples of the core's tasks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bitgoeul.core import clock, jobs
from bitgoeul.core.jobs.models import Job
from tests.core.jobs import sample_tasks


def tidy_queue() -> dict[str, Any]:
    """An old job to forget."""
    with clock.freeze(clock.now() - timedelta(days=100)):
        jobs.enqueue(sample_tasks.tell_time)
        jobs.run_pending()
    assert Job.objects.filter(state="done").exists()
    return {}


EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "bitgoeul.core.jobs.tasks.tidy_queue": tidy_queue,
}
