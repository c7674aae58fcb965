"""A run of the selection: frozen inputs, their digest, the result and its certificate."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import SelectionState
from bitgoeul.apps.programmes.models.application import Application
from bitgoeul.apps.programmes.models.programme import Cohort, Track


class SelectionRound(models.Model):
    """Seats given by deferred acceptance. The same inputs give the same digest and result.

    `store` is what an evaluator will need, frozen when the round is published.
    `verdict` is the last answer of the independent verifier about what is stored here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="selection_rounds")
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=SelectionState, default=SelectionState.DRAFT
    )
    engine_version = models.CharField(max_length=40, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    inputs = models.JSONField(default=dict)
    certificate = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    run_at = models.DateTimeField(_("run at"), null=True, blank=True)
    store = models.JSONField(default=dict)
    store_digest = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ("cohort_id", "number")
        verbose_name = _("selection round")
        verbose_name_plural = _("selection rounds")
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "number"), name="programmes_selectionround_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort} / {self.number}"


class Selection(models.Model):
    """What a round decided for one application; no track means no seat."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(SelectionRound, on_delete=models.CASCADE, related_name="selections")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="selections"
    )
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, null=True, blank=True, related_name="selections"
    )
    pool = models.CharField(_("seat pool"), max_length=80, blank=True)
    total_score = models.DecimalField(_("total score"), max_digits=7, decimal_places=3)
    local = models.BooleanField(_("local talent"))
    why = models.JSONField(default=dict)

    class Meta:
        ordering = ("round_id", "application__number")
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "application"), name="programmes_selection_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} → {self.track or '–'}"
