"""The queue's own housekeeping."""

from datetime import timedelta

from bitgoeul.core import clock

from .definitions import Commit, task
from .schedules import schedule
from .services import forget_finished


@task(timeout=300)
def tidy_queue() -> Commit:
    """Forget jobs that ended long ago."""
    return Commit(lambda: {"forgotten": forget_finished(at=clock.now())})


schedule("jobs.tidy", tidy_queue, every=timedelta(hours=6))
