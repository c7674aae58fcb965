"""What a participant tries out before it counts: the last try only, and for days only."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.enums import Failure, PracticeState
from bitgoeul.apps.labs.models.lab import Lab


def practice_path(practice: "Practice", name: str) -> str:
    """Keep a try under its uuid, never under the name that came with it."""
    return f"practice/{practice.uuid}"


class Practice(models.Model):
    """A try by the visible examples only. It is no submission: nobody else reads or counts it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="practices")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lab_practices"
    )
    file = models.FileField(upload_to=practice_path, max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    tried_at = models.DateTimeField(_("tried at"), db_index=True)
    state = models.CharField(
        _("state"), max_length=8, choices=PracticeState, default=PracticeState.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    faults = models.JSONField(default=list)
    checks = models.JSONField(_("results of the checks"), default=list)
    output = models.TextField(_("output"), max_length=30_000, blank=True, default="")
    job_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-tried_at", "-id")
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        constraints = (
            models.UniqueConstraint(fields=("lab", "person"), name="labs_practice_last_only"),
        )

    def __str__(self) -> str:
        return f"{self.lab} – {self.person}"

    @property
    def told(self) -> str:
        """The reason in the reader's language, where it is a known one; else as it was written."""
        known = self.reason_code in Failure.values
        return str(Failure(self.reason_code).label) if known else self.reason
