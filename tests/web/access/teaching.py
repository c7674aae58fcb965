"""Who may reach the pages of teaching: staff see the design, overseeing officers change it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bitgoeul.apps.programmes.models import Lesson, Module, SpecialDay, Teaching
from bitgoeul.apps.programmes.queries.nonces import nonce_of
from bitgoeul.core import clock
from tests.apps.programmes.teaching_rows import FEED_KEY, Course, course_of
from tests.web.access import EVERYONE, OFFICERS, SIGNED_IN, Kwargs, Route, action, fixed, page
from tests.web.access.programmes import COHORT, TEACHING, TRAINEES, row_of
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
_SESSION = of_course(lambda course: course.session)
IN_CLASS = TEACHING | TRAINEES
"""Everyone of the world who holds a seat sits in the course's class."""


_PROJECT = of_course(lambda course: course.project)
_TEAM = of_course(lambda course: course.team)
JUDGES = frozenset({"mentor", "recruiter"})


_LESSON = of_course(lambda course: course.lesson)
_QUESTION = of_course(lambda course: course.question)


def _lesson(world: World) -> Lesson:
    module = course_of(world).module
    return Lesson.objects.create(module=module, order=9, title_ko="더", released_on=DAY)


def _feed(world: World, role: str, ownership: str) -> Any:
    course_of(world)
    return {"key": FEED_KEY} if ownership == "other" else None


def _nonce(world: World, role: str, ownership: str) -> Any:
    session = course_of(world).session
    nonce = nonce_of(session.uuid, at=clock.now())
    return {"nonce": nonce} if ownership == "other" else None


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
    "programmes:timetable": page(SIGNED_IN),
    "programmes:feed_make": action(SIGNED_IN),
    # The link itself is the key.
    "programmes:feed": page(EVERYONE, _feed),
    "programmes:feed_revoke": action(
        frozenset({"trainee"}), of_course(lambda course: course.feed), ok=frozenset({302})
    ),
    "programmes:class_timetable": page(IN_CLASS, _CLASS),
    "programmes:class_feed_make": action(IN_CLASS, _CLASS),
    "programmes:cohort_timetable": page(TEACHING, COHORT),
    "programmes:timetable_make": action(OFFICERS, COHORT),
    "programmes:timetable_csv": page(TEACHING, COHORT),
    "programmes:timetable_xlsx": page(TEACHING, COHORT),
    "programmes:session_detail": page(IN_CLASS, _SESSION),
    "programmes:session_move": page(TEACHING, _SESSION),
    "programmes:session_cancel": page(TEACHING, _SESSION),
    "programmes:session_screen": page(TEACHING, _SESSION),
    "programmes:session_list": page(TEACHING, _SESSION),
    # Asks for its reason first: the answer to a GET is that page.
    "programmes:session_paper": page(TEACHING, _SESSION),
    "programmes:roster_now": page(TEACHING, COHORT),
    # Whoever stands before the screen may scan; who they are is asked after (test_presence).
    "programmes:sign_in": page(EVERYONE, _nonce, ok=frozenset({302})),
    # Without a scan there is nothing to confirm, and the page says so.
    "programmes:sign_in_confirm": page(SIGNED_IN, ok=frozenset({409})),
    "programmes:sign_in_code": page(SIGNED_IN),
    "programmes:project_list": page(SIGNED_IN),
    "programmes:project_create": page(TEACHING, COHORT),
    "programmes:project_results_csv": page(TEACHING, COHORT),
    "programmes:project_results_xlsx": page(TEACHING, COHORT),
    # Everyone of the cohort has to do it; the employer's recruiter and the team's mentor judge it.
    "programmes:project_detail": page(IN_CLASS | JUDGES, _PROJECT),
    "programmes:project_edit": page(TEACHING, _PROJECT),
    "programmes:milestone_add": page(TEACHING, _PROJECT),
    "programmes:team_create": page(TEACHING, _PROJECT),
    "programmes:team_edit": page(TEACHING, _TEAM),
    "programmes:team_remove": action(TEACHING, _TEAM),
    "programmes:team_mark": page(TEACHING | JUDGES, _TEAM),
    "programmes:peer_review": page(frozenset({"trainee"}), _PROJECT),
    "programmes:hand_in": page(TRAINEES, of_course(lambda course: course.milestone)),
    "programmes:hand_in_file": page(
        TEACHING | JUDGES | {"trainee"}, of_course(lambda course: course.hand_in)
    ),
    "programmes:lesson_list": page(IN_CLASS, COHORT),
    "programmes:lesson_create": page(TEACHING, _MODULE),
    "programmes:lesson_detail": page(IN_CLASS, _LESSON),
    "programmes:lesson_edit": page(TEACHING, _LESSON),
    "programmes:lesson_remove": action(TEACHING, one_more(_lesson)),
    "programmes:lesson_file": page(IN_CLASS, of_course(lambda course: course.lesson_file)),
    "programmes:announcement_list": page(IN_CLASS, COHORT),
    "programmes:announcement_create": page(TEACHING, COHORT),
    "programmes:question_list": page(IN_CLASS, COHORT),
    "programmes:question_ask": page(TRAINEES, COHORT),
    # Not shared: the class does not read it.
    "programmes:question_detail": page(TEACHING | {"trainee"}, _QUESTION),
    "programmes:curriculum_csv": page(TEACHING, COHORT),
    "programmes:curriculum_xlsx": page(TEACHING, COHORT),
}
