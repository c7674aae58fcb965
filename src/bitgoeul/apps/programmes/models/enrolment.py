"""Being in a cohort: enrolment, attendance, graded tasks and the verdict on completion."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes.enums import EnrolmentState, Excuse
from bitgoeul.apps.programmes.models.application import Application
from bitgoeul.apps.programmes.models.design import ClassGroup
from bitgoeul.apps.programmes.models.programme import Cohort, RuleSet, Track

HOURS_A_DAY_AT_MOST = 24


class Enrolment(models.Model):
    """A person holds a seat in a track of a cohort."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="enrolments")
    class_group = models.ForeignKey(
        ClassGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments"
    )
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolment"
    )
    state = models.CharField(
        _("state"), max_length=14, choices=EnrolmentState, default=EnrolmentState.ENROLLED
    )
    enrolled_on = models.DateField(_("enrolled on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)
    exam_score = models.DecimalField(
        _("final test score"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ("cohort_id", "track_id", "id")
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "person"), name="programmes_enrolment_once"),
            models.CheckConstraint(
                condition=models.Q(exam_score__isnull=True)
                | models.Q(exam_score__gte=0, exam_score__lte=100),
                name="programmes_enrolment_exam_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.track}"


class Attendance(models.Model):
    """One person on one training day: which hours were planned and which were attended.

    `hours` is a text of one mark per planned hour: `1` there, `0` away, `e` excused with evidence.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendances")
    held_on = models.DateField(_("day"))
    hours = models.CharField(_("hours"), max_length=HOURS_A_DAY_AT_MOST)
    late = models.BooleanField(_("came late"), default=False)
    left_early = models.BooleanField(_("left early"), default=False)
    went_out = models.BooleanField(_("went out"), default=False)
    excuse = models.CharField(_("excuse"), max_length=120, blank=True)

    class Meta:
        ordering = ("enrolment_id", "held_on")
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "held_on"), name="programmes_attendance_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on} {self.hours}"

    @property
    def excuse_text(self) -> str:
        """The recognised kind in words, else what was written."""
        return str(Excuse(self.excuse).label) if self.excuse in Excuse.values else self.excuse


class Assignment(models.Model):
    """A lab that a cohort does, and whether passing it is needed for completion."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="assignments")
    required = models.BooleanField(_("needed for completion"), default=True)
    due_at = models.DateTimeField(_("due at"))

    class Meta:
        ordering = ("cohort_id", "due_at")
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "lab"), name="programmes_assignment_once"),
        )

    def __str__(self) -> str:
        return f"{self.cohort}: {self.lab}"


class CompletionVerdict(models.Model):
    """What a version of the rules says of one enrolment, with every step that led there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="verdicts")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="verdicts")
    completed = models.BooleanField(_("completed"))
    inputs = models.JSONField(default=dict)
    trace = models.JSONField(default=list)
    inputs_digest = models.CharField(max_length=64)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ("-decided_at", "-id")
        verbose_name = _("completion verdict")
        verbose_name_plural = _("completion verdicts")

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.completed}"
