"""The selection of the demo: four stages with a cut, bands, a form, and a panel that judges now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.alliance.queries import current_consent_texts
from bitgoeul.apps.alliance.services import NewPerson, register_people
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import CutRule, StageKind
from bitgoeul.apps.programmes.models import Cohort, Track
from bitgoeul.apps.reviews import services as reviews
from bitgoeul.apps.reviews.models import Panel, Review
from bitgoeul.cli import _
from bitgoeul.cli.demo import synthetic
from bitgoeul.cli.demo.filling import Part, Write
from bitgoeul.cli.demo.names import person_name
from bitgoeul.cli.demo.year import Year, on

BAND = Decimal(5)
"""Scores within five points count as equal."""

STAGES = (
    services.StagePlan(
        key="course",
        name_ko="온라인 사전 교육",
        name_en="Online course",
        weight=20,
        kind=StageKind.COURSE,
        cut_rule=CutRule.THRESHOLD,
        cut_value=Decimal(40),
    ),
    services.StagePlan(
        key="exam",
        name_ko="시험",
        name_en="Examination",
        weight=50,
        kind=StageKind.APTITUDE,
        cut_rule=CutRule.RATIO,
        cut_value=Decimal(90),
    ),
    services.StagePlan(
        key="motivation",
        name_ko="지원 동기",
        name_en="Motivation",
        weight=10,
        kind=StageKind.DOCUMENTS,
    ),
    services.StagePlan(
        key="interview",
        name_ko="면접",
        name_en="Interview",
        weight=20,
        kind=StageKind.INTERVIEW,
    ),
)
"""The first cohort's four stages; their scores come by file."""


def cut(year: Year) -> None:
    """Decide the stages that cut, as their scores came in."""
    for key, day in (("course", dt.date(2024, 3, 16)), ("exam", dt.date(2024, 3, 17))):
        stage = year.cohort.stages.get(key=key)
        services.decide_stage(stage=stage, by=year.staff["bora"], at=on(day))


QUESTIONS = (
    services.QuestionPlan(
        key="goal",
        kind="long",
        label_ko="과정을 마친 뒤에 하고 싶은 일",
        label_en="What you want to do after the course",
        required=True,
    ),
    services.QuestionPlan(
        key="experience",
        kind="single",
        label_ko="프로그래밍 경험",
        label_en="Experience in programming",
        options=(
            {"key": "none", "ko": "없음", "en": "None"},
            {"key": "some", "ko": "1년 미만", "en": "Less than a year"},
            {"key": "more", "ko": "1년 이상", "en": "A year or more"},
        ),
        required=True,
    ),
    services.QuestionPlan(
        key="laptop",
        kind="yes_no",
        label_ko="노트북이 있습니까?",
        label_en="Do you have a laptop?",
        blind=True,
    ),
    services.QuestionPlan(
        key="portfolio",
        kind="file",
        label_ko="포트폴리오",
        label_en="Portfolio",
        help_ko="PDF나 HWPX, 20 MB까지.",
        help_en="PDF or HWPX, at most 20 MB.",
    ),
)
GOALS = (
    "지역 병원의 데이터를 다루는 일을 하고 싶습니다.",
    "제조 현장의 불량을 찾아내는 모델을 만들고 싶습니다.",
    "작은 가게를 돕는 서비스를 열고 싶습니다.",
    "에너지 수요를 예측하는 연구를 이어 가고 싶습니다.",
)
"""What the invented applicants of the second cohort write."""
APPLICANTS = 24
_FORM, _APPLICANTS, _PANEL = "form", "applicants", "panel"


def units(year: Year) -> tuple[str, ...]:
    """What the part consists of."""
    return (_FORM, _APPLICANTS, _PANEL)


def prepare(year: Year, name: str) -> Write:
    """Return the writing half of a unit."""
    write = {_FORM: _build_form, _APPLICANTS: _apply, _PANEL: _found_panel}[name]
    return lambda: write(year)


def _second(year: Year) -> Cohort:
    cohorts = Cohort.objects.select_related("programme__organiser", "programme__agreement")
    return cohorts.get(programme=year.programme, number=2)


