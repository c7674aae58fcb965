"""Background work of this room, to be shown beside what it works on."""

from typing import Any

from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.rules import jobs_visible_to


def newest_job(dedupe: str, user: Any, *others: str) -> Job | None:
    """Return the newest job of a key, or of several, that the person may see."""
    rows = Job.objects.filter(jobs_visible_to(user), dedupe__in=[dedupe, *others])
    return rows.order_by("-id").first()
