"""What a talent shows to employers, by their own choice."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """A person's page for employers; skills and results are pulled from below, never typed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    about = models.TextField(_("about me"), max_length=3000, blank=True)
    link = models.URLField(_("portfolio"), max_length=300, blank=True)
    visible = models.BooleanField(_("employers of my round may see it"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.person)
