"""What vacancies ask for, held against what modules teach."""

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.imports.skill_names import SkillNames
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.careers.queries.gap import cohorts_compared, gap_between
from bitgoeul.apps.careers.queries.skill_words import lexicon
from bitgoeul.apps.careers.rules import vacancies_visible_to
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.programmes.models import Cohort, Module
from bitgoeul.apps.programmes.rules import cohorts_taught_by
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError
from tests.world import AT, World, build_world

ENGLISH = {"accept-language": "en"}
SKILLS = (
    ("java", "자바", "Java", ""),
    ("javascript", "자바스크립트", "JavaScript", "JS"),
    ("machine-learning", "머신러닝", "Machine learning", "기계 학습\nML"),
    ("c", "C 언어", "C", "씨"),
    ("sql", "데이터베이스 질의", "SQL", ""),
)


def make_skills() -> list[Skill]:
    rows = [
        Skill(key=key, name_ko=korean, name_en=english, other_names=others)
        for key, korean, english, others in SKILLS
    ]
    return Skill.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("자바스크립트 개발자", ["javascript"]),
        ("자바와 자바스크립트를 씁니다", ["java", "javascript"]),
        ("JavaScript, java", ["java", "javascript"]),
        ("기계학습 연구원 (ML)", ["machine-learning"]),
        ("machine-learning engineer", ["machine-learning"]),
        ("HTML, JSON, C++", []),
        ("NoSQL", []),
        ("how we go about html and ml", []),
        ("", []),
    ],
)
def test_names_are_found_as_words_and_the_longest_first(text: str, found: list[str]) -> None:
    skills = [
        Skill(key=key, name_ko=korean, name_en=english, other_names=others)
        for key, korean, english, others in SKILLS
    ]
    assert lexicon(skills).find(text) == found


@pytest.fixture
def world(db: None) -> World:
    made = build_world()
    make_skills()
    Vacancy.objects.filter(pk=made.vacancy.pk).update(
        state="open", title_ko="머신러닝 엔지니어", title_en="", description="SQL", skills=[]
    )
    Vacancy.objects.filter(pk=made.other_vacancy.pk).update(
        state="open", title_ko="개발자", title_en="", description="머신러닝", skills=["java"]
    )
    Module.objects.create(
        cohort=made.cohort, key="ml", order=1, title_ko="머신러닝", hours=40,
        skills=["machine-learning", "c", "2001020231"],
    )  # fmt: skip
    return made


def test_what_an_employer_chose_counts_before_the_text(world: World) -> None:
    user = world.people["officer_university"]
    cohorts = cohorts_compared(cohorts_taught_by(user))
    gap = gap_between(vacancies_visible_to(user), cohorts)
    assert [(line.key, line.named) for line in gap.missing] == [("java", 1), ("sql", 0)]
    assert [(line.key, len(line.demands), line.hours) for line in gap.both] == [
        ("machine-learning", 1, 40)
    ]
    assert {line.key for line in gap.unasked} == {"c", "2001020231"}
    assert gap.silent == 0
    seats = Vacancy.objects.get(pk=world.vacancy.pk).seats
    assert gap.both[0].seats == seats


def test_a_code_that_several_skills_share_teaches_each_of_them(world: World) -> None:
    Skill.objects.filter(key__in=["java", "sql"]).update(ncs_code="2001020231")
    user = world.people["officer_university"]
    gap = gap_between(vacancies_visible_to(user), [world.cohort])
    assert gap.missing == []
    assert {line.key for line in gap.both} == {"java", "sql", "machine-learning"}


def test_closed_vacancies_and_other_peoples_drafts_ask_for_nothing(world: World) -> None:
    Vacancy.objects.update(state="closed")
    user = world.people["officer_university"]
    gap = gap_between(vacancies_visible_to(user), [world.cohort])
    assert (gap.vacancies, gap.missing, gap.both) == (0, [], [])


def test_without_a_cohort_to_come_the_newest_is_compared(world: World) -> None:
    user = world.people["instructor"]
    Cohort.objects.update(state="ended")
    assert cohorts_compared(cohorts_taught_by(user)) == [
        Cohort.objects.filter(programme=world.programme).order_by("-number")[0]
    ]


def test_the_page_and_its_file(world: World, client: Client) -> None:
    client.force_login(world.people["instructor"])
    page = client.get(reverse("careers:gap"), headers=ENGLISH).content.decode()
    assert "Asked for, not taught" in page
    assert reverse("careers:vacancy_detail", kwargs={"uuid": world.vacancy.uuid}) in page
    assert reverse("programmes:design", kwargs={"uuid": world.cohort.uuid}) in page
    answer = client.get(reverse("careers:gap_export", kwargs={"form": "csv"}))
    lines = b"".join(answer).decode("utf-8-sig").strip().splitlines()  # type: ignore[arg-type]  # a stream
    assert len(lines) == 1 + 5
    client.force_login(world.people["graduate"])
    assert client.get(reverse("careers:gap")).status_code == 404


def test_an_employer_chooses_skills_and_a_file_names_them(world: World) -> None:
    recruiter = world.people["recruiter"]
    services.update_vacancy(vacancy=world.vacancy, by=recruiter, at=AT, skills=["sql"])
    world.vacancy.refresh_from_db()
    assert world.vacancy.skills == ["sql"]
    with pytest.raises(Refused):
        services.update_vacancy(
            vacancy=world.vacancy, by=world.people["graduate"], at=AT, skills=[]
        )
    names = SkillNames()
    assert names.keys_in("sql, 기계 학습,JS") == ["javascript", "machine-learning", "sql"]
    assert names.keys_in(["sql"]) == ["sql"]
    assert names.keys_in("") == []
    with pytest.raises(CellError):
        names.keys_in("연금술")
