"""An application with its ranked tracks and the scores it got."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.programmes.enums import ApplicationState, Major, WorkStatus
from bitgoeul.apps.programmes.models.programme import Cohort, Stage, Track


class Application(models.Model):
    """A person asks for a seat. What was true on that day is kept here, not looked up later."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    number = models.CharField(_("application number"), max_length=20)
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    residence = models.CharField(_("residence"), max_length=2, choices=Region, blank=True)
    school_region = models.CharField(
        _("region of the last school"), max_length=2, choices=Region, blank=True
    )
    major = models.CharField(_("major"), max_length=12, choices=Major, blank=True)
    work_status = models.CharField(_("work"), max_length=12, choices=WorkStatus, blank=True)
    motivation = models.TextField(_("motivation"), max_length=3000, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    cut_in = models.ForeignKey(
        Stage, on_delete=models.PROTECT, null=True, blank=True, related_name="cut"
    )

    class Meta:
        ordering = ("cohort_id", "number")
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = (
            models.Index(
                fields=("number",),
                name="programmes_app_by_number",
                opclasses=("varchar_pattern_ops",),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "person"), name="programmes_application_once"
            ),
            models.UniqueConstraint(
                fields=("cohort", "number"), name="programmes_application_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.person}"


class Choice(models.Model):
    """A track that an applicant wants, 1 = most."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="choices")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        ordering = ("application_id", "rank")
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "track"), name="programmes_choice_track_once"
            ),
            models.UniqueConstraint(
                fields=("application", "rank"), name="programmes_choice_rank_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rank}. {self.track}"


class StageScore(models.Model):
    """What an applicant scored in a stage; `entry_uuid` names the line that brought the score."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="stage_scores"
    )
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="scores")
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    entered_at = models.DateTimeField(_("entered at"))
    entry_uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)

    class Meta:
        ordering = ("application_id", "stage__order")
        verbose_name = _("stage score")
        verbose_name_plural = _("stage scores")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "stage"), name="programmes_stagescore_once"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=0), name="programmes_stagescore_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage}: {self.score}"
