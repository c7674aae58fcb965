"""People are found by part, consonants or e-mail, and only those whom one may see."""

import datetime as dt

import pytest
from django.db.models import Q
from django.test import Client

from bitgoeul.__main__ import main
from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.models import NameKey, Organisation, User
from tests.world import World

pytestmark = pytest.mark.django_db

AT = dt.datetime(2025, 6, 2, 9, 0, tzinfo=dt.UTC)
EVERYBODY = Q()


def found(question: str, visible: Q = EVERYBODY) -> set[str]:
    return set(queries.people_found(question, visible).values_list("full_name", flat=True))


@pytest.fixture
def people(db: None) -> None:
    names = ("가람솔빛", "너울하늘", "까치노을", "가람 바다", "100%")
    new = [
        services.NewPerson(email=f"p{n}@people.example", full_name=name, romanised_name="")
        for n, name in enumerate(names)
    ]
    new.append(
        services.NewPerson(
            email="latin@people.example", full_name="라온달", romanised_name="Raon Dal"
        )
    )
    services.register_people(people=new, by=None, at=AT)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("가람", {"가람솔빛", "가람 바다"}),
        ("솔빛", {"가람솔빛"}),
        ("ㄱㄹ", {"가람솔빛", "가람 바다"}),
        ("ㅅㅂ", {"가람솔빛"}),
        ("가ㄹ솔", {"가람솔빛"}),
        ("까ㅊ", {"까치노을"}),
        ("ㄱㅊ", set()),
        ("가람바다", {"가람 바다"}),
        ("가람 바다", {"가람 바다"}),
        ("바다 가람", {"가람 바다"}),
        ("ㄴㅇㅎ", {"너울하늘"}),
        ("RAON", {"라온달"}),
        ("dal", {"라온달"}),
        ("100%", {"100%"}),
        ("%", {"100%"}),
        ("_", set()),
        ("p1@people.example", {"너울하늘"}),
        ("P1@PEOPLE", {"너울하늘"}),
        ("people.example", set()),
        ("없는사람", set()),
        ("\x00", set()),
        ("   ", set()),
    ],
)
def test_a_question_finds_whom_it_names(people: None, question: str, names: set[str]) -> None:
    assert found(question) == names


def test_only_visible_people_are_found(world: World) -> None:
    officer = world.people["officer_university"]
    assert found("ㄴㄹ", rules.people_visible_to(world.people["administrator"])) == {"나래 훈련"}
    assert found("ㄴㄹ", rules.people_visible_to(officer)) == set()
    assert found("아름", rules.people_visible_to(officer)) == {"아름 시청"}
    assert found("officer_city@", rules.people_visible_to(officer)) == {"아름 시청"}
    assert found("trainee@", rules.people_visible_to(officer)) == set()


def test_a_wide_question_is_cut_after_what_one_may_see(
    people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit counts visible people: a hidden one never takes the place of a visible one."""
    monkeypatch.setattr(queries.people, "FOUND_AT_MOST", 1)
    last = User.objects.order_by("-pk").get(full_name="가람 바다")
    assert found("ㄱㄹ", Q(pk=last.pk)) == {"가람 바다"}
    assert len(found("ㄱㄹ")) == 1


def test_a_corrected_name_is_found_and_the_old_one_no_longer(people: None) -> None:
    person = User.objects.get(full_name="너울하늘")
    services.update_person(person=person, full_name="마루하늘", by=None, at=AT)
    assert found("너울") == set()
    assert found("ㅁㄹ") == {"마루하늘"}


def test_a_name_added_by_a_later_file_is_found(people: None) -> None:
    more = services.NewPerson(
        email="p0@people.example", full_name="다른 이름", romanised_name="Garam Solbit"
    )
    services.register_people(people=[more], by=None, at=AT)
    assert found("solbit") == {"가람솔빛"}
    assert found("다른") == set()


def test_who_signs_up_is_found(client: Client) -> None:
    given = {
        "email": "new@people.example",
        "full_name": "하늘 새벽",
        "password1": "kkamak-sikyeo-7",
        "password2": "kkamak-sikyeo-7",
    }
    assert client.post("/accounts/signup/", given).status_code == 302
    assert found("ㅅㅂ") == {"하늘 새벽"}


def test_keys_that_disagree_are_seen_and_made_anew(
    people: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "check", "--lang", "en"]) == 0
    NameKey.objects.filter(person__full_name="너울하늘").delete()
    User.objects.filter(full_name="까치노을").update(full_name="까치바다")
    assert main(["search", "check", "--lang", "en"]) == 1
    assert "2 differ" in capsys.readouterr().err
    assert main(["search", "rebuild", "--lang", "ko"]) == 0
    assert found("너울") == {"너울하늘"}
    assert found("까치바다") == {"까치바다"}
    assert main(["search", "check", "--lang", "en"]) == 0


def test_organisations_are_found_by_consonants_too(world: World) -> None:
    names = {each.name_ko for each in queries.organisations_listed(name="ㅎㅂㄴ")}
    assert names == {"한빛네트웍스"}
    assert queries.organisations_listed(name="(").count() == 0
    assert queries.organisations_listed(name="").count() == Organisation.objects.count()


def test_every_row_of_the_list_is_shown_once_whatever_its_roles(world: World) -> None:
    client = Client()
    client.force_login(
        world.people["administrator"], backend="django.contrib.auth.backends.ModelBackend"
    )
    shown = client.get("/alliance/people/", {"q": "ㅇㄹ"}).content.decode()
    assert shown.count("아름 시청") == 1
