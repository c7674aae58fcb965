"""One row of each noun of teaching in the world, made when it is first asked for."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile

from bitgoeul.apps.programmes.enums import ProjectKind, TeachingRole
from bitgoeul.apps.programmes.models import (
    Announcement,
    CalendarFeed,
    ClassGroup,
    ClassQuestion,
    CourseCalendar,
    Enrolment,
    HandIn,
    Lesson,
    LessonFile,
    Milestone,
    Module,
    Project,
    Session,
    SpecialDay,
    Teaching,
    Team,
    TeamMember,
)
from bitgoeul.apps.programmes.services import checksum_of
from tests.world import AT, DAY, World

FEED_KEY = "a-key-that-only-the-owner-knows"


@dataclass
class Course:
    """A class in which everyone of the world sits, and what it is taught."""

    calendar: CourseCalendar
    special_day: SpecialDay
    class_group: ClassGroup
    module: Module
    teaching: Teaching
    session: Session
    feed: CalendarFeed
    project: Project
    milestone: Milestone
    team: Team
    hand_in: HandIn
    lesson: Lesson
    lesson_file: LessonFile
    question: ClassQuestion


def course_of(world: World) -> Course:
    """Return the course of the world's cohort."""
    if "course" not in world.more:
        world.more["course"] = _made(world)
    found: Course = world.more["course"]
    return found


def _project(world: World) -> tuple[Project, Milestone, Team, HandIn]:
    """A project for everyone, and a team of the trainee that handed something in."""
    project = Project.objects.create(
        cohort=world.cohort,
        kind=ProjectKind.COMPANY,
        title_ko="물류 예측",
        title_en="Logistics",
        brief="예측한다.",
        company=world.employer,
        weight_instructor=50,
        weight_mentor=20,
        weight_company=30,
        peer_review=True,
        given_at=AT,
    )
    milestone = Milestone.objects.create(project=project, order=1, title="중간", due_at=AT)
    team = Team.objects.create(project=project, name="1조", mentor=world.people["mentor"])
    TeamMember.objects.create(team=team, project=project, enrolment=world.enrolments["trainee"])
    hand_in = HandIn(
        milestone=milestone,
        team=team,
        name="report.txt",
        handed_in_at=AT,
        handed_in_by=world.people["trainee"],
    )
    hand_in.file.save("report.txt", ContentFile(b"done"), save=False)
    hand_in.save()
    return project, milestone, team, hand_in


def _lesson(module: Module) -> tuple[Lesson, LessonFile]:
    lesson = Lesson.objects.create(module=module, order=1, title_ko="첫 강의", released_on=DAY)
    file = LessonFile(lesson=lesson, name="notes.txt", size=4, sha256="0" * 64)
    file.file.save("notes.txt", ContentFile(b"done"), save=False)
    file.save()
    return lesson, file


def _made(world: World) -> Course:
    cohort = world.cohort
    class_group = ClassGroup.objects.create(
        track=world.tracks[0], key="a", name_ko="모델링 가반", name_en="Modelling A", seats=2
    )
    Enrolment.objects.filter(cohort=cohort).update(class_group=class_group)
    module = Module.objects.create(
        cohort=cohort, key="python", order=1, title_ko="파이썬", title_en="Python", hours=40
    )
    project, milestone, team, hand_in = _project(world)
    lesson, file = _lesson(module)
    Announcement.objects.create(
        cohort=cohort, title="안내", text="내일부터", published_at=AT, class_group=class_group
    )
    return Course(
        project=project,
        milestone=milestone,
        team=team,
        hand_in=hand_in,
        lesson=lesson,
        lesson_file=file,
        question=ClassQuestion.objects.create(
            enrolment=world.enrolments["trainee"], title="왜?", text="왜", shared=False, asked_at=AT
        ),
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
        session=Session.objects.create(
            class_group=class_group,
            module=module,
            instructor=world.people["instructor"],
            held_on=DAY,
            first_hour=1,
            hours=3,
            starts_at=AT,
            ends_at=AT + dt.timedelta(hours=3),
        ),
        feed=CalendarFeed.objects.create(
            person=world.people["trainee"], key_sha256=checksum_of(FEED_KEY), made_at=AT
        ),
    )
