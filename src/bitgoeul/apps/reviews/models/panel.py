"""Who judges what until when: a panel, its reviewers, its cases, and who may not judge which."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement, Organisation
from bitgoeul.apps.reviews.enums import ConflictReason, PanelState
from bitgoeul.apps.reviews.models.rubric import Rubric


class Panel(models.Model):
    """People judge cases by one rubric during one phase.

    `subject_kind` and `subject_uuid` name what above this room it is for. `gap_limit` is the
    difference between two opinions, in points of 100, beyond which a third is asked;
    `look_for` are the conflicts that are computed, `open_domains` mail services that say nothing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="panels")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="panels"
    )
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField(db_index=True)
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="panels")
    state = models.CharField(
        _("state"), max_length=8, choices=PanelState, default=PanelState.PLANNED
    )
    opens_at = models.DateTimeField(_("reviews from"))
    closes_at = models.DateTimeField(_("reviews until"))
    reviews_each = models.PositiveSmallIntegerField(_("reviews per case"), default=2)
    load_limit = models.PositiveSmallIntegerField(_("most cases per reviewer"), default=100)
    gap_limit = models.DecimalField(
        _("difference that asks for a third opinion"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    look_for = models.JSONField(_("conflicts looked for"), default=list, blank=True)
    open_domains = models.JSONField(_("mail services open to everybody"), default=list, blank=True)

    class Meta:
        ordering = ("-opens_at", "-id")
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="reviews_panel_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(reviews_each__gte=1, reviews_each__lte=5),
                name="reviews_panel_reviews_each",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class Panelist(models.Model):
    """A person sits on a panel."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="panelists")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_seats"
    )
    seated_at = models.DateTimeField(_("seated at"))

    class Meta:
        ordering = ("panel_id", "id")
        verbose_name = _("seat on a panel")
        verbose_name_plural = _("seats on panels")
        constraints = (
            models.UniqueConstraint(fields=("panel", "person"), name="reviews_panelist_once"),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.panel}"


class Case(models.Model):
    """One thing to judge: its number, and the sheet that reviewers see, frozen when it came.

    The sheet is a list of entries with `ko` and `en` (the label) and `text` or `path` and `name`
    (a file); what is hidden from reviewers never enters it. `person` is whose case it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField(db_index=True)
    number = models.CharField(_("number"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="judged_cases",
    )
    sheet = models.JSONField(default=list)
    brought_at = models.DateTimeField(_("brought at"))

    class Meta:
        ordering = ("panel_id", "number")
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = (
            models.UniqueConstraint(fields=("panel", "subject_uuid"), name="reviews_case_once"),
        )

    def __str__(self) -> str:
        return self.number


class Conflict(models.Model):
    """A person may not judge a case, and why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts"
    )
    reason = models.CharField(_("reason"), max_length=20, choices=ConflictReason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        ordering = ("case_id", "person_id", "reason")
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "person", "reason"), name="reviews_conflict_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reason_display()}"
