"""The consent register: pages, versions that ask again, counts, one's own history."""

import pytest
from django.test import Client

from bitgoeul.apps.alliance import queries, services
from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import Consent, ConsentText
from bitgoeul.core import clock
from bitgoeul.core.journal.models import Entry, Reading
from tests.world import AT, DAY, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def client_of(world: World, role: str) -> Client:
    client = Client(headers={"accept-language": "ko"})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(purpose: Purpose) -> ConsentText:
    return queries.current_consent_texts(purposes=[purpose], on=clock.today())[0]


def agree(world: World, role: str, purpose: Purpose) -> None:
    person = world.people[role]
    services.give_consents(person=person, texts=[text_of(purpose)], by=person, at=AT)


def publish(world: World, purpose: Purpose, **more: object) -> Client:
    client = client_of(world, "officer_city")
    facts = {
        "purpose": purpose.value,
        "text_ko": "새 문안: 목적, 항목, 기간, 거부할 권리",
        "text_en": "A new text",
        "published_on": DAY.isoformat(),
        **more,
    }
    answer = client.post("/alliance/consents/texts/new/", facts)
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def texts(world: World) -> None:
    for purpose in Purpose:
        services.publish_consent_text(
            purpose=purpose, text_ko=f"{purpose.label} 문안", published_on=DAY, by=None, at=AT
        )


def test_a_version_that_matters_asks_again_and_a_corrected_letter_does_not(
    world: World, texts: None
) -> None:
    agree(world, "trainee", Purpose.RESEARCH)
    me = world.people["trainee"]

    def outdated() -> bool:
        rows = queries.purposes_of(me, on=clock.today())
        return next(row.outdated for row in rows if row.purpose == Purpose.RESEARCH)

    officer = publish(world, Purpose.RESEARCH)
    assert not outdated()
    assert "다시 동의" not in client_of(world, "trainee").get("/").content.decode()
    publish(world, Purpose.RESEARCH, asks_again="on")
    assert outdated()
    assert "다시 동의해 주십시오" in client_of(world, "trainee").get("/").content.decode()
    # The old consent stands until it is taken back: nobody is cut off by a publication.
    assert queries.has_consented(me, Purpose.RESEARCH)
    listed = officer.get("/alliance/consents/texts/").content.decode()
    assert "다시 묻기" in listed
    newest = text_of(Purpose.RESEARCH)
    entry = Entry.objects.get(object_uuid=newest.uuid, event="consent_text.published")
    assert entry.details["asks_again"] is True
    # What was agreed to can still be read.
    old = Consent.objects.get(person=me).text
    assert Client().get(f"/alliance/consents/research/{old.version}/").status_code == 200


def test_the_form_starts_from_the_newest_text(world: World, texts: None) -> None:
    client = client_of(world, "officer_university")
    page = client.get("/alliance/consents/texts/new/?purpose=training")
    assert f"{Purpose.TRAINING.label} 문안" in page.content.decode()
    empty = client.post("/alliance/consents/texts/new/", {"text_ko": ""})
    assert empty.status_code == 422


def test_the_register_counts_and_lists_and_is_recorded(world: World, texts: None) -> None:
    agree(world, "trainee", Purpose.JOB_SUPPORT)
    agree(world, "graduate", Purpose.JOB_SUPPORT)
    agree(world, "stranger", Purpose.JOB_SUPPORT)
    for role in ("graduate", "stranger"):
        person = world.people[role]
        services.withdraw_consent(person=person, purpose="job_support", by=person, at=AT)
    agree(world, "stranger", Purpose.JOB_SUPPORT)
    publish(world, Purpose.JOB_SUPPORT, asks_again="on")
    counts = {row.purpose: row for row in queries.consent_counts(on=clock.today())}
    count = counts[Purpose.JOB_SUPPORT]
    assert (count.standing, count.outdated, count.withdrawn) == (2, 2, 1)
    officer = client_of(world, "officer_city")
    page = officer.get("/alliance/consents/?purpose=job_support&state=withdrawn").content.decode()
    assert "다솜 수료" in page
    assert "나래 훈련" not in page
    assert "나래 훈련" in officer.get("/alliance/consents/?q=ㄴㄹ").content.decode()
    assert Reading.objects.filter(what="alliance.consent_register").count() == 2


def test_a_person_sees_everything_they_ever_agreed_to(world: World, texts: None) -> None:
    agree(world, "trainee", Purpose.EMPLOYER_SHARING)
    client = client_of(world, "trainee")
    client.post("/alliance/me/consents/withdraw/", {"purpose": "employer_sharing"})
    agree(world, "trainee", Purpose.EMPLOYER_SHARING)
    page = client.get("/alliance/me/consents/").content.decode()
    assert page.count("본인이 자신의 페이지에서") == 2
    assert page.count('class="b ok"') == 1
    assert (
        "본인이" not in client_of(world, "graduate").get("/alliance/me/consents/").content.decode()
    )
