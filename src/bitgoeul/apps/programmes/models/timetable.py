"""When which class has which module: sessions, and the secret links of calendar programs."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models.design import HOURS_A_DAY_AT_MOST, ClassGroup, Module


class Session(models.Model):
    """Some hours of a class on one day; `first_hour` counts the hours of the day from 1.

    `closed_at` says when its attendance was taken; `changes` counts moves, for calendar programs.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="sessions")
    module = models.ForeignKey(
        Module, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    instructor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
    )
    held_on = models.DateField(_("day"))
    first_hour = models.PositiveSmallIntegerField(
        _("first hour"),
        validators=[MinValueValidator(1), MaxValueValidator(HOURS_A_DAY_AT_MOST)],
    )
    hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(HOURS_A_DAY_AT_MOST)]
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.CharField(_("room"), max_length=80, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=SessionState, default=SessionState.PLANNED
    )
    changes = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("why it changed"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("attendance taken at"), null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "class_group_id", "id")
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = (
            models.Index(fields=("class_group", "held_on"), name="programmes_session_of_class"),
            models.Index(fields=("instructor", "held_on"), name="programmes_session_of_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="programmes_session_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(hours__gte=1, first_hour__gte=1),
                name="programmes_session_has_hours",
            ),
            models.UniqueConstraint(
                fields=("class_group", "held_on", "first_hour"),
                condition=models.Q(state=SessionState.PLANNED),
                name="programmes_session_hour_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.class_group} {self.held_on} {self.subject}"

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.module.title if self.module else str(_("Class hours"))

    @property
    def last_hour(self) -> int:
        """The last of its hours."""
        return self.first_hour + self.hours - 1


class CalendarFeed(models.Model):
    """A secret link by which calendar programs read a timetable, until it is taken back.

    Without a class it is everything that its owner teaches or attends. Only a checksum of the
    key is kept: the link is shown once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feeds"
    )
    key_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("link made at"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")

    def __str__(self) -> str:
        return f"{self.person} {self.made_at}"
