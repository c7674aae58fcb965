"""Entering agreements and commitments on pages: what is kept, what is refused, what is asked."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.alliance.models import Agreement, Commitment
from bitgoeul.core.journal.models import Entry
from tests.apps.alliance.test_pages import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "/alliance/agreements/new/"


def agreement_of(world: World, **changes: object) -> dict[str, object]:
    return {
        "title_ko": "돌봄 협약",
        "title_en": "Care agreement",
        "signed_on": "2025-03-01",
        "ends_on": "",
        "parties": [world.city.pk, world.employer.pk],
        "articles": "함께 한다. | We act together.\r\n\r\n해마다 만난다.",
    } | changes


def commitment_of(world: World, **changes: object) -> dict[str, object]:
    return {
        "article": world.agreement.articles.get().pk,
        "responsible": world.university.pk,
        "title_ko": "취업률 70%",
        "title_en": "",
        "indicator_key": "programmes.completed",
        "target": "70",
        "starts_on": "2025-01-01",
        "ends_on": "2025-12-31",
    } | changes


def commitment_address(world: World) -> str:
    return reverse("alliance:commitment_create", kwargs={"uuid": world.agreement.uuid})


def posted(client: Client, address: str, data: dict[str, object]) -> tuple[int, str]:
    answer = client.post(address, data)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("role", ["officer_city", "administrator"])
def test_an_agreement_is_entered_with_parties_and_articles(world: World, role: str) -> None:
    answer = client_of(world, role).post(NEW, agreement_of(world))
    made = Agreement.objects.get(title_ko="돌봄 협약")
    assert answer["Location"] == reverse("alliance:agreement_detail", kwargs={"uuid": made.uuid})
    assert set(made.parties.all()) == {world.city, world.employer}
    assert list(made.articles.values_list("number", "text_ko", "text_en")) == [
        (1, "함께 한다.", "We act together."),
        (2, "해마다 만난다.", ""),
    ]
    assert (made.signed_on, made.ends_on) == (dt.date(2025, 3, 1), None)
    entry = Entry.objects.get(event="agreement.signed")
    assert entry.actor_uuid == world.people[role].uuid


def test_an_officer_enters_only_what_their_own_side_signed(world: World) -> None:
    data = agreement_of(world, parties=[world.university.pk, world.employer.pk])
    status, page = posted(client_of(world, "officer_city", "en"), NEW, data)
    assert status == 422
    assert "choose it as a party" in page
    assert not Agreement.objects.filter(title_ko="돌봄 협약").exists()
    assert posted(client_of(world, "officer_company"), NEW, data)[0] == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("parties", [], "This field is required"),
        ("ends_on", "2025-02-28", "cannot end before it was signed"),
        ("articles", "함께 한다.\n| Only English", "Article 2 has no Korean text"),
        ("articles", "가" * 4001, "Article 1 is longer than 4000 characters"),
        ("articles", "", "This field is required"),
        ("title_ko", "", "This field is required"),
    ],
)
def test_a_wrong_agreement_is_told_at_its_field(
    world: World, field: str, value: object, said: str
) -> None:
    client = client_of(world, "officer_city", "en")
    status, page = posted(client, NEW, agreement_of(world, **{field: value}))
    assert status == 422
    assert said in page
    assert f'href="#id_{field}' in page
    assert not Agreement.objects.filter(title_en="Care agreement").exists()


def test_one_party_makes_no_agreement(world: World) -> None:
    data = agreement_of(world, parties=[world.city.pk])
    status, page = posted(client_of(world, "administrator", "en"), NEW, data)
    assert status == 422
    assert "at least two parties" in page


def test_a_commitment_is_added_from_the_agreements_page(world: World) -> None:
    client = client_of(world, "officer_university", "en")
    detail = reverse("alliance:agreement_detail", kwargs={"uuid": world.agreement.uuid})
    assert commitment_address(world) in client.get(detail).content.decode()
    assert commitment_address(world) not in Client().get(detail).content.decode()
    answer = client.post(commitment_address(world), commitment_of(world))
    assert answer["Location"] == detail
    made = Commitment.objects.get(title_ko="취업률 70%")
    assert made.agreement == world.agreement
    assert made.article == world.agreement.articles.get()
    assert made.responsible == world.university
    assert (made.indicator_key, made.target) == ("programmes.completed", 70)
    assert Entry.objects.filter(event="commitment.added", object_uuid=made.uuid).exists()


def test_indicators_and_parties_are_chosen_by_name(world: World) -> None:
    page = client_of(world, "officer_city", "en").get(commitment_address(world)).content.decode()
    assert '<option value="programmes.selected_local_share">Local talents among' in page
    assert "Hanbit Networks" in page
    assert "Ganada Tech" not in page
    assert "Article 1: 인재를 기른다." in page


def test_a_company_adds_no_commitment(world: World) -> None:
    before = Commitment.objects.count()
    data = commitment_of(world, responsible=world.company.pk)
    assert posted(client_of(world, "officer_company"), commitment_address(world), data)[0] == 404
    assert Commitment.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicator_key": "programmes.luck"}, "indicator_key"),
        ({"target": "-1"}, "target"),
        ({"target": "many"}, "target"),
        ({"target": "101", "indicator_key": "programmes.selected_local_share"}, "target"),
        ({"target": "", "indicator_key": "programmes.selected_local_share"}, "target"),
        ({"ends_on": "2024-12-31"}, "ends_on"),
        ({"article": "999999"}, "article"),
        ({"title_ko": ""}, "title_ko"),
    ],
)
def test_a_wrong_commitment_is_told_at_its_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    before = Commitment.objects.count()
    client = client_of(world, "officer_city", "en")
    status, page = posted(client, commitment_address(world), commitment_of(world, **changes))
    assert status == 422
    assert page.count('href="#id_') == 1
    assert f'href="#id_{field}"' in page
    assert Commitment.objects.count() == before


def test_only_parties_are_responsible(world: World) -> None:
    data = commitment_of(world, responsible=world.employer.pk)
    status, page = posted(client_of(world, "officer_city", "en"), commitment_address(world), data)
    assert status == 422
    assert 'href="#id_responsible"' in page
