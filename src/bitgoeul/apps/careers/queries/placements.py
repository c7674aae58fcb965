"""Lists of offers, placements, checks and exclusions."""

import datetime as dt

from django.db.models import Q, QuerySet

from bitgoeul.apps.careers.enums import CheckState
from bitgoeul.apps.careers.models import Offer, OutcomeExclusion, Placement, RetentionCheck


def offers_listed(visible: Q, *, q: str = "", state: str = "") -> QuerySet[Offer]:
    """Return offers by a part of the person's name and by state, the newest first."""
    found = Offer.objects.filter(visible, person__full_name__icontains=q)
    found = found.select_related("person", "vacancy__organisation", "placement")
    found = found.select_related("round").defer(
        "round__inputs", "round__outcome", "round__certificate"
    )
    if state:
        found = found.filter(state=state)
    return found.order_by("-made_at", "person__full_name", "pk")


def placements_listed(
    visible: Q, *, q: str = "", kind: str = "", proof: str = "", state: str = ""
) -> QuerySet[Placement]:
    """Return placements by a part of the person's or organisation's name and by their facts."""
    found = Placement.objects.filter(visible).select_related("person", "organisation", "vacancy")
    if q:
        found = found.filter(
            Q(person__full_name__icontains=q)
            | Q(organisation__name_ko__icontains=q)
            | Q(organisation__name_en__icontains=q)
        )
    if kind:
        found = found.filter(kind=kind)
    if proof:
        found = found.filter(evidence_on__isnull=proof == "missing")
    if state:
        found = found.filter(ended_on__isnull=state == "current")
    return found.order_by("-started_on", "person__full_name", "pk")


def checks_listed(
    visible: Q, *, today: dt.date, q: str = "", state: str = "", months: int | None = None
) -> QuerySet[RetentionCheck]:
    """Return the checks whose day has come: by default those without an answer."""
    found = RetentionCheck.objects.filter(visible, due_on__lte=today)
    found = found.select_related("placement__person", "placement__organisation")
    if q:
        found = found.filter(
            Q(placement__person__full_name__icontains=q)
            | Q(placement__organisation__name_ko__icontains=q)
        )
    if state == "open":
        found = found.filter(state__in=(CheckState.DUE, CheckState.UNKNOWN))
    elif state:
        found = found.filter(state=state)
    if months:
        found = found.filter(months=months)
    return found.order_by("due_on", "placement__person__full_name", "pk")


def exclusions_listed(visible: Q, *, q: str = "") -> QuerySet[OutcomeExclusion]:
    """Return who does not count in a rate, by a part of the name."""
    found = OutcomeExclusion.objects.filter(visible, person__full_name__icontains=q)
    found = found.select_related("person", "cohort__programme")
    return found.order_by("cohort", "person__full_name", "pk")
