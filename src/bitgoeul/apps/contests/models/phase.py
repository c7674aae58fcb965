"""When a contest takes entries, for which task, how they are scored, and who sees what of it."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.enums import Audience, BoardMode, ScorerState, Shown
from bitgoeul.apps.contests.models.contest import Contest
from bitgoeul.apps.labs.models import Lab


class Phase(models.Model):
    """A window in which teams hand in. Limits count for the team, by the Korean date.

    `advances` so many of the best teams go on to the next phase; 0 means everybody does.
    `finals` so many entries a team may choose to count; where it chooses none, its best do.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField(_("number"))
    title_ko = models.CharField(_("title in Korean"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=80, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    daily_limit = models.PositiveSmallIntegerField(
        _("entries a day"), default=5, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    total_limit = models.PositiveSmallIntegerField(_("entries altogether"), null=True, blank=True)
    finals = models.PositiveSmallIntegerField(
        _("final entries of a team"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    advances = models.PositiveSmallIntegerField(_("best teams that go on"), default=0)
    advanced_at = models.DateTimeField(_("went on at"), null=True, blank=True)
    board = models.CharField(
        _("public board"), max_length=8, choices=BoardMode, default=BoardMode.LADDER
    )

    class Meta:
        ordering = ("contest_id", "number")
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = (
            models.UniqueConstraint(
                fields=("contest", "number"), name="contests_phase_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="contests_phase_closes_after_opening",
                violation_error_message=_("A phase must close after it opens."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


class ScorePolicy(models.Model):
    """From when on an audience sees a phase's public scores, private scores and ranks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="policies")
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    public_score = models.CharField(_("score on the public part"), max_length=10, choices=Shown)
    private_score = models.CharField(_("score on the private part"), max_length=10, choices=Shown)
    rank = models.CharField(_("rank"), max_length=10, choices=Shown)

    class Meta:
        ordering = ("phase_id", "id")
        verbose_name = _("policy of scores")
        verbose_name_plural = _("policies of scores")
        constraints = (
            models.UniqueConstraint(fields=("phase", "audience"), name="contests_scorepolicy_once"),
        )

    def __str__(self) -> str:
        return f"{self.phase}: {self.get_audience_display()}"


class Task(models.Model):
    """What is handed in during a phase; the lab of its scorer in force says how it is scored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("number"))
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    lab = models.ForeignKey(
        Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="contest_tasks"
    )

    class Meta:
        ordering = ("phase_id", "number")
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = (
            models.UniqueConstraint(fields=("phase", "number"), name="contests_task_number_once"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


class Scorer(models.Model):
    """One version of how a task is scored: the lab with its truth, and why it was made.

    A rejudge tries a candidate on every entry, shows what would change, and then switches: one
    statement, so that the board is by one version before it and by the other after it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="scorers")
    number = models.PositiveSmallIntegerField(_("number"))
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="contest_scorers")
    state = models.CharField(
        _("state"), max_length=10, choices=ScorerState, default=ScorerState.CANDIDATE
    )
    reason = models.CharField(_("why it was made"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made at"))
    switched_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        ordering = ("task_id", "number")
        verbose_name = _("scorer")
        verbose_name_plural = _("scorers")
        constraints = (
            models.UniqueConstraint(fields=("task", "number"), name="contests_scorer_number_once"),
            models.UniqueConstraint(
                fields=("task",),
                condition=models.Q(state=ScorerState.CURRENT),
                name="contests_scorer_one_current",
            ),
            models.UniqueConstraint(
                fields=("task",),
                condition=models.Q(state=ScorerState.CANDIDATE),
                name="contests_scorer_one_candidate",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} #{self.number}"
