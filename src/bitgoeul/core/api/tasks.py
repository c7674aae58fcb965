"""The interface's own housekeeping."""

from datetime import timedelta

from bitgoeul.core import clock, jobs

from .services import forget_answers


@jobs.task(timeout=300)
def tidy_answers() -> jobs.Commit:
    """Forget answers that were kept for repeats."""
    return jobs.Commit(lambda: {"forgotten": forget_answers(at=clock.now())})


jobs.schedule("api.tidy", tidy_answers, every=timedelta(hours=1))
