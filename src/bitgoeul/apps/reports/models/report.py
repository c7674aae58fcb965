"""A report for the parties, and what it said when it was published."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement
from bitgoeul.apps.programmes.models import Cohort
from bitgoeul.apps.reports.enums import Part, ReportState


class Report(models.Model):
    """An outcome report over an agreement or one cohort, as of a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title_ko = models.CharField(_("title in Korean"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reports")
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    as_of = models.DateField(_("as of"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT
    )
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports"
    )

    class Meta:
        ordering = ("-as_of", "-id")
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


class Snapshot(models.Model):
    """A published report, frozen: document, digest, and the journal's head of that moment."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="snapshot")
    document = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    journal_head = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="published_snapshots"
    )

    class Meta:
        ordering = ("-published_at",)
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")

    def __str__(self) -> str:
        return f"{self.report} {self.digest[:12]}"


class SnapshotRow(models.Model):
    """A row that a published number was counted from, by kind and uuid, with its digest then."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rows")
    indicator_key = models.CharField(max_length=80)
    part = models.CharField(max_length=12, choices=Part)
    kind = models.CharField(max_length=60)
    row_uuid = models.UUIDField(db_index=True)
    subject_uuid = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("snapshot", "indicator_key", "part", "id")
        verbose_name = _("row behind a published number")
        verbose_name_plural = _("rows behind published numbers")
        indexes = (models.Index(fields=("snapshot", "indicator_key", "part")),)

    def __str__(self) -> str:
        return f"{self.indicator_key} {self.part} {self.row_uuid}"
