"""One row of each noun of teaching in the world, made when it is first asked for."""

import datetime as dt
from dataclasses import dataclass

from bitgoeul.apps.programmes.enums import TeachingRole
from bitgoeul.apps.programmes.models import (
    ClassGroup,
    CourseCalendar,
    Enrolment,
    Module,
    SpecialDay,
    Teaching,
)
from tests.world import DAY, World


@dataclass
class Course:
    """A class in which everyone of the world sits, and what it is taught."""

    calendar: CourseCalendar
    special_day: SpecialDay
    class_group: ClassGroup
    module: Module
    teaching: Teaching


def course_of(world: World) -> Course:
    """Return the course of the world's cohort."""
    if "course" not in world.more:
        world.more["course"] = _made(world)
    found: Course = world.more["course"]
    return found


def _made(world: World) -> Course:
    cohort = world.cohort
    class_group = ClassGroup.objects.create(
        track=world.tracks[0], key="a", name_ko="모델링 가반", name_en="Modelling A", seats=2
    )
    Enrolment.objects.filter(cohort=cohort).update(class_group=class_group)
    module = Module.objects.create(
        cohort=cohort, key="python", order=1, title_ko="파이썬", title_en="Python", hours=40
    )
    return Course(
        calendar=CourseCalendar.objects.create(cohort=cohort),
        special_day=SpecialDay.objects.create(
            cohort=cohort, day=DAY + dt.timedelta(days=4), title="개교기념일"
        ),
        class_group=class_group,
        module=module,
        teaching=Teaching.objects.create(
            class_group=class_group,
            person=world.people["instructor"],
            role=TeachingRole.LEAD,
        ),
    )
