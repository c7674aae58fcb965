"""Wires the importer into Django: each room's `imports.py` registers its kinds at start."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "bitgoeul.core.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        """Find the rooms' kinds; say what there can be news about."""
        from . import news  # noqa: F401 -- declares its topic

        autodiscover_modules("imports")
