"""Who may see and stop a job: whoever asked for it, and administrators."""

from typing import Any

from django.db.models import Q

from bitgoeul.core import access

from .models import Job


def jobs_visible_to(user: Any) -> Q:
    """The filter of the jobs this person may see."""
    if sees_every_job(user):
        return access.EVERYBODY
    uuid = getattr(user, "uuid", None)
    return access.NOBODY if uuid is None else Q(owner_uuid=uuid)


def can_see_job(user: Any, job: Job) -> bool:
    """Whether this person may see this job; the yes/no beside the filter above."""
    uuid = getattr(user, "uuid", None)
    return sees_every_job(user) or (uuid is not None and job.owner_uuid == uuid)


def sees_every_job(user: Any) -> bool:
    """Whether this person runs the installation (Django's permission, given to administrators)."""
    return bool(user.is_authenticated and user.has_perm("jobs.view_job"))
