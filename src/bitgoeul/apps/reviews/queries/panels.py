"""Panels and the reviewers' queue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.reviews import rules
from bitgoeul.apps.reviews.enums import ReviewState
from bitgoeul.apps.reviews.models import Case, Conflict, Panel, Review, Rubric
from bitgoeul.core import clock

_TO_DO = Q(cases__reviews__state=ReviewState.ASSIGNED)
_DONE = Q(cases__reviews__state=ReviewState.SUBMITTED)


def panels_listed(visible: Q) -> QuerySet[Panel]:
    """Return panels with how many reviews wait and are done, newest first."""
    found = Panel.objects.filter(pk__in=Panel.objects.filter(visible).order_by().values("pk"))
    found = found.order_by("-opens_at", "-id")
    return found.select_related("owner", "rubric").annotate(
        to_do=Count("cases__reviews", filter=_TO_DO),
        done=Count("cases__reviews", filter=_DONE),
    )


def panels_of(kind: str, uuid: Any) -> QuerySet[Panel]:
    """Return the panels for something above this room, newest first."""
    return Panel.objects.filter(subject_kind=kind, subject_uuid=uuid).select_related("rubric")


def queue_of(user: User, panel: Panel | None = None) -> QuerySet[Review]:
    """Return a reviewer's reviews that wait now: those put back come last."""
    rows = Review.objects.filter(
        rules.reviews_writable_by(user), state=ReviewState.ASSIGNED
    ).select_related("case__panel")
    if panel is not None:
        rows = rows.filter(case__panel=panel)
    return rows.order_by(F("skipped_at").asc(nulls_first=True), "case__number", "id")


def own_reviews(user: User, panel: Panel) -> QuerySet[Review]:
    """Return what a reviewer has of a panel."""
    rows = Review.objects.filter(reviewer=user, case__panel=panel)
    return rows.select_related("case").order_by("case__number")


def cases_listed(panel: Panel, *, state: str = "") -> QuerySet[Case]:
    """Return a panel's cases with their reviews, by number."""
    rows = panel.cases.order_by("number").prefetch_related(
        Prefetch("reviews", Review.objects.select_related("reviewer").order_by("id")),
        Prefetch("conflicts", Conflict.objects.select_related("person")),
    )
    if state:
        rows = rows.filter(reviews__state=state).distinct()
    return rows


def rubrics_listed(visible: Q) -> QuerySet[Rubric]:
    """Return rubrics with their items, newest version first."""
    rows = Rubric.objects.filter(visible).select_related("owner").prefetch_related("items")
    return rows.order_by("owner_id", "key", "-version")


def people_to_seat(panel: Panel) -> QuerySet[User]:
    """Return who may be asked to sit on a panel: judging roles of its owner and its parties."""
    organisations = Q(organisation=panel.owner_id)
    if panel.agreement_id is not None:
        organisations |= Q(organisation__agreements=panel.agreement_id)
    held = Membership.objects.on(clock.today()).filter(organisations, role__in=rules.JUDGING_ROLES)
    return User.objects.filter(pk__in=held.values("person")).order_by("full_name", "id")


def people_of(panel: Panel) -> QuerySet[User]:
    """Return who sits on a panel or could."""
    seated = Q(pk__in=panel.panelists.values("person"))
    return User.objects.filter(seated | Q(pk__in=people_to_seat(panel).order_by().values("pk")))


def sheet_in(sheet: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return a sheet with its labels and texts in the reader's language."""
    english = get_language() == "en"
    return [
        {
            **entry,
            "label": (entry.get("en") if english else "") or entry.get("ko", ""),
            "text": (entry.get("text_en") if english else "") or entry.get("text", ""),
        }
        for entry in sheet
    ]


def subjects_judged_by(user: Any, kind: str) -> Any:
    """Return the uuids of what a person judges now, of a kind: a subquery for the rooms above."""
    rows = Review.objects.filter(rules.reviews_writable_by(user), case__kind=kind)
    return rows.order_by().values("case__subject_uuid")
