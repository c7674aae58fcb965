"""States of panels and reviews, and why somebody may not judge."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PanelState(TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Reviewing")
    CLOSED = "closed", _("Closed")


class ReviewState(TextChoices):
    ASSIGNED = "assigned", _("To do")
    SUBMITTED = "submitted", _("Done")
    ABSTAINED = "abstained", _("Abstained")


class ConflictReason(TextChoices):
    """Why somebody may not judge; the panel's data say which of the computed ones count."""

    DECLARED = "declared", _("Declared by the reviewer")
    SAME_PERSON = "same_person", _("Their own case")
    SAME_ORGANISATION = "same_organisation", _("The same organisation")
    SAME_DOMAIN = "same_domain", _("The same mail domain")
    TAUGHT = "taught", _("Taught or mentored before")


COMPUTED = (
    ConflictReason.SAME_ORGANISATION,
    ConflictReason.SAME_DOMAIN,
    ConflictReason.TAUGHT,
)
"""What a panel may look for; one's own case is never judged, whatever the panel says."""

OPEN_DOMAINS = (
    "gmail.com", "naver.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "outlook.com",
    "hotmail.com", "icloud.com", "yahoo.com",
)  # fmt: skip
"""Mail services open to everybody: sharing one says nothing; a panel's data may name others."""
