"""By what is judged: a rubric in versions, with weighted items."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation


class Rubric(models.Model):
    """One version of a rubric; a change is the next version, what was judged by stays."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rubrics")
    key = models.SlugField(_("key"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name_ko = models.CharField(_("name in Korean"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("owner_id", "key", "-version")
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "key", "version"), name="reviews_rubric_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_ko


class RubricItem(models.Model):
    """One item with its weight in percent and its highest score."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="items")
    key = models.SlugField(_("key"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"))
    label_ko = models.CharField(_("item in Korean"), max_length=120)
    label_en = models.CharField(_("item in English"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight in percent"))
    top_score = models.PositiveSmallIntegerField(_("highest possible score"), default=5)

    class Meta:
        ordering = ("rubric_id", "order")
        verbose_name = _("item of a rubric")
        verbose_name_plural = _("items of rubrics")
        constraints = (
            models.UniqueConstraint(fields=("rubric", "key"), name="reviews_item_once"),
            models.CheckConstraint(
                condition=models.Q(top_score__gte=1), name="reviews_item_has_scores"
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The item in the reader's language."""
        return self.label_en if get_language() == "en" and self.label_en else self.label_ko
