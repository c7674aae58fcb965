"""Who may what while a cohort runs: allowances, and what hangs on an enrolment.

Overseeing officers calculate and approve, each with other eyes; instructors pay nobody.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.rules import is_officer
from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _is_own,
    _own,
    can_manage_cohort,
    enrolments_managed_by,
)
from bitgoeul.apps.programmes.rules.teaching import of_managed_cohorts
from bitgoeul.core.access import NOBODY


def can_see_allowances(user: Anyone, enrolment: Any) -> bool:
    """One's own; overseeing officers see those of a cohort."""
    return _is_own(user, enrolment) or can_manage_cohort(user, enrolment.cohort)


def allowances_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_allowances`."""
    return _own(user) | enrolments_managed_by(user)


def can_manage_allowance_run(user: Anyone, run: Any) -> bool:
    """Overseeing officers calculate and look through what a cohort is paid."""
    return can_manage_cohort(user, run.cohort)


def allowance_runs_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_allowance_run`."""
    return of_managed_cohorts(user, "cohort")


def can_approve_allowance_run(user: Anyone, run: Any) -> bool:
    """Four eyes: an overseeing officer approves what somebody else calculated."""
    return can_manage_cohort(user, run.cohort) and run.made_by_id != user.pk


def allowance_runs_approvable_by(user: Anyone) -> Q:
    """Filter beside `can_approve_allowance_run`."""
    if not is_officer(user):
        return NOBODY
    # Without a person, the machine calculated: every overseeing officer is somebody else.
    others = ~Q(made_by=user.pk) | Q(made_by__isnull=True)
    return of_managed_cohorts(user, "cohort") & others
