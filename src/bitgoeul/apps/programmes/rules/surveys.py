"""Who makes a survey, who answers it, who reads what came of it.

Overseeing officers make surveys and read all results; an instructor reads those about a module
they teach, and those of a class they teach. Nobody reads who answered what: nothing knows it.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.rules.cohorts import Anyone, can_manage_cohort, can_teach_cohort
from bitgoeul.apps.programmes.rules.teaching import of_managed_cohorts, of_taught_cohorts
from bitgoeul.core.access import NOBODY


def can_manage_survey(user: Anyone, survey: Any) -> bool:
    """Overseeing officers write and open a survey."""
    return can_manage_cohort(user, survey.cohort)


def surveys_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_survey`."""
    return of_managed_cohorts(user, "cohort")


def can_see_survey(user: Anyone, survey: Any) -> bool:
    """Overseeing officers; instructors what is about their module or class, once it opened."""
    if can_manage_cohort(user, survey.cohort):
        return True
    if not isinstance(user, User) or survey.published_at is None:
        return False
    if not can_teach_cohort(user, survey.cohort):
        return False
    mine = user.teachings
    if survey.module_id is not None:
        return mine.filter(module=survey.module_id).exists()
    return survey.class_group_id is not None and (
        mine.filter(class_group=survey.class_group_id).exists()
    )


def surveys_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_survey`."""
    if not isinstance(user, User):
        return NOBODY
    mine = user.teachings.order_by()
    about = Q(module__in=mine.exclude(module=None).values("module")) | Q(
        module__isnull=True, class_group__in=mine.values("class_group")
    )
    taught = of_taught_cohorts(user, "cohort") & Q(published_at__isnull=False)
    return of_managed_cohorts(user, "cohort") | (taught & about)


def can_answer_survey(user: Anyone, survey: Any) -> bool:
    """Who was asked, when it opened."""
    if not isinstance(user, User) or survey.published_at is None:
        return False
    return bool(survey.invitations.filter(enrolment__person=user).exists())


def surveys_answered_by(user: Anyone) -> Q:
    """Filter beside `can_answer_survey`."""
    if not isinstance(user, User):
        return NOBODY
    return Q(invitations__enrolment__person=user, published_at__isnull=False)
