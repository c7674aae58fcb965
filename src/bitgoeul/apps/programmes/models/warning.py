"""A model that warns of dropping out: plain numbers, what it was held against, who looked at it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.programme import Programme


class WarningModel(models.Model):
    """One training of a programme's model on its earlier cohorts; a newer one replaces it.

    `numbers` is the model (see `engines.analysis.warning.Model`), `figures` what rules and model
    found in cohorts that were left out, `audit` tables by group as far as they may be shown.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="warning_models"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    numbers = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    audit = models.JSONField(default=dict)
    engine = models.CharField(max_length=40)
    inputs_digest = models.CharField(max_length=64)
    in_use = models.BooleanField(_("warns beside the rules"), default=False)
    trained_at = models.DateTimeField(_("trained at"))
    trained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("programme_id", "-version")
        verbose_name = _("early-warning model")
        verbose_name_plural = _("early-warning models")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "version"), name="programmes_warning_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"
