"""One search box: what is found depends on who asks, and whose data it shows is recorded."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bitgoeul.apps.alliance.models import NameKey, User
from bitgoeul.core import finding
from bitgoeul.core.journal.models import Reading
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

Ask = Callable[[str, str], str]


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def ask(world: World) -> Ask:
    def asked(role: str, question: str) -> str:
        client = Client(headers={"accept-language": "ko"})
        if role != "public":
            backend = "django.contrib.auth.backends.ModelBackend"
            client.force_login(world.people[role], backend=backend)
        answer = client.get("/search/", {"q": question})
        assert answer.status_code == 200
        return answer.content.decode().split('<main id="main"')[1]

    return asked


def test_the_public_finds_what_is_public(ask: Ask) -> None:
    for question in ("한빛네트웍스", "ㅎㅂㄴㅌ", "hanbit net"):
        assert "/alliance/organisations/" in ask("public", question)
    assert "인공지능 인재 협약" in ask("public", "ㅇㄱㅈㄴ")
    assert "한빛 아카데미" in ask("public", "아카데")
    assert "연구원 V-001" in ask("public", "V-001")
    assert "첫 실습" in ask("public", "ㅅㅅ")


@pytest.mark.parametrize("role", ["public", "recruiter", "mentor", "officer_company", "graduate"])
def test_whoever_may_not_see_a_trainee_does_not_find_one(ask: Ask, role: str) -> None:
    for question in ("나래", "ㄴㄹ", "A-002", "trainee@people.example"):
        shown = ask(role, question)
        assert "나래 훈련" not in shown
        assert "찾은 것이 없습니다" in shown


@pytest.mark.parametrize(
    ("role", "question", "rooms"),
    [
        ("administrator", "나래", {"alliance/people"}),
        ("administrator", "trainee@people.example", {"alliance/people"}),
        ("officer_university", "ㄴㄹ", {"programmes/applications", "programmes/enrolments"}),
        ("officer_city", "a-002", {"programmes/applications"}),
        ("instructor", "나래", {"programmes/enrolments"}),
        ("trainee", "ㄴㄹ", {"alliance/people", "programmes/applications",
                            "programmes/enrolments"}),
        ("recruiter", "다솜", {"careers/placements"}),
    ],
)  # fmt: skip
def test_each_finds_a_person_where_they_may_see_them(
    ask: Ask, role: str, question: str, rooms: set[str]
) -> None:
    found = set(re.findall(r'href="/(\w+/\w+)/[0-9a-f-]{36}/"', ask(role, question)))
    assert found == rooms


def test_whose_data_was_shown_is_recorded(world: World, ask: Ask) -> None:
    ask("officer_university", "나래")
    reading = Reading.objects.get(what="web.search")
    assert reading.actor_uuid == world.people["officer_university"].uuid
    assert [each.subject_uuid for each in reading.of.all()] == [world.people["trainee"].uuid]
    Reading.objects.filter(what="web.search").count()
    ask("officer_university", "한빛네트웍스")
    ask("trainee", "나래")
    assert Reading.objects.filter(what="web.search").count() == 1


def test_a_question_is_shown_escaped_and_an_odd_one_harms_nobody(ask: Ask) -> None:
    shown = ask("administrator", "<script>")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    for odd in ("", "   ", "\x00", "%", "'", "(", "[ㄱ", "ㄱ" * 200, "\\", "@", "1"):
        ask("administrator", odd)


def test_more_hits_than_fit_lead_to_the_room_s_own_list(ask: Ask) -> None:
    people = [
        User(email=f"m{n}@people.example", full_name=f"마루 {n}", password="!") for n in range(9)
    ]
    made = User.objects.bulk_create(people)
    NameKey.objects.keep_first(made)
    shown = ask("administrator", "ㅁㄹ")
    assert shown.count("마루") == finding.SHOWN
    assert 'href="/alliance/people/?q=%E3%85%81%E3%84%B9"' in shown


def test_what_it_asks_does_not_grow_with_what_it_finds(world: World, ask: Ask) -> None:
    ask("officer_university", "나")
    counts = []
    for question in ("나래", "ㄴ", "한"):
        with CaptureQueriesContext(connection) as asked:
            ask("officer_university", question)
        sql = [q["sql"].split()[0] for q in asked.captured_queries]
        counts.append(sum(word in {"SELECT", "INSERT"} for word in sql))
    # One for each of eighteen kinds of things, one for the reader's seats in committees, twelve
    # for signing in, roles, the record of the reading and the bell.
    assert max(counts) <= 31
