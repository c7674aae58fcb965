"""The room's background work: scoring, and a sweep so that no submission waits for ever."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs import services
from bitgoeul.core import clock, jobs


# The warmed parent of the sandbox is started by whichever job needs it first: it needs the room.
@jobs.task(timeout=240, memory_mb=4096, title=_("Scoring a submission"), queue=jobs.CODE)
def score_submission(submission: str) -> jobs.Commit:
    """Score a submission; what comes of it is written together with the end of the job."""
    outcome = services.evaluate(submission=UUID(submission))
    return jobs.Commit(lambda: services.record_outcome(outcome=outcome, at=clock.now()))


# What counts goes first: whoever tries out can wait a little.
@jobs.task(timeout=240, memory_mb=4096, priority=-1, title=_("Trying out"), queue=jobs.CODE)
def try_practice(practice: str) -> jobs.Commit:
    """Run the visible examples of a try; what comes of it is written with the end of the job."""
    tried = services.try_out(practice=UUID(practice))
    return jobs.Commit(lambda: services.record_practice(tried=tried, at=clock.now()))


@jobs.task(timeout=300, memory_mb=1024, title=_("Comparing submissions"))
def compare_submissions(lab: str) -> jobs.Commit:
    """Compare everybody's newest submission to a lab; the report is written with the job's end."""
    found = services.compare(lab=UUID(lab))

    def keep() -> dict[str, int]:
        services.record_similarity(found=found, at=clock.now())
        return {"compared": found.compared, "pairs": len(found.pairs)}

    return jobs.Commit(keep)


@jobs.task(timeout=120, title=_("Settling submissions that nobody scored"))
def settle_stuck_submissions() -> jobs.Commit:
    """Give every submission whose job ended without it a final state and a reason."""

    def settle() -> dict[str, object]:
        at = clock.now()
        tries = services.settle_practice(at=at)
        return {"settled": services.settle_stuck(at=at), "practice": tries}

    return jobs.Commit(settle)


jobs.schedule("labs.settle", settle_stuck_submissions, every=dt.timedelta(minutes=1))
