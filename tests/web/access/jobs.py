"""Who may see a job: whoever asked for it, and administrators."""

from typing import Any

from django.utils import timezone

from bitgoeul.core.jobs.models import Job
from tests.web.access import NOBODY, SIGNED_IN, Route
from tests.world import World


def _job(world: World, role: str, ownership: str) -> dict[str, Any] | None:
    if ownership == "same" or (ownership == "own" and role == "public"):
        return None  # a job belongs to one person, not to an organisation
    owner = world.people[role].uuid if ownership == "own" else None
    job = Job.objects.create(
        task="bitgoeul.core.jobs.tasks.tidy_queue", owner_uuid=owner, created_at=timezone.now()
    )
    return {"uuid": job.uuid}


ALLOWED = {"own": SIGNED_IN, "same": NOBODY, "other": frozenset({"administrator"})}

ROUTES: dict[str, Route] = {
    "jobs:progress": Route(allowed=ALLOWED, kwargs=_job),
    "jobs:cancel": Route(allowed=ALLOWED, kwargs=_job, method="post", ok=frozenset({302})),
}
