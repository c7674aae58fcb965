"""Who may teach, and who may see what is taught: rows that hang on a cohort by some path.

Staff of a cohort are its organiser's instructors and its overseeing officers; each yes/no stands
beside the filter that gives the same answer for a list.
"""

from typing import Any

from django.db.models import Q

from bitgoeul.apps.programmes.rules.cohorts import (
    Anyone,
    _overseen,
    _taught,
    can_manage_cohort,
    can_teach_cohort,
)


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
