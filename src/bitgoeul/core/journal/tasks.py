"""The journal's own jobs."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bitgoeul.core import clock, jobs
from bitgoeul.core.journal import keeping, queries, services


@jobs.task(timeout=300)
def seal_journal() -> jobs.Commit:
    """Seal what was written since the last seal."""

    def effect() -> dict[str, object]:
        made = services.seal(at=clock.now())
        return {"seal": made.number if made else None}

    return jobs.Commit(effect)


@jobs.task(timeout=3600, title=_("Verifying the journal"))
def verify_journal() -> dict[str, object]:
    """Recompute every seal; the verdict is the job's result."""
    return queries.verify().as_json()


@jobs.task(timeout=3600, title=_("Erasing old readings"))
def erase_readings() -> jobs.Commit:
    """Erase the readings whose time is over, so many a day that the database is not held up."""
    return jobs.Commit(lambda: {"erased": keeping.erase_readings(at=clock.now())})


jobs.schedule("journal.erase_readings", erase_readings, every=dt.timedelta(days=1))
jobs.schedule("journal.seal", seal_journal, every=dt.timedelta(minutes=1))
