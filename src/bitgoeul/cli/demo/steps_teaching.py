"""What a cohort of the demo is taught: classes, curriculum, timetable, lessons and projects.

`teach` is for a cohort that runs; `PARTS` prepares the next one, unit by unit, by the worker.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.alliance.services import NewPerson, add_membership, register_people
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Cohort, Module
from bitgoeul.cli import _
from bitgoeul.cli.demo.filling import Part
from bitgoeul.cli.demo.people import COMPANY, UNIVERSITY
from bitgoeul.cli.demo.steps_alliance import organisation
from bitgoeul.cli.demo.year import Year, on

MODULES = (
    ("python", "파이썬과 자료구조", "Python and data structures", 160, ("python", "algorithms")),
    (
        "data",
        "데이터 분석과 통계",
        "Data analysis and statistics",
        160,
        ("data-analysis", "statistics"),
    ),
    ("ml", "머신러닝", "Machine learning", 200, ("machine-learning", "model-evaluation")),
    (
        "dl",
        "딥러닝과 언어 모델",
        "Deep learning and language models",
        200,
        ("deep-learning", "llm"),
    ),
    (
        "service",
        "AI 서비스 개발과 운영",
        "Building and running AI services",
        190,
        ("web-programming", "mlops"),
    ),
)
PROJECT = ("project", "기업 연계 프로젝트", "Company project", 390)
"""390 of 1,300 hours are company projects: exactly the thirty percent of the rules."""
LESSONS = ("시작하기", "핵심 개념", "실습 안내")
INSTRUCTORS = ("하람", "도담", "새롬", "윤슬", "가온", "늘찬", "다빈", "라미", "마음")


def teach(year: Year, cohort: Cohort, *, at: dt.datetime) -> None:
    """Design a cohort, seat its people, and make timetable, lessons and a project."""
    for unit in UNITS.values():
        unit(year, cohort, at)


def design_course(year: Year, cohort: Cohort, at: dt.datetime) -> None:
    """Calendar, a class per track with who teaches it, and a curriculum that adds up."""
    facts: dict[str, Any] = {"by": year.staff["bora"], "at": at}
    services.set_calendar(cohort=cohort, values={"hours_a_day": 8}, **facts)
    teachers = [year.staff["instructor"], *_instructors(at)]
    for number, track in enumerate(cohort.tracks.order_by("key")):
        values: dict[str, Any] = {
            "key": "a",
            "name_ko": f"{track.name_ko} 가",
            "seats": track.seats,
        }
        values |= {"name_en": f"{track.name_en} A", "room": f"{301 + number}호"}
        made = services.add_class(track=track, values=values, **facts)
        teacher = teachers[number % len(teachers)]
        services.assign_teaching(class_group=made, person=teacher, role="lead", **facts)
    services.save_modules(cohort=cohort, plans=_plans(), **facts)


def make_timetable(year: Year, cohort: Cohort, at: dt.datetime) -> None:
    """Every hour of every class on a training day; whoever is enrolled gets a class."""
    facts: dict[str, Any] = {"by": year.staff["bora"], "at": at}
    services.place_people(cohort=cohort, **facts)
    services.make_timetable(cohort=cohort, **facts)


def write_lessons(year: Year, cohort: Cohort, at: dt.datetime) -> None:
    """Three lessons a module, open from the course's first day on, and a word of welcome."""
    instructor = year.staff["instructor"]
    for module in Module.objects.filter(cohort=cohort, company_project=False):
        for order, title in enumerate(LESSONS, start=1):
            values: dict[str, Any] = {
                "order": order,
                "title_ko": f"{module.title_ko}: {title}",
                "text": f"{module.title_ko} {order}차시입니다.\n\n{module.about}",
                "released_on": cohort.starts_on + dt.timedelta(days=order - 1),
            }
            services.save_lesson(module=module, values=values, by=instructor, at=at)
    welcome = "첫날에는 신분증과 노트북을 가져오세요."
    services.announce(cohort=cohort, title="과정 안내", text=welcome, by=instructor, at=at)


def give_project(year: Year, cohort: Cohort, at: dt.datetime) -> None:
    """The company project that the curriculum promises, judged by all three."""
    due = on(cohort.ends_on - dt.timedelta(days=5), 18)
    values: dict[str, Any] = {
        "kind": "company", "title_ko": "물류 수요 예측", "title_en": "Forecasting logistics",
        "brief": "창고별 물동량을 예측하는 모델을 만들고 결과를 발표합니다.",
        "company": organisation(COMPANY), "weight_instructor": 50, "weight_mentor": 20,
        "weight_company": 30, "peer_review": True,
        "module": Module.objects.get(cohort=cohort, key="project"),
    }  # fmt: skip
    middle = on(cohort.ends_on - dt.timedelta(days=40), 18)
    services.give_project(
        cohort=cohort, values=values, milestones=[("계획서", middle), ("최종 발표", due)],
        by=year.staff["instructor"], at=at,
    )  # fmt: skip


UNITS: Mapping[str, Callable[[Year, Cohort, dt.datetime], None]] = {
    "design": design_course,
    "timetable": make_timetable,
    "lessons": write_lessons,
    "project": give_project,
}


def _plans() -> list[services.ModulePlan]:
    plans = [
        services.ModulePlan(
            key=key, title_ko=korean, title_en=english, hours=hours, order=order, skills=skills,
            about=f"{korean}의 기초부터 현장 적용까지",
        )
        for order, (key, korean, english, hours, skills) in enumerate(MODULES, start=1)
    ]  # fmt: skip
    key, korean, english, hours = PROJECT
    project = services.ModulePlan(
        key=key, title_ko=korean, title_en=english, hours=hours, order=len(plans) + 1,
        company_project=True, company=organisation(COMPANY), about="기업 과제를 팀으로 해결",
    )  # fmt: skip
    return [*plans, project]


def _instructors(at: dt.datetime) -> list[User]:
    """One for each further class: nobody stands in two rooms at once."""
    addresses = {f"instructor{n}@university.example": n for n in range(1, len(INSTRUCTORS) + 1)}
    new = [
        NewPerson(email=address, full_name=f"{INSTRUCTORS[number - 1]} 강")
        for address, number in addresses.items()
    ]
    people = register_people(people=new, by=None, at=at)
    university = organisation(UNIVERSITY)
    held = set(
        Membership.objects.filter(
            person__in=people.values(), organisation=university, role=Role.INSTRUCTOR
        ).values_list("person_id", flat=True)
    )
    found = [people[address] for address in addresses]
    for person in found:
        if person.pk not in held:
            add_membership(
                person=person, organisation=university, role=Role.INSTRUCTOR,
                started_on=at.date(), by=None, at=at,
            )  # fmt: skip
    return found


def _next(year: Year) -> Cohort:
    return Cohort.objects.select_related("programme", "rule_set").get(
        programme=year.programme, number=2
    )


def _units(_year: Year) -> list[str]:
    return list(UNITS)


def _prepare(year: Year, name: str) -> Callable[[], object]:
    return lambda: UNITS[name](year, _next(year), on(dt.date(2026, 3, 10)))


PARTS = (
    Part(
        key="teaching",
        title=_("Classes, curriculum, timetable and lessons of the next cohort"),
        units=_units,
        prepare=_prepare,
    ),
)
