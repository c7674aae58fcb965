"""Pages as people use them: what they show, what they refuse, and how many queries they take."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Role
from bitgoeul.apps.alliance.models import ConsentText, Organisation, User
from bitgoeul.core.journal.models import Entry, Reading
from tests.apps.alliance.committee_rows import board_of
from tests.world import AT, DAY, World, member, person

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def client_of(world: World, role: str, language: str = "ko") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # the session and the site are read once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_agreement_in_both_languages(world: World) -> None:
    address = reverse("alliance:agreement_detail", kwargs={"uuid": world.agreement.uuid})
    korean = Client(headers={"accept-language": "ko"}).get(address).content.decode()
    assert "인재를 기른다." in korean
    assert "제1조" in korean
    english = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert "Two completions" in english
    assert "programmes.completed" in english


def test_my_page_gives_and_withdraws_consent(world: World) -> None:
    client = client_of(world, "applicant", "en")
    (text,) = ConsentText.objects.filter(purpose=Purpose.JOB_SUPPORT)
    client.post(reverse("alliance:consent_give"), {"text": str(text.uuid)})
    page = client.get(reverse("alliance:me")).content.decode()
    assert "You consented to version 1" in page
    client.post(reverse("alliance:consent_withdraw"), {"purpose": Purpose.JOB_SUPPORT})
    assert "You consented" not in client.get(reverse("alliance:me")).content.decode()
    assert world.people["applicant"].consents.get().withdrawn_at is not None


def test_an_outdated_text_is_not_consented_to(world: World) -> None:
    old = ConsentText.objects.get(purpose=Purpose.RESEARCH)
    services.publish_consent_text(
        purpose=Purpose.RESEARCH, text_ko="새", published_on=DAY, by=None, at=AT
    )
    client = client_of(world, "applicant")
    client.post(reverse("alliance:consent_give"), {"text": str(old.uuid)})
    assert not world.people["applicant"].consents.exists()


def test_my_data_is_whole_and_only_mine(world: World) -> None:
    client = client_of(world, "trainee")
    answer = client.get(reverse("alliance:my_data"))
    assert answer["Content-Disposition"].startswith("attachment")
    kept = json.loads(answer.content)["rooms"]
    assert kept["alliance"]["account"][0]["email"] == "trainee@people.example"
    assert [row["file"] for row in kept["labs"]["submissions"]] == ["predictions.csv"]
    assert "graduate@people.example" not in answer.content.decode()


def test_a_person_corrects_their_phone(world: World) -> None:
    client = client_of(world, "applicant", "en")
    address = reverse("alliance:me_edit")
    good = {"phone": "01012345678", "residence": "24", "language": "en", "romanised_name": "G J"}
    wrong = client.post(address, good | {"phone": "12"})
    assert wrong.status_code == 422
    assert "is not a telephone number" in wrong.content.decode()
    assert client.post(address, good).status_code == 302
    kept = User.objects.get(pk=world.people["applicant"].pk)
    assert (kept.phone, kept.language) == ("010-1234-5678", "en")


def test_who_read_me_is_shown_to_me(world: World) -> None:
    administrator = client_of(world, "administrator")
    subject = world.people["trainee"]
    administrator.get(reverse("alliance:person_detail", kwargs={"uuid": subject.uuid}))
    (reading,) = Reading.objects.all()
    assert reading.of.get().subject_uuid == subject.uuid
    page = client_of(world, "trainee").get(reverse("alliance:me")).content.decode()
    assert "administrator 담당" in page
    assert "한빛대학교" in page


def test_reading_my_own_page_is_not_recorded(world: World) -> None:
    client = client_of(world, "trainee")
    client.get(reverse("alliance:person_detail", kwargs={"uuid": world.people["trainee"].uuid}))
    assert not Reading.objects.exists()


def test_an_administrator_registers_and_gives_a_role(world: World) -> None:
    client = client_of(world, "administrator", "en")
    form = {"full_name": "새 멘토", "email": "Mentor2@example.kr", "phone": "", "language": "ko"}
    made = client.post(reverse("alliance:person_create"), form)
    assert made.status_code == 302, made.content.decode()
    new = User.objects.get(email="mentor2@example.kr")
    again = client.post(reverse("alliance:person_create"), form)
    assert again.status_code == 422
    role = {"organisation": "네트웍스", "role": Role.MENTOR, "started_on": "2025-01-02"}
    address = reverse("alliance:membership_add", kwargs={"uuid": new.uuid})
    # A name that several have, or none, gives the form back with what was typed.
    for name, answer in (("한빛", "Several organisations"), ("없는 곳", "No organisation")):
        asked = client.post(address, {**role, "organisation": name})
        assert asked.status_code == 422
        assert answer in asked.content.decode()
        assert f'value="{name}"' in asked.content.decode()
    assert client.post(address, role).status_code == 302
    twice = client.post(address, role, follow=True).content.decode()
    assert "already has this role" in twice
    membership = new.memberships.get()
    end = reverse("alliance:membership_end", kwargs={"uuid": membership.uuid})
    missing = client.post(end, {"ended_on": "2025-06-30"}, follow=True)
    assert missing.status_code == 200
    membership.refresh_from_db()
    assert membership.ended_on is None
    client.post(end, {"ended_on": "2025-06-30", "reason": "Contract over"})
    membership.refresh_from_db()
    assert str(membership.ended_on) == "2025-06-30"


def test_people_are_found_by_name_and_role(world: World) -> None:
    client = client_of(world, "administrator")
    address = reverse("alliance:person_list")
    found = client.get(address, {"role": Role.MENTOR}).content.decode()
    assert "mentor 담당" in found
    assert "recruiter 담당" not in found
    named = client.get(address, {"q": "나래"}).content.decode()
    assert "trainee@people.example" in named
    assert "graduate@people.example" not in named
    assert "찾은 사람이 없습니다" in client.get(address, {"q": "없는사람"}).content.decode()


def test_lists_are_handed_out_as_filtered(world: World) -> None:
    client = client_of(world, "administrator")
    address = reverse("alliance:person_list") + f"?role={Role.MENTOR}&form=csv"
    assert "1명" in client.get(address).content.decode()
    assert client.post(address, {"reason": "?"}).status_code == 422
    assert not Reading.objects.exists()
    people = client.post(address, {"reason": "위원회에서 요청했습니다."})
    text = b"".join(people.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1:] == ["mentor 담당,mentor@hanbit.example,멘토 (한빛네트웍스)"]
    reading = Reading.objects.get()
    assert (reading.what, reading.action) == ("alliance.person_file", Reading.Action.DOWNLOAD)
    assert reading.reason == "위원회에서 요청했습니다."
    assert Entry.objects.get(event="personal_data.downloaded").object_uuid == reading.uuid
    companies = Client().get(
        reverse("alliance:organisation_list"), {"kind": "company", "form": "xlsx"}
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(companies.streaming_content)))
    names = {row[0] for row in book.get_sheet_by_index(0).to_python()[1:]}
    assert names == {"한빛네트웍스", "가나다테크", "라마바소프트"}


def test_an_organisation_is_added_and_corrected(world: World) -> None:
    client = client_of(world, "officer_city", "en")
    form = {
        "name_ko": "새솔테크",
        "name_en": "",
        "kind": OrganisationKind.COMPANY,
        "business_number": "0123456782",
        "region": "24",
    }
    address = reverse("alliance:organisation_create")
    bad = client.post(address, form | {"business_number": "0123456783"})
    assert bad.status_code == 422
    assert "check digit" in bad.content.decode()
    assert client.post(address, form).status_code == 302
    made = Organisation.objects.get(name_ko="새솔테크")
    assert made.business_number == "012-34-56782"
    assert client.post(address, form).status_code == 422
    own = reverse("alliance:organisation_edit", kwargs={"uuid": world.city.uuid})
    facts = {"name_ko": "한빛시", "name_en": "City of Hanbit", "kind": "city", "region": "24"}
    assert client.post(own, facts).status_code == 302
    world.city.refresh_from_db()
    assert world.city.name_en == "City of Hanbit"


def test_a_business_number_is_shown_to_its_keepers_only(world: World) -> None:
    Organisation.objects.filter(pk=world.city.pk).update(business_number="012-34-56782")
    address = reverse("alliance:organisation_detail", kwargs={"uuid": world.city.uuid})
    assert "012-34-56782" not in Client().get(address).content.decode()
    assert "아름 시청" not in Client().get(address).content.decode()
    seen = client_of(world, "officer_city").get(address).content.decode()
    assert "012-34-56782" in seen
    assert "아름 시청" in seen


def _more_people(world: World, number: int, mark: str) -> None:
    for n in range(number):
        member(person(f"사람 {n}", f"{mark}{n}@example.kr"), world.city, Role.MENTOR)


def _more_organisations(world: World, number: int, mark: str) -> None:
    for n in range(number):
        services.create_organisation(
            name_ko=f"회사 {mark}{n}", kind=OrganisationKind.COMPANY, by=None, at=AT
        )


def _more_agreements(world: World, number: int, mark: str) -> None:
    for n in range(number):
        services.sign_agreement(
            title_ko=f"협약 {mark}{n}",
            signed_on=DAY,
            parties=[world.city, world.company],
            articles=[],
            by=None,
            at=AT,
        )


def _more_of_the_committee(world: World, number: int, mark: str) -> None:
    """Meetings, decisions, actions and documents beside those that are there."""
    board = board_of(world)
    for copied in (board.meeting, board.decision, board.action, board.documents["members"]):
        versions = list(copied.versions.all()) if hasattr(copied, "versions") else []
        for _n in range(number):
            newest = type(copied).objects.order_by("-pk").first()
            copied.pk, copied.uuid = None, uuid4()
            if hasattr(copied, "number"):
                copied.number = newest.number + 1
            copied._state.adding = True
            copied.save()
            for version in versions:
                version.pk, version.uuid, version.document = None, uuid4(), copied
                version._state.adding = True
                version.save()


@pytest.mark.parametrize(
    "name",
    ["committee_detail", "meeting_detail", "decision_list", "action_list", "document_list"],
)
def test_more_of_the_committee_takes_no_more_queries(world: World, name: str) -> None:
    board = board_of(world)
    kwargs = {"committee_detail": board.committee, "meeting_detail": board.meeting}.get(name)
    address = reverse(f"alliance:{name}", kwargs={"uuid": kwargs.uuid} if kwargs else {})
    client = client_of(world, "officer_city")
    _more_of_the_committee(world, 1, "a")
    few = queries_of(client, address)
    _more_of_the_committee(world, 3, "b")
    assert queries_of(client, address) == few


@pytest.mark.parametrize(
    ("name", "kwargs", "more"),
    [
        ("person_list", {}, _more_people),
        ("organisation_list", {}, _more_organisations),
        ("agreement_list", {}, _more_agreements),
        ("organisation_detail", {"uuid": "city"}, _more_people),
        ("organisation_detail", {"uuid": "city"}, _more_agreements),
        ("me", {}, _more_people),
    ],
)
def test_more_rows_take_no_more_queries(
    world: World, name: str, kwargs: dict[str, Any], more: Callable[[World, int, str], None]
) -> None:
    client = client_of(world, "administrator")
    kwargs = {key: getattr(world, value).uuid for key, value in kwargs.items()}
    address = reverse(f"alliance:{name}", kwargs=kwargs)
    more(world, 1, "a")
    few = queries_of(client, address)
    more(world, 3, "b")
    assert queries_of(client, address) == few
    assert few <= MOST_QUERIES
