"""Which submissions of a lab resemble each other, as a job found it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models.lab import Lab


class SimilarityReport(models.Model):
    """The pairs that were found at a moment; submissions stand in it by their uuid only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="similarity_reports")
    made_at = models.DateTimeField(_("made at"))
    compared = models.PositiveIntegerField(_("submissions compared"))
    pairs = models.JSONField(default=list)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("similarity report")
        verbose_name_plural = _("similarity reports")

    def __str__(self) -> str:
        return f"{self.lab} {self.made_at:%Y-%m-%d}"
