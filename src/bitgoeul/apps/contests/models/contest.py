"""A contest, and the texts that whoever takes part agrees to."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Agreement, Organisation
from bitgoeul.apps.contests.enums import ContestKind, ContestState, ExternalData, TermsKind


class Contest(models.Model):
    """Teams compete in phases. `regions` are codes of `alliance.enums.Region`; none means all.

    Ages are counted in full years on the day on which registration closes, by the Korean date.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ContestKind, default=ContestKind.DATA)
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    summary_ko = models.CharField(_("one sentence in Korean"), max_length=300, blank=True)
    summary_en = models.CharField(_("one sentence in English"), max_length=300, blank=True)
    text_ko = models.TextField(_("description in Korean"), max_length=20_000)
    text_en = models.TextField(_("description in English"), max_length=20_000, blank=True)
    prizes_ko = models.TextField(_("prizes in Korean"), max_length=4_000, blank=True)
    prizes_en = models.TextField(_("prizes in English"), max_length=4_000, blank=True)
    prize_places = models.PositiveSmallIntegerField(_("places with a prize"), default=3)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contests")
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contests",
        verbose_name=_("agreement under which it is held"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ContestState, default=ContestState.DRAFT
    )
    registration_opens_at = models.DateTimeField(_("registration opens"))
    registration_closes_at = models.DateTimeField(_("registration closes"))
    team_least = models.PositiveSmallIntegerField(_("people in a team at least"), default=1)
    team_most = models.PositiveSmallIntegerField(_("people in a team at most"), default=5)
    age_from = models.PositiveSmallIntegerField(_("age at least"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("age at most"), null=True, blank=True)
    regions = models.JSONField(_("regions"), default=list, blank=True)
    external_data = models.CharField(
        _("data from elsewhere"), max_length=10, choices=ExternalData, default=ExternalData.DECLARED
    )
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ("-registration_opens_at", "id")
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(registration_closes_at__gt=models.F("registration_opens_at")),
                name="contests_contest_registration_order",
                violation_error_message=_("Registration must close after it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(team_least__gte=1, team_most__gte=models.F("team_least")),
                name="contests_contest_team_size",
                violation_error_message=_(
                    "The most people in a team may not be fewer than the least."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(age_from__isnull=True)
                | models.Q(age_to__isnull=True)
                | models.Q(age_to__gte=models.F("age_from")),
                name="contests_contest_age_order",
                violation_error_message=_("The highest age may not lie below the lowest."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self._said("title")

    @property
    def summary(self) -> str:
        """The sentence in the reader's language."""
        return self._said("summary")

    @property
    def text(self) -> str:
        """The description in the reader's language."""
        return self._said("text")

    @property
    def prizes(self) -> str:
        """The prizes in the reader's language."""
        return self._said("prizes")

    def _said(self, name: str) -> str:
        english = str(getattr(self, f"{name}_en"))
        return english if get_language() == "en" and english else str(getattr(self, f"{name}_ko"))


class Terms(models.Model):
    """A text to agree to, in one version; a published text is never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(_("kind"), max_length=14, choices=TermsKind)
    version = models.PositiveSmallIntegerField(_("version"))
    text_ko = models.TextField(_("text in Korean"), max_length=8_000)
    text_en = models.TextField(_("text in English"), max_length=8_000, blank=True)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        ordering = ("contest_id", "kind", "-version")
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        constraints = (
            models.UniqueConstraint(
                fields=("contest", "kind", "version"), name="contests_terms_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if get_language() == "en" and self.text_en else self.text_ko


class Acceptance(models.Model):
    """A person agreed to a version: the register of who agreed to what, and when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contest_acceptances"
    )
    accepted_at = models.DateTimeField(_("agreed at"))

    class Meta:
        ordering = ("-accepted_at", "-id")
        verbose_name = _("agreement to terms")
        verbose_name_plural = _("agreements to terms")
        constraints = (
            models.UniqueConstraint(fields=("terms", "person"), name="contests_acceptance_once"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.terms}"
