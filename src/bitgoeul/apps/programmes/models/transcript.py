"""A transcript as it was handed out: its content, a digest of it, and a code to check it by."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.enrolment import Enrolment


class Transcript(models.Model):
    """What stood of somebody's training on a day, in both languages and without its paper.

    `digest` is that of `content` in canonical form, so whoever has the content checks it alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="transcripts")
    code = models.CharField(_("verification code"), max_length=24, unique=True, editable=False)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-issued_at", "-id")
        verbose_name = _("transcript")
        verbose_name_plural = _("transcripts")

    def __str__(self) -> str:
        return self.code

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict that it states, if completion was decided by then."""
        found: dict[str, Any] | None = self.content.get("verdict")
        return found
