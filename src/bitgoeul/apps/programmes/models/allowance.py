"""What trainees are paid: a run per unit period of a cohort, and a line per person."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import AllowanceKind, AllowanceState
from bitgoeul.apps.programmes.models.enrolment import Enrolment
from bitgoeul.apps.programmes.models.programme import Cohort, RuleSet


class AllowanceTerms(models.Model):
    """By which rate somebody is paid, where it is not the standard one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.CASCADE, related_name="allowance_terms"
    )
    kind = models.CharField(
        _("rate"), max_length=16, choices=AllowanceKind, default=AllowanceKind.STANDARD
    )
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("terms of an allowance")
        verbose_name_plural = _("terms of allowances")

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_kind_display()}"


class AllowanceRun(models.Model):
    """The allowances of one unit period: calculated, then approved by other eyes for good."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="allowance_runs")
    unit = models.PositiveSmallIntegerField(_("unit period"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="allowance_runs")
    state = models.CharField(
        _("state"), max_length=10, choices=AllowanceState, default=AllowanceState.DRAFT
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("calculated at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        ordering = ("cohort_id", "unit")
        verbose_name = _("calculation of allowances")
        verbose_name_plural = _("calculations of allowances")
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "unit"), name="programmes_allowancerun_unit_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state=AllowanceState.DRAFT)
                | models.Q(approved_at__isnull=False),
                name="programmes_allowancerun_approved_says_when",
            ),
        )

    def __str__(self) -> str:
        return gettext("Unit period %(number)s") % {"number": self.unit}


class AllowanceLine(models.Model):
    """What one person is paid for a unit period, with inputs and trace, and what earlier ones owe.

    `corrections` holds, per earlier unit period whose attendance changed since it was approved,
    what was paid, what it is now, and the difference; `correction_won` is their sum.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(AllowanceRun, on_delete=models.CASCADE, related_name="lines")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="allowance_lines"
    )
    training_won = models.BigIntegerField(_("training allowance"))
    special_won = models.BigIntegerField(_("special allowance"))
    correction_won = models.BigIntegerField(_("correction"), default=0)
    inputs = models.JSONField(default=dict)
    inputs_digest = models.CharField(max_length=64)
    trace = models.JSONField(default=list)
    corrections = models.JSONField(default=list)

    class Meta:
        ordering = ("run_id", "enrolment_id")
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "enrolment"), name="programmes_allowanceline_once"
            ),
            models.CheckConstraint(
                condition=models.Q(training_won__gte=0, special_won__gte=0),
                name="programmes_allowanceline_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.won}"

    @property
    def earned_won(self) -> int:
        """What the unit period itself earned."""
        return self.training_won + self.special_won

    @property
    def won(self) -> int:
        """What is to be paid; negative = to be recovered."""
        return self.earned_won + self.correction_won
