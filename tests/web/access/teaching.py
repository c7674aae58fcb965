"""Who may reach the pages of teaching: staff see the design, overseeing officers change it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bitgoeul.apps.programmes.models import Module, SpecialDay, Teaching
from tests.apps.programmes.teaching_rows import Course, course_of
from tests.web.access import OFFICERS, Kwargs, Route, action, fixed, page
from tests.web.access.programmes import COHORT, TEACHING, row_of
from tests.world import DAY, World


def of_course(pick: Callable[[Course], Any]) -> Kwargs:
    """The address of what `pick` finds in the course that is made when it is first asked for."""
    return fixed(uuid=lambda world: pick(course_of(world)).uuid)


def one_more(make: Callable[[World], Any]) -> Kwargs:
    """A row of its own for every role: whoever may remove it does."""
    return fixed(uuid=lambda world: make(world).uuid)


def _day(world: World) -> SpecialDay:
    number = SpecialDay.objects.filter(cohort=world.cohort).count() + 1
    day = DAY + dt.timedelta(days=number)
    return SpecialDay.objects.create(cohort=world.cohort, day=day, title="휴강")


def _module(world: World) -> Module:
    number = Module.objects.filter(cohort=world.cohort).count() + 1
    return Module.objects.create(
        cohort=world.cohort, key=f"m{number}", order=number, title_ko="과목", hours=1
    )


def _teaching(world: World) -> Teaching:
    class_group = course_of(world).class_group
    return Teaching.objects.create(
        class_group=class_group, person=world.people["mentor"], module=_module(world)
    )


_CLASS = of_course(lambda course: course.class_group)
_MODULE = of_course(lambda course: course.module)

ROUTES: dict[str, Route] = {
    "programmes:design": page(TEACHING, COHORT),
    "programmes:calendar_edit": page(OFFICERS, COHORT),
    "programmes:special_day_add": page(OFFICERS, COHORT),
    "programmes:design_copy": action(OFFICERS, COHORT),
    "programmes:special_day_remove": action(OFFICERS, one_more(_day)),
    "programmes:class_create": page(OFFICERS, COHORT),
    "programmes:classes_fill": action(OFFICERS, COHORT),
    "programmes:class_edit": page(OFFICERS, _CLASS),
    "programmes:class_remove": action(OFFICERS, _CLASS),
    "programmes:teaching_add": page(OFFICERS, _CLASS),
    "programmes:teaching_end": action(OFFICERS, one_more(_teaching)),
    "programmes:seat_change": Route(
        allowed={"own": frozenset(), "same": frozenset(), "other": OFFICERS},
        kwargs=row_of("enrolments"),
    ),
    "programmes:module_create": page(OFFICERS, COHORT),
    "programmes:module_edit": page(OFFICERS, _MODULE),
    "programmes:module_remove": action(OFFICERS, one_more(_module)),
    "programmes:curriculum_csv": page(TEACHING, COHORT),
    "programmes:curriculum_xlsx": page(TEACHING, COHORT),
}
