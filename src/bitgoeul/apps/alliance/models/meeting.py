"""A meeting of a committee: its agenda, who comes, and its minutes."""

import uuid

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import MeetingState, PresenceState
from bitgoeul.apps.alliance.models.committee import Committee, Seat

MINUTES_LENGTH = 20_000


class Meeting(models.Model):
    """A meeting from its first plan to its approved minutes; approved, nothing changes any more."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    online_link = models.CharField(
        _("online link"), max_length=300, blank=True, validators=[URLValidator(["https"])]
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED
    )
    called_at = models.DateTimeField(null=True, blank=True)
    short_notice = models.CharField(_("why the notice is short"), max_length=300, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    cancelled_reason = models.CharField(_("reason"), max_length=300, blank=True)
    minutes = models.TextField(_("minutes"), max_length=MINUTES_LENGTH, blank=True)
    minutes_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    circulated_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.CharField(_("reason"), max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    minutes_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-starts_at", "-id")
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = (
            models.UniqueConstraint(
                fields=("committee", "year", "number"), name="alliance_meeting_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="alliance_meeting_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("minutes_by")),
                name="alliance_minutes_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MeetingState.APPROVED) | ~models.Q(minutes_digest=""),
                name="alliance_minutes_digest_kept",
            ),
        )

    def __str__(self) -> str:
        return gettext("Meeting %(year)s-%(number)s") % {"year": self.year, "number": self.number}

    @property
    def key(self) -> str:
        """The number by which papers name the meeting."""
        return f"{self.year}-{self.number}"


class AgendaItem(models.Model):
    """One point to talk about, who brings it, and what was said."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is about"), max_length=4000, blank=True)
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    length_min = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    minutes = models.TextField(_("what was said"), max_length=MINUTES_LENGTH, blank=True)

    class Meta:
        ordering = ("meeting", "number")
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "number"), name="alliance_agenda_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Presence(models.Model):
    """Whether a member comes, or came; or who speaks for them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="presences")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="presences")
    state = models.CharField(max_length=10, choices=PresenceState, default=PresenceState.INVITED)
    proxy = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="proxies"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("seat__organisation__name_ko", "seat_id")
        verbose_name = _("attendance at a meeting")
        verbose_name_plural = _("attendance at meetings")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "seat"), name="alliance_presence_once"),
            models.UniqueConstraint(
                fields=("meeting", "proxy"),
                condition=models.Q(proxy__isnull=False),
                name="alliance_one_proxy_each",
            ),
            models.CheckConstraint(
                condition=models.Q(proxy__isnull=True) | ~models.Q(proxy=models.F("seat")),
                name="alliance_proxy_is_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seat} {self.get_state_display()}"
