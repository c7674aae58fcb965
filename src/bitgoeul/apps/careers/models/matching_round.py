"""A round in which employers rate, graduates rank, and one certified match is published."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.enums import OfferState, ReserveMode, Rounding, RoundState
from bitgoeul.apps.careers.models.vacancy import Vacancy
from bitgoeul.apps.programmes.models import Cohort


class MatchingRound(models.Model):
    """One match. Inputs are frozen with a digest; participants carry a pseudonym per round.

    The seed's hash is known from the start, the seed itself from publication on. The key of the
    pseudonyms is never shown: with it, everyone who knows a person could find them in the bundle.
    The share of local talents stands at each vacancy; how a share works is one rule of the round.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_ko = models.CharField(_("name in Korean"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="matching_rounds")
    vacancies = models.ManyToManyField(Vacancy, related_name="rounds")
    state = models.CharField(
        _("state"), max_length=12, choices=RoundState, default=RoundState.DRAFT
    )
    closes_at = models.DateTimeField(_("ratings and rankings until"))
    offers_expire_at = models.DateTimeField(_("offers until"))
    lottery_seed = models.CharField(max_length=64, blank=True)
    lottery_seed_hash = models.CharField(max_length=64, blank=True)
    pseudonym_key = models.CharField(max_length=64, blank=True, editable=False)
    reserve_mode = models.CharField(
        _("how a share of local talents works"),
        max_length=8,
        choices=ReserveMode,
        default=ReserveMode.SOFT,
    )
    reserve_rounding = models.CharField(
        _("rounding of reserved seats"), max_length=8, choices=Rounding, default=Rounding.NEAREST
    )
    reserve_min_seats = models.PositiveSmallIntegerField(
        _("vacancies with fewer seats are exempt"), default=0
    )
    reserve_floor = models.DecimalField(
        _("how far below the last regular rating an extra person may be"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    reserve_extra_cap = models.DecimalField(
        _("extra people as a share of the seats, at most"),
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
    )
    engine_version = models.CharField(max_length=40, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    inputs = models.JSONField(default=dict, blank=True)
    certificate = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    verification = models.JSONField(default=dict, blank=True)
    matched_at = models.DateTimeField(_("matched at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        ordering = ("-closes_at", "id")
        verbose_name = _("matching round")
        verbose_name_plural = _("matching rounds")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(offers_expire_at__gte=models.F("closes_at")),
                name="careers_matchinground_offers_after_closing",
            ),
            models.CheckConstraint(
                condition=models.Q(reserve_floor__isnull=True)
                | models.Q(reserve_floor__gte=Decimal(0)),
                name="careers_matchinground_floor_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(reserve_extra_cap__isnull=True)
                | models.Q(reserve_extra_cap__gte=Decimal(0)),
                name="careers_matchinground_extra_cap_not_negative",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class Application(models.Model):
    """A graduate's interest in a vacancy of a round: their rank, the employer's rating.

    `rating` is 0 to 100, higher is better; without one the employer does not accept the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(MatchingRound, on_delete=models.CASCADE, related_name="applications")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="job_applications"
    )
    rank = models.PositiveSmallIntegerField(_("rank by the graduate"))
    rating = models.DecimalField(
        _("rating by the employer"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    rated_at = models.DateTimeField(_("rated at"), null=True, blank=True)

    class Meta:
        ordering = ("round", "person", "rank")
        verbose_name = _("job application")
        verbose_name_plural = _("job applications")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "vacancy", "person"), name="careers_application_once"
            ),
            models.UniqueConstraint(
                fields=("round", "person", "rank"), name="careers_application_rank_once"
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True)
                | (models.Q(rating__gte=0) & models.Q(rating__lte=100)),
                name="careers_application_rating_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} → {self.vacancy}"


class Offer(models.Model):
    """A seat offered to a person, with a deadline for the answer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(MatchingRound, on_delete=models.PROTECT, related_name="offers")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="offers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers"
    )
    pool = models.CharField(_("seat pool"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.MADE)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("answer until"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "id")
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = (
            models.UniqueConstraint(fields=("round", "person"), name="careers_offer_once"),
        )

    def __str__(self) -> str:
        return f"{self.vacancy} → {self.person}"
