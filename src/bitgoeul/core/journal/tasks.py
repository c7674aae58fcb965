"""The journal's own jobs."""

import datetime as dt

from bitgoeul.core import clock, jobs
from bitgoeul.core.journal import services


@jobs.task(timeout=300)
def seal_journal() -> jobs.Commit:
    """Seal what was written since the last seal."""

    def effect() -> dict[str, object]:
        made = services.seal(at=clock.now())
        return {"seal": made.number if made else None}

    return jobs.Commit(effect)


jobs.schedule("journal.seal", seal_journal, every=dt.timedelta(minutes=1))
