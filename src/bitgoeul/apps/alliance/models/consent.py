"""Consent, purpose by purpose, to a text of a version."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Purpose


class ConsentText(models.Model):
    """What a person is asked, in one version; a published text is never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=24, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    text_ko = models.TextField(_("text in Korean"), max_length=4000)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    required = models.BooleanField(_("needed to take part"), default=False)
    asks_again = models.BooleanField(
        _("people are asked again"),
        default=True,
        help_text=_("Leave it out for a corrected letter or an added translation."),
    )
    published_on = models.DateField(_("published on"))

    class Meta:
        ordering = ("purpose", "-version")
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = (
            models.UniqueConstraint(
                fields=("purpose", "version"), name="alliance_consenttext_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} v{self.version}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.text_en if get_language() == "en" and self.text_en else self.text_ko


class Consent(models.Model):
    """A person agreed to a text; withdrawing is written beside it, never over it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents"
    )
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    source = models.CharField(_("given through"), max_length=40, default="page")

    class Meta:
        ordering = ("-given_at",)
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "text"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="alliance_consent_one_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"
