"""What it takes to get back in when phone and recovery codes are lost."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecondFactorReset(models.Model):
    """Somebody asked that a person's second step be removed; somebody else decides."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor_resets"
    )
    reason = models.CharField(_("how the person was recognised"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("moment of the decision"), null=True, blank=True)
    granted = models.BooleanField(_("granted"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        verbose_name = _("reset of the second step")
        verbose_name_plural = _("resets of the second step")
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(decided_at__isnull=True),
                name="alliance_secondfactorreset_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="alliance_secondfactorreset_four_eyes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.asked_at:%Y-%m-%d}"
