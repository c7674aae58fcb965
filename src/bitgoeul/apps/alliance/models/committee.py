"""The steering committee of an agreement: its standing rules, and who sits in it."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Majority, Office, Voting
from bitgoeul.apps.alliance.models.agreement import Agreement
from bitgoeul.apps.alliance.models.organisation import Organisation


class Committee(models.Model):
    """Who steers what the parties agreed; how it decides is kept as data."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="committee")
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    founded_on = models.DateField(_("since"))
    voting = models.CharField(_("votes"), max_length=8, choices=Voting, default=Voting.PARTY)
    majority = models.CharField(
        _("majority"), max_length=12, choices=Majority, default=Majority.ABSOLUTE
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum: per cent of the members"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    quorum_parties = models.BooleanField(_("quorum: every party is represented"), default=True)
    notice_days = models.PositiveSmallIntegerField(
        _("days between notice and meeting"), default=7, validators=[MaxValueValidator(90)]
    )

    class Meta:
        ordering = ("name_ko", "id")
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quorum_percent__gte=1, quorum_percent__lte=100),
                name="alliance_committee_quorum",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class SeatQuerySet(models.QuerySet["Seat"]):
    """Filters over seats."""

    def on(self, day: dt.date) -> "SeatQuerySet":
        """Keep the seats in force on a day."""
        open_ended = models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=day)
        return self.filter(open_ended, started_on__lte=day)


class Seat(models.Model):
    """A person sits in a committee for a party, for a term."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    office = models.CharField(_("office"), max_length=9, choices=Office, default=Office.MEMBER)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("committee", "organisation__name_ko", "id")
        verbose_name = _("seat in a committee")
        verbose_name_plural = _("seats in committees")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="alliance_seat_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=("committee", "person"),
                condition=models.Q(ended_on__isnull=True),
                name="alliance_seat_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} ({self.organisation})"
