"""Wires the room into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AllianceConfig(AppConfig):
    name = "bitgoeul.apps.alliance"
    label = "alliance"
    verbose_name = _("Alliance")
