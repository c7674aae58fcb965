"""Who answers the offer of a seat, and who gets what an evaluator needs of a selection."""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.rules import PUBLIC_KINDS, organisations_in_role
from bitgoeul.apps.programmes.enums import OfferState, SelectionState
from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _agreements_of,
    _is_party,
    _overseen,
    _oversees,
)
from bitgoeul.core.access import NOBODY


def can_answer_seat_offer(user: Anyone, offer: Any) -> bool:
    """Only whom the seat is offered to, as long as nothing was answered."""
    own = isinstance(user, User) and offer.application.person_id == user.pk
    return own and offer.state == OfferState.MADE


def seat_offers_answerable_by(user: Anyone) -> Q:
    """Filter beside `can_answer_seat_offer`."""
    if not isinstance(user, User):
        return NOBODY
    return Q(application__person=user, state=OfferState.MADE)


def can_see_store(user: Anyone, selection_round: Any) -> bool:
    """Researchers of the organiser and of public parties, and overseeing officers; published."""
    if selection_round.state != SelectionState.PUBLISHED:
        return False
    programme = selection_round.cohort.programme
    if programme.organiser_id in organisations_in_role(user, Role.RESEARCHER):
        return True
    public = organisations_in_role(user, Role.RESEARCHER, kinds=PUBLIC_KINDS)
    return _is_party(user, public, programme.agreement_id) or _oversees(user, programme)


def stores_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_store`."""
    path = "cohort__programme__"
    found = _overseen(user, path)
    if own := organisations_in_role(user, Role.RESEARCHER):
        public = organisations_in_role(user, Role.RESEARCHER, kinds=PUBLIC_KINDS)
        found |= Q(**{f"{path}organiser__in": own})
        found |= Q(**{f"{path}agreement__in": _agreements_of(public)})
    return Q(state=SelectionState.PUBLISHED) & found
