"""What someone handed in, and what it scored. Both are only ever added to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.enums import Failure, SubmissionState
from bitgoeul.apps.labs.models.lab import Lab


def submission_path(submission: "Submission", name: str) -> str:
    """Keep a submission under its uuid, never under the name that came with it."""
    return f"submissions/{submission.uuid}"


class Submission(models.Model):
    """What a person handed in. It always reaches a final state with a reason.

    `reason_code` types the reason where it was no fault of the file (`enums.Failure`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="submissions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    file = models.FileField(upload_to=submission_path, max_length=200)
    name = models.CharField(_("file name"), max_length=120)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(
        _("state"), max_length=8, choices=SubmissionState, default=SubmissionState.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    faults = models.JSONField(default=list)
    job_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        indexes = (models.Index(fields=("lab", "person", "received_at")),)

    def __str__(self) -> str:
        return f"{self.lab} – {self.person}"

    @property
    def told(self) -> str:
        """The reason in the reader's language, where it is a known one; else as it was written."""
        known = self.reason_code in Failure.values
        return str(Failure(self.reason_code).label) if known else self.reason


class Evaluation(models.Model):
    """What one version of the scorer, or a person, found: an append-only row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="evaluations")
    scorer_version = models.CharField(_("scorer version"), max_length=40)
    metric = models.CharField(_("metric"), max_length=20)
    score = models.FloatField(_("score"))
    rows = models.PositiveIntegerField(_("rows"))
    inputs_digest = models.CharField(max_length=64)
    evaluated_at = models.DateTimeField(_("evaluated at"))
    checks = models.JSONField(_("results of the checks"), default=list)
    output = models.TextField(_("output"), max_length=30_000, blank=True, default="")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )

    class Meta:
        ordering = ("-evaluated_at", "-id")
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "scorer_version"), name="labs_evaluation_once_per_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.score:.4f}"
