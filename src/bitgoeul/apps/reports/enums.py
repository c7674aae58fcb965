"""States of reports, and the parts of a number."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Part(TextChoices):
    NUMERATOR = "numerator", _("Counted")
    DENOMINATOR = "denominator", _("Counted against")
    EXCLUDED = "excluded", _("Left out")
