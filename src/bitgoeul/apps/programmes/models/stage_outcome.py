"""What a stage with a cut decided for an application, with the line it was held against."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.application import Application
from bitgoeul.apps.programmes.models.programme import Stage


class StageOutcome(models.Model):
    """Whether an applicant goes on: score, line and how many went on of how many."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="stage_outcomes"
    )
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="outcomes")
    passed = models.BooleanField(_("goes on"))
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    line = models.DecimalField(_("line"), max_digits=6, decimal_places=2, null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ("application_id", "stage__order")
        verbose_name = _("outcome of a stage")
        verbose_name_plural = _("outcomes of stages")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "stage"), name="programmes_outcome_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.stage}"
