"""Who was at a session and when, and every correction of what was recorded."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import PresenceSource
from bitgoeul.apps.programmes.models.enrolment import Enrolment
from bitgoeul.apps.programmes.models.timetable import Session


class Presence(models.Model):
    """One person at one session: when they came and left, and what follows for each hour.

    `hours` has a mark per hour of the session, as a day of attendance has. `device` is a checksum
    of the browser that signed in: one browser stands for one person in a session.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="presences")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="presences")
    arrived_at = models.DateTimeField(_("came"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    out_minutes = models.PositiveSmallIntegerField(_("minutes away"), default=0)
    hours = models.CharField(_("hours"), max_length=24, blank=True)
    late = models.BooleanField(_("came late"), default=False)
    left_early = models.BooleanField(_("left early"), default=False)
    went_out = models.BooleanField(_("went out"), default=False)
    excuse = models.CharField(_("excuse"), max_length=120, blank=True)
    source = models.CharField(_("known by"), max_length=4, choices=PresenceSource)
    device = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ("session_id", "enrolment_id")
        verbose_name = _("presence at a session")
        verbose_name_plural = _("presences at sessions")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "enrolment"), name="programmes_presence_once"
            ),
            models.UniqueConstraint(
                fields=("session", "device"),
                condition=~models.Q(device=""),
                name="programmes_presence_device_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.hours}"


class Correction(models.Model):
    """A recorded day that was changed: what stood, what stands, why, and who did it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="corrections")
    held_on = models.DateField(_("day"))
    before = models.JSONField(_("before"), encoder=DjangoJSONEncoder, default=dict)
    after = models.JSONField(_("after"), encoder=DjangoJSONEncoder, default=dict)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("correction of attendance")
        verbose_name_plural = _("corrections of attendance")

    def __str__(self) -> str:
        return f"{self.held_on}: {self.reason}"
