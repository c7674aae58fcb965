"""Wires the ground floor into Django."""

from django.apps import AppConfig

from bitgoeul.core import validators

# Here, not in ready(): a form's fields take their validators when its class is defined.
validators.install()


class CoreConfig(AppConfig):
    name = "bitgoeul.core"
    label = "core"
