"""An extract for research: who asked for what, who allowed it, and the file while it lasts."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import Programme
from bitgoeul.apps.reports.enums import ExtractState
from bitgoeul.core.privacy.fields import EncryptedCharField

PURPOSE_LENGTH = 2000
FOLDER = "extracts/"


class Extract(models.Model):
    """Rows about people under a pseudonym of this one extract, for one purpose and a time.

    `key` makes the pseudonyms; with it and the file gone, nothing leads back. Whose rows the file
    holds is told by the record of readings, not here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title of the study"), max_length=160)
    purpose = models.TextField(_("what it is for"), max_length=PURPOSE_LENGTH)
    ethics = models.CharField(_("approval of the ethics committee"), max_length=160)
    columns = models.JSONField(_("what is needed"), default=list)
    programmes = models.ManyToManyField(Programme, related_name="extracts")
    starts_on = models.DateField(_("enrolled from"))
    ends_on = models.DateField(_("enrolled until"))
    days = models.PositiveSmallIntegerField(_("needed for (days)"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="extracts"
    )
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(
        _("state"), max_length=10, choices=ExtractState, default=ExtractState.ASKED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decision made at"), null=True, blank=True)
    note = models.CharField(_("reason for the decision"), max_length=500, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(_("lasts until"), null=True, blank=True)
    key = EncryptedCharField(max_length=64, blank=True)
    file = models.FileField(upload_to=FOLDER, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("extract for research")
        verbose_name_plural = _("extracts for research")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="reports_extract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="reports_extract_four_eyes",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def is_over(self, *, on: dt.date) -> bool:
        """Whether its time has ended; the file goes with the next run of the retention job."""
        return self.expires_on is not None and self.expires_on < on

    def is_ready(self, *, on: dt.date) -> bool:
        """Whether there is a file to fetch."""
        return self.state == ExtractState.READY and bool(self.file) and not self.is_over(on=on)
