"""Who asks that an absence be recognised, who decides, who sees what.

The person and overseeing officers read reason, evidence and answer. Instructors see of a cohort's
requests only for whom and for which days, and whether it is decided.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _is_own,
    _own,
    can_manage_cohort,
    enrolments_managed_by,
)
from bitgoeul.apps.programmes.rules.teaching import of_managed_cohorts
from bitgoeul.core.access import NOBODY


def can_file_absence(user: Anyone, enrolment: Any) -> bool:
    """The person, or an overseeing officer to whom the paper was brought."""
    return _is_own(user, enrolment) or can_manage_cohort(user, enrolment.cohort)


def enrolments_filing_for(user: Anyone) -> Q:
    """Filter beside `can_file_absence`."""
    return _own(user) | enrolments_managed_by(user)


def can_see_absence(user: Anyone, absence: Any) -> bool:
    """One's own with everything in it; overseeing officers those of a cohort."""
    return can_file_absence(user, absence.enrolment)


def absences_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_absence`."""
    mine = Q(enrolment__person=user) if isinstance(user, User) else NOBODY
    return mine | of_managed_cohorts(user, "enrolment__cohort")


def can_decide_absence(user: Anyone, absence: Any) -> bool:
    """An overseeing officer with other eyes: not of themselves, not what they filed."""
    if not can_manage_cohort(user, absence.enrolment.cohort):
        return False
    return user.pk not in (absence.filed_by_id, absence.enrolment.person_id)


def absences_decidable_by(user: Anyone) -> Q:
    """Filter beside `can_decide_absence`."""
    if not isinstance(user, User):
        return NOBODY
    others = ~Q(filed_by=user) & ~Q(enrolment__person=user)
    return of_managed_cohorts(user, "enrolment__cohort") & others


def can_withdraw_absence(user: Anyone, absence: Any) -> bool:
    """The person takes back their own."""
    return _is_own(user, absence.enrolment)


def absences_withdrawable_by(user: Anyone) -> Q:
    """Filter beside `can_withdraw_absence`."""
    return Q(enrolment__person=user) if isinstance(user, User) else NOBODY
