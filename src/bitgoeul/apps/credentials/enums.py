"""Kinds of achievements, states of credentials, and why one is revoked."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AchievementKind(TextChoices):
    COMPLETION = "completion", _("Completion of a programme")
    LAB = "lab", _("Skill proved in a lab")
    OTHER = "other", _("Other achievement")


class CredentialState(TextChoices):
    VALID = "valid", _("Valid")
    REVOKED = "revoked", pgettext_lazy("credential", "Revoked")


class RevocationReason(TextChoices):
    MISTAKE = "mistake", _("Issued by mistake")
    CORRECTED = "corrected", _("Replaced by a corrected one")
    EVIDENCE = "evidence", _("The evidence did not stand")
    MISCONDUCT = "misconduct", _("Misconduct in the examination")
    OTHER = "other", _("Other reason")


class VerificationResult(TextChoices):
    """What checking a credential found."""

    VALID = "valid", _("Valid")
    REVOKED = "revoked", pgettext_lazy("credential", "Revoked")
    ALTERED = "altered", _("Changed after it was issued")
    FOREIGN = "foreign", _("Signed by somebody else")
    UNKNOWN = "unknown", _("Not known here")
    UNREADABLE = "unreadable", _("Not a credential")
