"""What the parties agreed: articles, and commitments that name an indicator by its key."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models.organisation import Organisation


class Agreement(models.Model):
    """A memorandum between the parties."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title_ko = models.CharField(_("title in Korean"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    parties = models.ManyToManyField(Organisation, through="Party", related_name="agreements")

    class Meta:
        ordering = ("-signed_on",)
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko


class Party(models.Model):
    """An organisation that signed an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="signatures"
    )
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("order", "id")
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "organisation"), name="alliance_party_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation)


class Article(models.Model):
    """One article of an agreement."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField(_("number"))
    text_ko = models.TextField(_("text in Korean"), max_length=4000)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)

    class Meta:
        ordering = ("agreement", "number")
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "number"), name="alliance_article_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement} §{self.number}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if get_language() == "en" and self.text_en else self.text_ko


class Commitment(models.Model):
    """What a party promised by when, measured by an indicator.

    `target` is in the indicator's unit; a share is given in whole percent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="commitments")
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    responsible = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="commitments"
    )
    title_ko = models.CharField(_("promise in Korean"), max_length=200)
    title_en = models.CharField(_("promise in English"), max_length=200, blank=True)
    indicator_key = models.CharField(_("indicator"), max_length=80)
    target = models.BigIntegerField(_("target"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        ordering = ("agreement", "ends_on", "id")
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="alliance_commitment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(target__gte=0), name="alliance_commitment_target_positive"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The promise in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko
