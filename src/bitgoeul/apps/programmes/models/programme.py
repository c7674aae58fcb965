"""A programme, its cohorts, their tracks and selection stages, and the rules they live by."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement, Organisation
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes.enums import CohortState, CutRule, Field, ScoreSource, StageKind
from bitgoeul.apps.programmes.models.rule_values import RuleValues


class Programme(models.Model):
    """A course of training that runs cohort after cohort."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    about_ko = models.TextField(_("description in Korean"), max_length=4000, blank=True)
    about_en = models.TextField(_("description in English"), max_length=4000, blank=True)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="programmes"
    )

    class Meta:
        ordering = ("name_ko",)
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko

    @property
    def about(self) -> str:
        """The description in the reader's language."""
        return self.about_en if get_language() == "en" and self.about_en else self.about_ko


class RuleSet(models.Model):
    """One version of a programme's thresholds: proposed, then approved or withdrawn.

    Who proposed a version cannot approve it, and an approved version is never changed.

    `values` holds every threshold by name (see `rule_values.py` for names, units and sources).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rule_sets")
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    values = models.JSONField(_("thresholds"))
    reason = models.TextField(_("why it changes"), blank=True, max_length=2000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposed_rule_sets",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_rule_sets",
    )

    class Meta:
        ordering = ("programme_id", "-version")
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "version"), name="programmes_ruleset_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="programmes_ruleset_not_approved_and_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme} v{self.version}"

    @property
    def thresholds(self) -> RuleValues:
        """The values, checked and typed."""
        return RuleValues.from_json(self.values)


class Cohort(models.Model):
    """One run of a programme: its window for applications, its dates, its rules.

    `local_regions` lists the region codes that count as local, `local_share` the share of seats
    reserved for them. Scores within one `band_width` count as equal: there the lottery decides.
    With `answer_days` a seat must be accepted, and `call_until` is the last day on which the next
    in line is called once the course runs. `lottery_seed_hash` is
    published before the deadline and the seed after.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField(_("cohort number"))
    state = models.CharField(
        _("state"), max_length=12, choices=CohortState, default=CohortState.PLANNED
    )
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="cohorts")
    applications_open_at = models.DateTimeField(_("applications from"))
    applications_close_at = models.DateTimeField(_("applications until"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.PositiveIntegerField(_("planned hours"))
    local_regions = models.JSONField(_("regions that count as local"), default=list, blank=True)
    local_share = models.FloatField(_("share of seats reserved for local talents"), default=0.0)
    band_width = models.DecimalField(
        _("width of a band of scores"), max_digits=5, decimal_places=2, default=0
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to accept a seat"), null=True, blank=True
    )
    call_until = models.DateField(_("last day to call the next in line"), null=True, blank=True)
    lottery_seed = models.CharField(max_length=64, blank=True)
    lottery_seed_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("programme_id", "-number")
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "number"), name="programmes_cohort_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="programmes_cohort_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(local_share__gte=0) & models.Q(local_share__lte=1),
                name="programmes_cohort_local_share_range",
            ),
        )

    def __str__(self) -> str:
        return gettext("%(programme)s, cohort %(number)s") % {
            "programme": self.programme,
            "number": self.number,
        }


class Track(models.Model):
    """A class of a cohort with its seats; applicants rank tracks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="tracks")
    key = models.SlugField(_("key"), max_length=40)
    name_ko = models.CharField(_("name in Korean"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    field = models.CharField(_("field"), max_length=12, choices=Field)
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        ordering = ("cohort_id", "key")
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "key"), name="programmes_track_key_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class Stage(models.Model):
    """One scored stage of a selection with its weight in percent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField(_("key"), max_length=40)
    name_ko = models.CharField(_("name in Korean"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order"))
    weight = models.PositiveSmallIntegerField(_("weight in percent"))
    top_score = models.PositiveSmallIntegerField(_("highest possible score"), default=100)
    kind = models.CharField(_("kind"), max_length=10, choices=StageKind, default=StageKind.OTHER)
    source = models.CharField(
        _("scores from"), max_length=8, choices=ScoreSource, default=ScoreSource.IMPORT
    )
    lab = models.ForeignKey(
        Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="stages"
    )
    cut_rule = models.CharField(_("cut"), max_length=10, choices=CutRule, default=CutRule.NONE)
    cut_value = models.DecimalField(
        _("value of the cut"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        ordering = ("cohort_id", "order")
        verbose_name = _("selection stage")
        verbose_name_plural = _("selection stages")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "key"), name="programmes_stage_key_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko
