"""What a team handed in, what each version of the scorer found, and what is conspicuous."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import EntryState, FlagKind, FlagState, Verdict
from bitgoeul.apps.contests.models.phase import Phase, Scorer, Task
from bitgoeul.apps.contests.models.team import Team
from bitgoeul.apps.labs.models import Submission


class Entry(models.Model):
    """One attempt of a team at a task. It always reaches a final state with a reason.

    The file and its faults are the `submission`'s; a pitch has none. `final` was chosen by the
    team to count. `phase` is the task's, kept beside it because limits are counted by it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="entries")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="entries")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contest_entries"
    )
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="contest_entry"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    external_data = models.CharField(_("data from elsewhere"), max_length=1000, blank=True)
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(
        _("state"), max_length=10, choices=EntryState, default=EntryState.QUEUED
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    final = models.BooleanField(_("chosen to count"), default=False)
    job_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = (
            models.Index(fields=("phase", "team", "received_at"), name="contests_entry_counted"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=(EntryState.QUEUED, EntryState.RECEIVED))
                | ~models.Q(verdict=""),
                name="contests_entry_end_has_verdict",
            ),
        )

    def __str__(self) -> str:
        return f"{self.team} – {self.task}"

    @property
    def told(self) -> str:
        """Why there is no score, in the reader's language."""
        if self.state == EntryState.REFUSED and self.verdict == Verdict.FORMAT:
            return gettext("What was handed in is not as asked; below is what to correct.")
        if self.state == EntryState.REFUSED:
            return str(self.get_verdict_display())
        return (self.submission.told if self.submission else "") or self.reason


class Score(models.Model):
    """What one version of the scorer found for an entry: only ever added.

    Without a `public` score an entry ranks nowhere. `note` says why there is none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="scores")
    scorer = models.ForeignKey(Scorer, on_delete=models.PROTECT, related_name="scores")
    version = models.CharField(_("scorer version"), max_length=40)
    public = models.FloatField(_("score on the public part"), null=True, blank=True)
    private = models.FloatField(_("score on the private part"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    scored_at = models.DateTimeField(_("scored at"))

    class Meta:
        ordering = ("-scored_at", "-id")
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = (
            models.UniqueConstraint(fields=("entry", "scorer"), name="contests_score_once"),
        )

    def __str__(self) -> str:
        return f"{self.entry}: {self.public}"


class Flag(models.Model):
    """Two entries of different teams look alike; a person judges, nothing follows by itself."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=FlagKind)
    first = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="flags_first")
    second = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="flags_second")
    strength = models.FloatField(_("how much alike"))
    found_at = models.DateTimeField(_("found at"))
    state = models.CharField(_("state"), max_length=10, choices=FlagState, default=FlagState.OPEN)
    note = models.CharField(_("note"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)

    class Meta:
        ordering = ("-strength", "id")
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = (
            models.UniqueConstraint(fields=("kind", "first", "second"), name="contests_flag_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.first} / {self.second}"