def _build_form(year: Year) -> None:
    cohort, at = _second(year), on(dt.date(2026, 3, 2), 11)
    for plan in QUESTIONS:
        services.write_question(cohort=cohort, plan=plan, by=year.staff["bora"], at=at)
    services.publish_form(cohort=cohort, by=year.staff["bora"], at=at)


def _apply(year: Year) -> None:
    cohort, rng = _second(year), synthetic.rng_of(year.seed, "second cohort")
    day = dt.date(2026, 3, 9)
    texts = current_consent_texts(purposes=services.PURPOSES, on=day)
    tracks = list(cohort.tracks.order_by("key"))
    people = [
        NewPerson(
            email=f"second{number:02d}@people.example",
            full_name=person_name(rng),
            phone=f"010-0000-2{number:03d}",
            birth_on=dt.date(1996 + number % 9, 1 + number % 12, 1 + number),
            sex="female" if number % 2 else "male",
            residence="24",
        )
        for number in range(1, APPLICANTS + 1)
    ]
    known = register_people(people=people, by=None, at=on(day))
    for number, person in enumerate(people):
        _one_applies(cohort, known[person.address], number, tracks, texts)


def _one_applies(
    cohort: Cohort, person: User, number: int, tracks: list[Track], texts: list[ConsentText]
) -> None:
    first = number % len(tracks)
    services.submit_application(
        cohort=cohort,
        person=person,
        answers=services.Answers(
            residence="24",
            school_region="24" if number % 3 else "36",
            major=("computing", "engineering", "science", "humanities")[number % 4],
            work_status="seeking",
            motivation=GOALS[number % len(GOALS)],
        ),
        choices=[tracks[first], tracks[(first + 3) % len(tracks)]],
        consents=texts,
        given=services.Given(
            values={
                "goal": GOALS[(number + 1) % len(GOALS)],
                "experience": ("none", "some", "more")[number % 3],
                "laptop": "yes",
            },
            need="시험장에 휠체어로 들어갈 수 있어야 합니다." if number == 5 else None,
        ),
        by=person,
        at=on(dt.date(2026, 3, 9), 9, number),
    )


def _found_panel(year: Year) -> None:
    cohort, at = _second(year), on(dt.date(2026, 3, 12))
    bora = year.staff["bora"]
    stage = cohort.stages.select_related("cohort__programme").get(key="motivation")
    rubric = reviews.publish_rubric(
        owner=cohort.programme.organiser,
        key="motivation",
        name_ko="지원 동기 평가표",
        name_en="Rubric for motivation",
        items=[
            reviews.ItemPlan(key="goal", label_ko="목표의 뚜렷함", label_en="Clear aim", weight=60),
            reviews.ItemPlan(
                key="fit", label_ko="과정과 맞음", label_en="Fits the course", weight=40
            ),
        ],
        by=bora,
        at=at,
    )
    panel = services.found_stage_panel(
        stage=stage,
        name_ko="2기 지원 동기 심사",
        name_en="Motivation of cohort 2",
        rubric=rubric,
        opens_at=on(dt.date(2026, 3, 12)),
        closes_at=on(dt.date(2026, 4, 12), 18),
        gap_limit=Decimal(25),
        open_domains=("people.example",),
        by=bora,
        at=at,
    )
    emails = ("saem@university.example", "noeul@company.example", "daon@university.example")
    people = list(User.objects.filter(email__in=emails).order_by("email"))
    reviews.seat_panelists(panel=panel, people=people, by=bora, at=at)
    reviews.assign_reviews(panel=panel, by=bora, at=at)
    _judge(reviews.open_panel(panel=panel, by=bora, at=at), people[0])


def _judge(panel: Panel, reviewer: User) -> None:
    """One reviewer has handed in, the others' queues wait."""
    rows = Review.objects.filter(case__panel=panel, reviewer=reviewer).order_by("case__number")
    for number, review in enumerate(rows.select_related("case__panel__rubric")):
        at = on(dt.date(2026, 3, 13), 10, number)
        scores = {"goal": 2 + number % 4, "fit": 3 + number % 3}
        reviews.submit_review(review=review, scores=scores, by=None, at=at)


PARTS = (
    Part(
        key="selection",
        title=_("Applications to the second cohort and a panel that judges them"),
        units=units,
        prepare=prepare,
    ),
)
