"""Job: one piece of background work and what became of it. Slot: one due run of a schedule."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .enums import FINAL, LIVE, WITH_REASON, State


class Job(models.Model):
    """One piece of background work: what to do, who holds it, what became of it.

    `lease_until` and `retry_at` follow the database's clock, so machines agree on them;
    the other moments are the house's clock, which a demo fixes to its date.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    # Counts the claims. Whoever holds an older number has lost the job and can change nothing.
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    interruptions = models.PositiveIntegerField(default=0)
    max_interruptions = models.PositiveIntegerField(default=3)
    worker = models.CharField(max_length=100, blank=True, default="")
    owner_uuid = models.UUIDField(null=True)
    # The language of whoever asked, so that reasons and notes reach them in it.
    language = models.CharField(max_length=10, blank=True, default="")
    # Under which request it was asked for; both can be found in the log by it.
    request_number = models.CharField(max_length=9, blank=True, default="")
    dedupe = models.CharField(max_length=200, null=True)  # noqa: DJ001 -- null: no limit at all
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True, default="")
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")
    error = models.TextField(blank=True, default="")
    error_class = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe"], condition=Q(state__in=LIVE), name="jobs_job_dedupe_live"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="jobs_job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True)),
                name="jobs_job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_REASON) | ~Q(reason=""), name="jobs_job_end_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL) | Q(finished_at__isnull=False),
                name="jobs_job_end_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                F("priority").desc(), "id", condition=Q(state=State.READY), name="jobs_job_queue"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state=State.RUNNING), name="jobs_job_leases"
            ),
            models.Index(fields=["owner_uuid", "-id"], name="jobs_job_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.uuid} ({self.state})"

    @property
    def title(self) -> str:
        """What the job does, in the reader's words."""
        from .registry import UnknownTaskError, resolve

        try:
            return str(resolve(self.task).title) or gettext("Work in the background")
        except UnknownTaskError:
            return gettext("Work in the background")

    @property
    def has_failed(self) -> bool:
        """Whether the job ended without doing its work."""
        return self.state in WITH_REASON

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in FINAL

    @property
    def can_be_cancelled(self) -> bool:
        """Whether asking to stop it can still change something."""
        return self.state in LIVE and not self.cancel_requested


class Slot(models.Model):
    """One due run of a schedule: the unique pair makes many workers start it once."""

    key = models.CharField(max_length=100)
    slot = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "slot"], name="jobs_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.slot:%Y-%m-%d %H:%M:%S}"
