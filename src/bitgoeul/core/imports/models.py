"""An import, its staged rows, and which line wrote what."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import ImportState, RowState


class Import(models.Model):
    """One file on its way into the data: staged, shown, confirmed or discarded."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    target_uuid = models.UUIDField(null=True, blank=True)
    target_title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.STAGING)

    file_name = models.CharField(max_length=200)
    file_size = models.PositiveBigIntegerField()
    file_digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    heading_line = models.PositiveIntegerField(default=0)
    headings = models.JSONField(default=list, blank=True)
    ignored = models.JSONField(default=list, blank=True)
    refusal = models.JSONField(null=True, blank=True)

    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    job_uuid = models.UUIDField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values), name="imports_import_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("confirmed", "undone"))
                | models.Q(confirmed_at__isnull=False),
                name="imports_import_confirmed_at",
            ),
        )
        indexes = (models.Index(fields=("kind", "target_uuid"), name="imports_import_into"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    @property
    def bad(self) -> int:
        """Rows that cannot be written: with errors, or repeated in the file."""
        return self.errors + self.duplicates

    @property
    def is_interrupted(self) -> bool:
        """Refused, or on its way: reading may have to be started again."""
        return self.state in {ImportState.REFUSED, ImportState.STAGING, ImportState.CONFIRMING}

    @property
    def to_write(self) -> int:
        """Rows that confirming would write."""
        return self.new + self.changed


class StagedRow(models.Model):
    """A line of the file as read, as understood, and what is wrong with it.

    `raw` follows the import's headings; `cleaned` holds values by column key. Both are personal
    data and are erased some days after the import ended.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staged_rows")
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=RowState)
    raw = models.JSONField(default=list)
    cleaned = models.JSONField(default=dict)
    errors = models.JSONField(default=list)

    class Meta:
        ordering = ("of", "line", "id")
        verbose_name = _("staged row")
        verbose_name_plural = _("staged rows")
        indexes = (models.Index(fields=("of", "state", "line"), name="imports_row_state"),)

    def __str__(self) -> str:
        return f"{self.of_id}:{self.line}"


class WrittenRow(models.Model):
    """Which line of which import wrote which object: the origin of a row, and the way back."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="written_rows")
    line = models.PositiveIntegerField()
    object_uuid = models.UUIDField(db_index=True)
    created = models.BooleanField()
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("of", "line", "id")
        verbose_name = _("written row")
        verbose_name_plural = _("written rows")

    def __str__(self) -> str:
        return f"{self.of_id}:{self.line} {self.object_uuid}"
