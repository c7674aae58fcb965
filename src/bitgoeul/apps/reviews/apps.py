"""Wires the room into Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "bitgoeul.apps.reviews"
    label = "reviews"
    verbose_name = _("Reviews")
