"""Who may teach, and who may see what is taught: rows that hang on a cohort by some path.

Staff of a cohort are its organiser's instructors and its overseeing officers; each yes/no stands
beside the filter that gives the same answer for a list.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.rules import organisations_in_role
from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _overseen,
    _taught,
    can_manage_cohort,
    can_teach_cohort,
)
from bitgoeul.core import clock
from bitgoeul.core.access import NOBODY

_COMPANY_ROLES = (Role.RECRUITER, Role.MENTOR, Role.OFFICER)


def of_managed_cohorts(user: Anyone, to_cohort: str) -> Q:
    """Filter: rows whose cohort, reached by a path, the person oversees."""
    return _overseen(user, f"{to_cohort}__programme__")


def of_taught_cohorts(user: Anyone, to_cohort: str) -> Q:
    """Filter: rows whose cohort, reached by a path, the person teaches or oversees."""
    programme = f"{to_cohort}__programme__"
    return _taught(user, programme) | _overseen(user, programme)


def can_manage_class(user: Anyone, class_group: Any) -> bool:
    """Overseeing officers change classes and who teaches them."""
    return can_manage_cohort(user, class_group.track.cohort)


def classes_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_class`."""
    return of_managed_cohorts(user, "track__cohort")


def can_manage_module(user: Anyone, module: Any) -> bool:
    """Overseeing officers write the curriculum."""
    return can_manage_cohort(user, module.cohort)


def modules_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_module`."""
    return of_managed_cohorts(user, "cohort")


def can_teach_class(user: Anyone, class_group: Any) -> bool:
    """Staff of the cohort stand before its classes."""
    return can_teach_cohort(user, class_group.track.cohort)


def classes_taught_by(user: Anyone) -> Q:
    """Filter beside `can_teach_class`."""
    return of_taught_cohorts(user, "track__cohort")


def can_see_class(user: Anyone, class_group: Any) -> bool:
    """Who sits in a class sees its timetable; staff of the cohort see every class."""
    if can_teach_class(user, class_group):
        return True
    return isinstance(user, User) and class_group.enrolments.filter(person=user).exists()


def classes_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_class`."""
    mine = Q(enrolments__person=user) if isinstance(user, User) else NOBODY
    return mine | classes_taught_by(user)


def can_teach_session(user: Anyone, session: Any) -> bool:
    """Staff of the cohort move sessions and take their attendance."""
    return can_teach_class(user, session.class_group)


def sessions_taught_by(user: Anyone) -> Q:
    """Filter beside `can_teach_session`."""
    return of_taught_cohorts(user, "class_group__track__cohort")


def can_see_session(user: Anyone, session: Any) -> bool:
    """Who sits in the class, and staff."""
    return can_see_class(user, session.class_group)


def sessions_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_session`."""
    mine = Q(class_group__enrolments__person=user) if isinstance(user, User) else NOBODY
    return mine | sessions_taught_by(user)


def can_revoke_feed(user: Anyone, feed: Any) -> bool:
    """A secret link is its owner's."""
    return isinstance(user, User) and feed.person_id == user.pk


def own_feeds(user: Anyone) -> Q:
    """Filter beside `can_revoke_feed`."""
    return Q(person=user) if isinstance(user, User) else NOBODY


# Projects


def _company_organisations(user: Anyone) -> frozenset[int]:
    """Organisations for which somebody looks after trainees' work."""
    return frozenset().union(*(organisations_in_role(user, role) for role in _COMPANY_ROLES))


def can_see_project(user: Anyone, project: Any) -> bool:
    """Staff, who has to do it, who mentors a team, and the company's people."""
    if can_teach_cohort(user, project.cohort) or not isinstance(user, User):
        return can_teach_cohort(user, project.cohort)
    if project.company_id in _company_organisations(user):
        return True
    if project.teams.filter(mentor=user).exists():
        return True
    mine = project.cohort.enrolments.filter(person=user)
    return (mine.filter(track=project.track_id) if project.track_id else mine).exists()


