"""What can be achieved: its criteria, the skills that it proves, and who stands for it."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.credentials.enums import AchievementKind
from bitgoeul.apps.credentials.models.skill import Skill


class Achievement(models.Model):
    """A kind of credential. Its words are frozen into each credential when that is issued."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AchievementKind)
    title_ko = models.CharField(_("title in Korean"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    description_ko = models.CharField(_("description in Korean"), max_length=400)
    description_en = models.CharField(_("description in English"), max_length=400, blank=True)
    criteria_ko = models.TextField(_("criteria in Korean"), max_length=4000)
    criteria_en = models.TextField(_("criteria in English"), max_length=4000, blank=True)
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="achievements")
    skills = models.ManyToManyField(Skill, blank=True, related_name="achievements")
    retired_at = models.DateTimeField(_("no longer issued since"), null=True, blank=True)

    class Meta:
        ordering = ("title_ko", "id")
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title_ko

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        english = get_language() == "en" and self.description_en
        return self.description_en if english else self.description_ko

    @property
    def criteria(self) -> str:
        """The criteria in the reader's language."""
        english = get_language() == "en" and self.criteria_en
        return self.criteria_en if english else self.criteria_ko
