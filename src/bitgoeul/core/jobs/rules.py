"""Who may see and stop a job: whoever asked for it, and administrators."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

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
    """Whether this person runs the installation.

    The core knows no roles; the settings name the room's rule that does.
    """
    if not user.is_authenticated:
        return False
    rule = getattr(settings, "BITGOEUL_ADMINISTRATOR_RULE", "")
    return bool(import_string(rule)(user) if rule else user.is_superuser)