def projects_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_project`."""
    if not isinstance(user, User):
        return NOBODY
    whole = Q(track__isnull=True, cohort__enrolments__person=user)
    own = whole | Q(track__enrolments__person=user) | Q(teams__mentor=user)
    company = Q(company__in=_company_organisations(user))
    return own | company | of_taught_cohorts(user, "cohort")


def can_teach_project(user: Anyone, project: Any) -> bool:
    """Staff of the cohort give projects and make teams."""
    return can_teach_cohort(user, project.cohort)


def projects_taught_by(user: Anyone) -> Q:
    """Filter beside `can_teach_project`."""
    return of_taught_cohorts(user, "cohort")


def can_see_team(user: Anyone, team: Any) -> bool:
    """Its members, its mentor, the company's people, and staff see what a team handed in."""
    if can_teach_cohort(user, team.project.cohort) or not isinstance(user, User):
        return can_teach_cohort(user, team.project.cohort)
    if team.mentor_id == user.pk or team.project.company_id in _company_organisations(user):
        return True
    return team.memberships.filter(enrolment__person=user).exists()


def teams_visible_to(user: Anyone, to_team: str = "") -> Q:
    """Filter beside `can_see_team`; `to_team` is the path to the team."""
    if not isinstance(user, User):
        return NOBODY
    own = Q(**{f"{to_team}mentor": user}) | Q(**{f"{to_team}memberships__enrolment__person": user})
    company = Q(**{f"{to_team}project__company__in": _company_organisations(user)})
    return own | company | of_taught_cohorts(user, f"{to_team}project__cohort")


def marking_roles(user: Anyone, team: Any) -> list[str]:
    """In which roles somebody may judge a team's work; only those that count."""
    may = {
        "instructor": can_teach_cohort(user, team.project.cohort),
        "mentor": isinstance(user, User) and team.mentor_id == user.pk,
        "company": team.project.company_id in _company_organisations(user),
    }
    return [role for role in team.project.weights if may[role]]


def can_do_project(user: Anyone, project: Any) -> bool:
    """Who holds a seat in the cohort, or in the one track that has to do it."""
    if not isinstance(user, User):
        return False
    mine = project.cohort.enrolments.filter(person=user)
    return (mine.filter(track=project.track_id) if project.track_id else mine).exists()


def projects_to_do_of(user: Anyone, to_project: str = "") -> Q:
    """Filter beside `can_do_project`; `to_project` is the path to the project."""
    if not isinstance(user, User):
        return NOBODY
    whole = {f"{to_project}track__isnull": True, f"{to_project}cohort__enrolments__person": user}
    return Q(**whole) | Q(**{f"{to_project}track__enrolments__person": user})


# Lessons, announcements, questions


def can_see_lesson(user: Anyone, lesson: Any) -> bool:
    """Staff always; trainees of the track from the day on which it opens."""
    cohort = lesson.module.cohort
    if can_teach_cohort(user, cohort) or not isinstance(user, User):
        return can_teach_cohort(user, cohort)
    mine = cohort.enrolments.filter(person=user)
    if lesson.module.track_id:
        mine = mine.filter(track=lesson.module.track_id)
    return bool(lesson.released_on <= clock.today() and mine.exists())


def lessons_visible_to(user: Anyone, to_lesson: str = "") -> Q:
    """Filter beside `can_see_lesson`; `to_lesson` is the path to the lesson."""
    if not isinstance(user, User):
        return NOBODY
    open_ = Q(**{f"{to_lesson}released_on__lte": clock.today()})
    whole = {
        f"{to_lesson}module__track__isnull": True,
        f"{to_lesson}module__cohort__enrolments__person": user,
    }
    track = Q(**{f"{to_lesson}module__track__enrolments__person": user})
    return (open_ & (Q(**whole) | track)) | of_taught_cohorts(user, f"{to_lesson}module__cohort")


def lessons_taught_by(user: Anyone) -> Q:
    """Filter: lessons that staff may write."""
    return of_taught_cohorts(user, "module__cohort")


def can_see_announcement(user: Anyone, announcement: Any) -> bool:
    """Staff, and whom it is for."""
    if can_teach_cohort(user, announcement.cohort) or not isinstance(user, User):
        return can_teach_cohort(user, announcement.cohort)
    mine = announcement.cohort.enrolments.filter(person=user)
    if announcement.class_group_id:
        mine = mine.filter(class_group=announcement.class_group_id)
    return bool(mine.exists())


def announcements_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_announcement`."""
    if not isinstance(user, User):
        return NOBODY
    whole = Q(class_group__isnull=True, cohort__enrolments__person=user)
    mine = whole | Q(class_group__enrolments__person=user)
    return mine | of_taught_cohorts(user, "cohort")


def can_see_question(user: Anyone, question: Any) -> bool:
    """One's own; those of one's class that are shared; staff see all."""
    enrolment = question.enrolment
    if can_teach_cohort(user, enrolment.cohort) or not isinstance(user, User):
        return can_teach_cohort(user, enrolment.cohort)
    if enrolment.person_id == user.pk:
        return True
    if not question.shared or enrolment.class_group is None:
        return False
    return bool(enrolment.class_group.enrolments.filter(person=user).exists())


def questions_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_question`."""
    if not isinstance(user, User):
        return NOBODY
    shared = Q(shared=True, enrolment__class_group__enrolments__person=user)
    mine = Q(enrolment__person=user) | shared
    return mine | of_taught_cohorts(user, "enrolment__cohort")


def can_study_in(user: Anyone, cohort: Any) -> bool:
    """Who holds a seat in a cohort reads its lessons; staff do, too."""
    if can_teach_cohort(user, cohort):
        return True
    return isinstance(user, User) and bool(cohort.enrolments.filter(person=user).exists())


def cohorts_studied_by(user: Anyone) -> Q:
    """Filter beside `can_study_in`."""
    mine = Q(enrolments__person=user) if isinstance(user, User) else NOBODY
    return mine | _taught(user, "programme__") | _overseen(user, "programme__")
