"""A job that began, whether it is kept, and who does not count in the rate."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.careers.enums import (
    CheckSource,
    CheckState,
    EvidenceKind,
    ExclusionReason,
    PlacementKind,
)
from bitgoeul.apps.careers.models.matching_round import Offer
from bitgoeul.apps.careers.models.vacancy import Vacancy
from bitgoeul.apps.programmes.models import Cohort


class Placement(models.Model):
    """A spell of work: it counts from the date its evidence confirms."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="placements"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="placements"
    )
    vacancy = models.ForeignKey(
        Vacancy, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="placement"
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=PlacementKind, default=PlacementKind.EMPLOYMENT
    )
    started_on = models.DateField(_("first day at work"))
    evidence_kind = models.CharField(_("evidence"), max_length=24, choices=EvidenceKind, blank=True)
    evidence_on = models.DateField(_("date of the evidence"), null=True, blank=True)
    ended_on = models.DateField(_("last day at work"), null=True, blank=True)

    class Meta:
        ordering = ("-started_on", "id")
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation", "started_on"), name="careers_placement_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="careers_placement_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"


class RetentionCheck(models.Model):
    """Is the job kept after so many months?"""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="checks")
    months = models.PositiveSmallIntegerField(_("months after the first day"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=CheckState, default=CheckState.DUE)
    source = models.CharField(_("source"), max_length=10, choices=CheckSource, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        ordering = ("placement", "months")
        verbose_name = _("retention check")
        verbose_name_plural = _("retention checks")
        constraints = (
            models.UniqueConstraint(
                fields=("placement", "months"), name="careers_retentioncheck_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement} +{self.months}"


class OutcomeExclusion(models.Model):
    """A completer who does not count in the employment rate of a cohort, with the evidence."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="outcome_exclusions"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="outcome_exclusions")
    reason = models.CharField(_("reason"), max_length=16, choices=ExclusionReason)
    evidence_on = models.DateField(_("date of the evidence"))
    evidence_note = models.CharField(_("evidence"), max_length=200, blank=True)

    class Meta:
        ordering = ("cohort", "id")
        verbose_name = _("exclusion from the rate")
        verbose_name_plural = _("exclusions from the rate")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "cohort"), name="careers_outcomeexclusion_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reason_display()}"
