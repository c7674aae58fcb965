"""Wires the interface's mechanics into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "bitgoeul.core.api"
    label = "api"
    verbose_name = _("Programming interface")
