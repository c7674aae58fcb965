"""States of vacancies, rounds, offers, placements and checks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VacancyState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Taking applications")
    CLOSED = "closed", _("Applications closed")


class EmploymentType(TextChoices):
    REGULAR = "regular", _("Regular")
    FIXED_TERM = "fixed_term", _("Fixed-term")
    INTERNSHIP = "internship", _("Internship")


class RoundState(TextChoices):
    DRAFT = "draft", _("Draft")
    COLLECTING = "collecting", _("Collecting ratings and rankings")
    LOCKED = "locked", _("Locked")
    MATCHED = "matched", _("Matched and verified, not yet published")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Ended")


class ReserveMode(TextChoices):
    """How the target share of local talents works; both are choice rules of the engine."""

    SOFT = "soft", _("Local talents first in a part of the seats")
    TARGET = "target", _("Extra local talents above the seats when too few passed")


class Rounding(TextChoices):
    """How a share of the seats becomes a whole number."""

    DOWN = "down", _("Rounded down")
    NEAREST = "nearest", _("Rounded to the nearest")
    UP = "up", _("Rounded up")


class OfferState(TextChoices):
    MADE = "made", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")


class PlacementKind(TextChoices):
    EMPLOYMENT = "employment", _("Employed")
    FOUNDING = "founding", _("Founded a company")


class EvidenceKind(TextChoices):
    """What proves a job; the deadline for evidence is a threshold of the programme."""

    INSURANCE = "insurance", _("Employment insurance")
    CONTRACT = "contract", _("Employment contract")
    BUSINESS_REGISTRATION = "business_registration", _("Business registration")


class CheckState(TextChoices):
    DUE = "due", _("Not asked yet")
    KEPT = "kept", _("Still in the job")
    LEFT = "left", _("Left the job")
    UNKNOWN = "unknown", _("Asked, no answer")


class CheckSource(TextChoices):
    EMPLOYER = "employer", _("Employer")
    GRADUATE = "graduate", _("Graduate")
    OFFICE = "office", _("Office of the programme")
    IMPORT = "import", _("Imported record")


class ExclusionReason(TextChoices):
    """Why someone does not count in the rate: excluded (D), or not unemployed at the start (E)."""

    STUDY = "study", _("Further study")
    MILITARY = "military", _("Military service")
    PRISON = "prison", _("Imprisonment")
    DEATH = "death", _("Death")
    EMIGRATION = "emigration", _("Emigration")
    ILLNESS = "illness", _("Illness of three weeks or more")
    PREGNANCY = "pregnancy", _("Pregnancy or birth")
    NOT_UNEMPLOYED = "not_unemployed", _("Not unemployed at the start")
