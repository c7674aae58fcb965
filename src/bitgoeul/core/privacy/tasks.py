"""Erasing on the day: what was decided, and what the law no longer keeps."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bitgoeul.core import clock, jobs
from bitgoeul.core.privacy import services


@jobs.task(timeout=3600, title=_("Erasing what is due"))
def erase_what_is_due() -> jobs.Commit:
    """Erase part by part, together with the job's end: an interrupted run did nothing."""

    def effect() -> dict[str, object]:
        at = clock.now()
        return {
            "parts": services.carry_out_requests(at=at),
            "rows": services.erase_what_is_over(at=at),
        }

    return jobs.Commit(effect)


jobs.schedule("privacy.erase", erase_what_is_due, every=dt.timedelta(days=1))
