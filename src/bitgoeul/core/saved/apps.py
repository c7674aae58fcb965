"""Wires saved views into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedConfig(AppConfig):
    """Saved views."""

    name = "bitgoeul.core.saved"
    label = "saved"
    verbose_name = _("Saved views")
    default_auto_field = "django.db.models.BigAutoField"
