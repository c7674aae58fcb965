"""Wires background work into Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work."""

    name = "bitgoeul.core.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
