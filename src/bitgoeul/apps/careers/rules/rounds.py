"""Rounds: who sees them, takes part, runs and checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bitgoeul.apps.careers.enums import RoundState
from bitgoeul.apps.careers.rules.roles import (
    Person,
    cohorts_completed_by,
    cohorts_run_by,
    employers_of,
)

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import MatchingRound

PUBLISHED_ROUNDS = (RoundState.PUBLISHED, RoundState.CLOSED)


def rounds_visible_to(user: Person) -> Q:
    """Published ones; those of a cohort one runs; once they collect, those one takes part in."""
    return (
        Q(state__in=PUBLISHED_ROUNDS)
        | rounds_run_by(user)
        | (~Q(state=RoundState.DRAFT) & rounds_taken_part_in_by(user))
    )


def can_see_round(user: Person, matching_round: MatchingRound) -> bool:
    """See that a round takes place; after publication everybody sees digest and verdict."""
    if matching_round.state in PUBLISHED_ROUNDS or can_run_round(user, matching_round):
        return True
    if matching_round.state == RoundState.DRAFT:
        return False
    return can_take_part(user, matching_round)


def rounds_taken_part_in_by(user: Person) -> Q:
    """The rounds of the cohorts one completed, and those with a vacancy of one's organisation."""
    return Q(cohort__in=cohorts_completed_by(user)) | rounds_rated_in_by(user)


def rounds_rated_in_by(user: Person) -> Q:
    """The rounds with a vacancy of one's organisation."""
    hiring = employers_of(user).filter(vacancies__rounds__isnull=False)
    return Q(pk__in=hiring.values("vacancies__rounds"))


def can_take_part(user: Person, matching_round: MatchingRound) -> bool:
    """Rank or rate in a round."""
    return can_rank_in_round(user, matching_round) or can_rate_in_round(user, matching_round)


def rounds_run_by(user: Person) -> Q:
    """The rounds of the cohorts that an officer runs."""
    return Q(cohort__in=cohorts_run_by(user))


def can_run_round(user: Person, matching_round: MatchingRound) -> bool:
    """Open, lock, match, publish and close a round."""
    return cohorts_run_by(user).filter(pk=matching_round.cohort_id).exists()


def can_rank_in_round(user: Person, matching_round: MatchingRound) -> bool:
    """Take part as a graduate of the round's cohort."""
    return cohorts_completed_by(user).filter(pk=matching_round.cohort_id).exists()


def can_rate_in_round(user: Person, matching_round: MatchingRound) -> bool:
    """Take part as an employer with a vacancy in the round."""
    return employers_of(user).filter(vacancies__rounds=matching_round.pk).exists()


def rounds_checkable_by(user: Person) -> Q:
    """Rounds whose bundle one may download: an office once matched, graduates once public.

    Employers are left out: they know the ratings they gave, so a unique one would lead them to
    a person's line and with it to the person's whole list (decision 0031).
    """
    with_result = (RoundState.MATCHED, *PUBLISHED_ROUNDS)
    return (Q(state__in=with_result) & rounds_run_by(user)) | (
        Q(state__in=PUBLISHED_ROUNDS) & Q(cohort__in=cohorts_completed_by(user))
    )


def can_check_round(user: Person, matching_round: MatchingRound) -> bool:
    """Download the bundle of a round, with everybody under a pseudonym."""
    if matching_round.state in PUBLISHED_ROUNDS:
        return can_run_round(user, matching_round) or can_rank_in_round(user, matching_round)
    return matching_round.state == RoundState.MATCHED and can_run_round(user, matching_round)
