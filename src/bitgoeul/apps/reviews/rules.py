"""Who may what: each yes/no beside the filter that gives the same answer for a list.

A panel is run by officers of its owner and of a city or university party of its agreement. A
reviewer sees what is theirs to judge while they sit on the panel and during its phase, not a
minute longer: after that nobody reads a sheet or rewrites what was handed in.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Organisation, Party, User
from bitgoeul.apps.alliance.rules import (
    PUBLIC_KINDS,
    is_officer,
    officer_organisations,
)
from bitgoeul.apps.reviews.enums import PanelState, ReviewState
from bitgoeul.core import access, clock
from bitgoeul.core.access import NOBODY

Anyone = User | AnonymousUser
JUDGING_ROLES = (Role.REVIEWER, Role.INSTRUCTOR, Role.MENTOR, Role.OFFICER)
"""Who can be asked to sit on a panel."""


def _run(user: Anyone, to_panel: str = "") -> Q:
    if not is_officer(user):
        return NOBODY
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    signed = Party.objects.filter(organisation__in=public).values("agreement")
    return Q(**{f"{to_panel}owner__in": officer_organisations(user)}) | Q(
        **{f"{to_panel}agreement__in": signed}
    )


def _runs(user: Anyone, panel: Any) -> bool:
    if panel.owner_id in officer_organisations(user):
        return True
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    if panel.agreement_id is None or not public:
        return False
    signed = Party.objects.filter(organisation__in=public, agreement=panel.agreement_id)
    return access.once(user, ("panel-party", panel.agreement_id), signed.exists)


def _phase(to_panel: str = "") -> Q:
    now = clock.now()
    return Q(
        **{
            f"{to_panel}state": PanelState.OPEN,
            f"{to_panel}opens_at__lte": now,
            f"{to_panel}closes_at__gte": now,
        }
    )


def in_phase(panel: Any) -> bool:
    """Tell whether a panel judges now."""
    return bool(panel.state == PanelState.OPEN and panel.opens_at <= clock.now() <= panel.closes_at)


def can_publish_rubric(user: Anyone, owner: Organisation) -> bool:
    """Officers publish rubrics of their organisation."""
    return owner.pk in officer_organisations(user)


def rubric_owners_for(user: Anyone) -> Q:
    """Filter beside `can_publish_rubric`: the organisations one may publish for."""
    return Q(pk__in=officer_organisations(user))


def can_see_rubric(user: Anyone, rubric: Any) -> bool:
    """Officers of the owner see its rubrics; reviewers see theirs with each case."""
    return rubric.owner_id in officer_organisations(user)


def rubrics_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_rubric`."""
    return Q(owner__in=officer_organisations(user))


def can_manage_panel(user: Anyone, panel: Any) -> bool:
    """Those who run a panel seat reviewers, assign, open and close."""
    return _runs(user, panel)


def panels_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_panel`."""
    return _run(user)


def can_judge_in_panel(user: Anyone, panel: Any) -> bool:
    """Who sits on a panel judges during its phase."""
    if not isinstance(user, User) or not in_phase(panel):
        return False
    return bool(panel.panelists.filter(person=user).exists())


def panels_judged_by(user: Anyone) -> Q:
    """Filter beside `can_judge_in_panel`."""
    return Q(panelists__person=user) & _phase() if isinstance(user, User) else NOBODY


def can_see_review(user: Anyone, review: Any) -> bool:
    """One's own during the phase; those who run the panel always."""
    return can_write_review(user, review) or _runs(user, review.case.panel)


def reviews_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_review`."""
    return reviews_writable_by(user) | _run(user, "case__panel__")


def can_write_review(user: Anyone, review: Any) -> bool:
    """One's own during the phase while one sits on the panel, unless one abstained."""
    own = isinstance(user, User) and review.reviewer_id == user.pk
    if not own or review.state == ReviewState.ABSTAINED:
        return False
    return can_judge_in_panel(user, review.case.panel)


def reviews_writable_by(user: Anyone) -> Q:
    """Filter beside `can_write_review`."""
    if not isinstance(user, User):
        return NOBODY
    seats = user.panel_seats.order_by().values("panel")
    own = Q(reviewer=user, case__panel__in=seats) & ~Q(state=ReviewState.ABSTAINED)
    return own & _phase("case__panel__")


def can_run_reviews(user: Anyone) -> bool:
    """Tell whether a person is an officer at all."""
    return is_officer(user)
