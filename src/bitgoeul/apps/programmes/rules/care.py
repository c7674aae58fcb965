"""Who may object, who may answer, who counsels: the narrowest circles of a cohort.

A counselling note is read by whoever wrote it and by overseeing officers; the person it is about
gets it with their own data, on request. Instructors write their own and read no others'.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _is_own,
    _own,
    can_manage_cohort,
    can_teach_cohort,
    enrolments_managed_by,
    enrolments_taught_by,
)
from bitgoeul.apps.programmes.rules.teaching import of_managed_cohorts, of_taught_cohorts
from bitgoeul.core.access import NOBODY


def can_appeal(user: Anyone, enrolment: Any) -> bool:
    """Only the person concerned objects."""
    return _is_own(user, enrolment)


def enrolments_appealable_by(user: Anyone) -> Q:
    """Filter beside `can_appeal`."""
    return _own(user)


def can_answer_appeal(user: Anyone, appeal: Any) -> bool:
    """Overseeing officers answer."""
    return can_manage_cohort(user, appeal.enrolment.cohort)


def appeals_answerable_by(user: Anyone) -> Q:
    """Filter beside `can_answer_appeal`."""
    return of_managed_cohorts(user, "enrolment__cohort")


def can_counsel_enrolment(user: Anyone, enrolment: Any) -> bool:
    """Whoever teaches or oversees the cohort may write down what they did; nobody of themselves."""
    return can_teach_cohort(user, enrolment.cohort) and not _is_own(user, enrolment)


def enrolments_counselled_by(user: Anyone) -> Q:
    """Filter beside `can_counsel_enrolment`."""
    return enrolments_taught_by(user) & ~_own(user)


def can_see_counsel_note(user: Anyone, note: Any) -> bool:
    """Whoever wrote it, as long as they teach there; overseeing officers all of a cohort."""
    enrolment = note.enrolment
    if not can_counsel_enrolment(user, enrolment):
        return False
    return note.written_by_id == user.pk or can_manage_cohort(user, enrolment.cohort)


def counsel_notes_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_counsel_note`."""
    if not isinstance(user, User):
        return NOBODY
    programme = "enrolment__cohort"
    taught = of_taught_cohorts(user, programme) & Q(written_by=user)
    return (of_managed_cohorts(user, programme) | taught) & ~Q(enrolment__person=user)


def can_see_transcript(user: Anyone, enrolment: Any) -> bool:
    """One's own; overseeing officers see and hand out those of a cohort, and it is recorded."""
    return _is_own(user, enrolment) or can_manage_cohort(user, enrolment.cohort)


def transcripts_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_transcript`."""
    return _own(user) | enrolments_managed_by(user)
