"""Wires the ground floor into Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bitgoeul.core"
    label = "core"
