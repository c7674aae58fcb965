"""Requests for erasure, what was decided of each part, and the certificates of what is gone."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ErasureRequest(models.Model):
    """A person asks to be forgotten."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for a decision")
        DECIDED = "decided", _("Decision made")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Taken back")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure_requests"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    wish = models.TextField(_("what you wish"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decision made at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(state__in=("open", "decided")),
                name="privacy_request_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.get_state_display()}"


class Certificate(models.Model):
    """What was erased when, by which rule: tables and numbers of rows, and nothing of anybody."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField()
    request_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    lines = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")

    def __str__(self) -> str:
        return self.digest[:12]

    def content(self) -> dict[str, object]:
        """Return what the digest covers."""
        return {
            "format": "bitgoeul-erasure-certificate/1",
            "uuid": str(self.uuid),
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "request": str(self.request_uuid) if self.request_uuid else None,
            "lines": self.lines,
        }


class ErasureItem(models.Model):
    """One part of a table that a request meets, and what was decided of it."""

    class Decision(models.TextChoices):
        ERASE = "erase", _("Erase now")
        LATER = "later", _("Erase on the day until which it must be kept")
        KEEP = "keep", _("Keep, for the reason given")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(ErasureRequest, on_delete=models.CASCADE, related_name="items")
    table = models.CharField(max_length=80)
    part = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    keep_until = models.DateField(null=True, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="items"
    )

    class Meta:
        ordering = ("request", "table", "part")
        verbose_name = _("part of a request for erasure")
        verbose_name_plural = _("parts of requests for erasure")
        constraints = (
            models.UniqueConstraint(fields=("request", "table", "part"), name="privacy_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.table} {self.part}"
