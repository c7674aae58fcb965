"""Wires the room into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "bitgoeul.apps.reports"
    label = "reports"
    verbose_name = _("Outcomes")
