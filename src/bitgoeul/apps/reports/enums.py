"""States of reports, and the parts of a number."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Part(TextChoices):
    NUMERATOR = "numerator", _("Counted")
    DENOMINATOR = "denominator", _("Counted against")
    EXCLUDED = "excluded", _("Left out")


class ExtractState(TextChoices):
    ASKED = "asked", _("Waiting for a decision")
    REFUSED = "refused", pgettext_lazy("extract", "Refused")
    ALLOWED = "allowed", _("Allowed, being made")
    READY = "ready", _("Ready")
    EMPTY = "empty", _("Nobody is left in it")
