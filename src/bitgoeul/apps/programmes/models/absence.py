"""Requests that an absence be recognised: for which days, with what evidence, what came of it."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import AbsenceState, Excuse
from bitgoeul.apps.programmes.models.enrolment import HOURS_A_DAY_AT_MOST, Enrolment
from bitgoeul.apps.programmes.models.programme import RuleSet

_HOUR = [MinValueValidator(1), MaxValueValidator(HOURS_A_DAY_AT_MOST)]


def absence_path(absence: "AbsenceRequest", name: str) -> str:
    """Keep evidence under its uuid, never under the name that came with it."""
    return f"absences/{absence.uuid}"


class AbsenceRequest(models.Model):
    """Somebody asks that days, or hours of one day, be recognised although they were away.

    `changed` keeps the recorded days as they stood before the request was accepted; `trace` is
    what the rules said when it was decided, line by line with the article.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(_("reason"), max_length=16, choices=Excuse)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    first_hour = models.PositiveSmallIntegerField(
        _("first hour"), null=True, blank=True, validators=_HOUR
    )
    last_hour = models.PositiveSmallIntegerField(
        _("last hour"), null=True, blank=True, validators=_HOUR
    )
    words = models.TextField(_("what happened"), max_length=2000, blank=True)
    file = models.FileField(upload_to=absence_path, max_length=200, blank=True)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AbsenceState, default=AbsenceState.OPEN
    )
    late = models.BooleanField(_("after the deadline"), default=False)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("why"), max_length=2000, blank=True)
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    trace = models.JSONField(default=list, blank=True)
    changed = models.JSONField(encoder=DjangoJSONEncoder, default=dict, blank=True)

    class Meta:
        ordering = ("-filed_at", "-id")
        verbose_name = _("request to recognise an absence")
        verbose_name_plural = _("requests to recognise absences")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("from_on")),
                name="programmes_absence_days_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(first_hour__isnull=True, last_hour__isnull=True)
                | models.Q(
                    from_on=models.F("until_on"),
                    first_hour__gte=1,
                    last_hour__gte=models.F("first_hour"),
                ),
                name="programmes_absence_hours_of_one_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(AbsenceState.OPEN, AbsenceState.WITHDRAWN))
                | models.Q(decided_at__isnull=False),
                name="programmes_absence_decided_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_on} – {self.until_on}"

    @property
    def is_whole(self) -> bool:
        """Whether whole days are meant."""
        return self.first_hour is None
