"""States of labs and submissions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LabState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class SubmissionState(TextChoices):
    QUEUED = "queued", _("Waiting to be scored")
    SCORED = "scored", _("Scored")
    REFUSED = "refused", _("Refused: the file is not as asked")
    FAILED = "failed", _("Not scored: a fault on our side")
