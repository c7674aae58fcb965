"""People, roles, agreements and consents: what is written, what is refused, what is journalled."""

import datetime as dt
import inspect
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.test import Client

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Region, Role
from bitgoeul.apps.alliance.models import Agreement, Commitment, Consent, Membership, User
from bitgoeul.apps.alliance.services import ArticleText, NewPerson
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.world import AT, DAY, World

pytestmark = pytest.mark.django_db
PASSWORD = "byeolbit-sanchaek-9"


def events(of: Any) -> list[str]:
    found = Entry.objects.filter(object_uuid=of.uuid).order_by("id")
    return list(found.values_list("event", flat=True))


# People


def test_a_person_is_found_by_e_mail_whatever_its_case(world: World) -> None:
    one = services.register_person(email=" Kim@Example.KR ", full_name="김 하나", by=None, at=AT)
    two = services.register_person(
        email="kim@example.kr", full_name="다른 이름", phone="010-1234-5678", by=None, at=AT
    )
    assert one.pk == two.pk
    assert (two.full_name, two.phone) == ("김 하나", "010-1234-5678")
    assert not two.has_usable_password()
    assert events(one) == ["person.registered", "person.completed"]
    services.register_person(
        email="kim@example.kr", full_name="김 하나", phone="010-9999-9999", by=None, at=AT
    )
    assert User.objects.get(pk=one.pk).phone == "010-1234-5678"


def test_many_people_cost_a_few_statements(
    world: World, django_assert_max_num_queries: Any
) -> None:
    new = [NewPerson(email=f"p{n}@example.kr", full_name=f"사람 {n}") for n in range(120)]
    with django_assert_max_num_queries(13):
        people = services.register_people(people=new, by=world.people["officer_city"], at=AT)
    assert len(people) == 120
    assert Entry.objects.filter(event="person.registered").count() == 120


def test_a_bad_person_stops_the_whole_batch(world: World) -> None:
    before = User.objects.count()
    new = [
        NewPerson(email="good@example.kr", full_name="좋음"),
        NewPerson(email="no-address", full_name="나쁨"),
    ]
    with pytest.raises(Refused):
        services.register_people(people=new, by=None, at=AT)
    assert User.objects.count() == before


def test_who_may_register_and_change_people(world: World) -> None:
    for role in ("applicant", "instructor", "recruiter", "mentor"):
        with pytest.raises(Refused):
            services.register_person(
                email="x@example.kr", full_name="엑스", by=world.people[role], at=AT
            )
    person = world.people["trainee"]
    with pytest.raises(Refused):
        services.update_person(person=person, phone="02-123-4567", by=world.people["mentor"], at=AT)
    with pytest.raises(Refused):
        services.update_person(person=person, full_name="새 이름", by=person, at=AT)
    services.update_person(person=person, residence=Region.SEOUL, by=person, at=AT)
    administrator = world.people["administrator"]
    named = services.update_person(
        person=person, full_name="새 이름", by=administrator, at=AT, reason="Marriage"
    )
    assert (named.full_name, named.residence) == ("새 이름", Region.SEOUL)
    assert events(person) == ["person.updated", "person.updated"]


def test_no_change_leaves_no_entry(world: World) -> None:
    person = world.people["trainee"]
    services.update_person(person=person, phone=person.phone, by=person, at=AT)
    assert events(person) == []


def test_the_journal_holds_no_personal_data(world: World) -> None:
    person = services.register_person(
        email="secret.person@example.kr",
        full_name="비밀 이름",
        phone="010-7777-7777",
        by=None,
        at=AT,
    )
    services.give_consents(
        person=person,
        texts=queries.current_consent_texts(purposes=list(Purpose), on=DAY),
        by=person,
        at=AT,
    )
    for entry in Entry.objects.all():
        content = str(entry.content())
        for secret in ("secret.person", "비밀 이름", "7777"):
            assert secret not in content


# Organisations and roles


def test_an_organisation_is_taken_in_once(world: World) -> None:
    facts = {"name_ko": "새 회사", "kind": OrganisationKind.COMPANY, "at": AT}
    officer = world.people["officer_city"]
    made = services.create_organisation(**facts, business_number="012-34-56782", by=officer)
    assert made.business_number == "012-34-56782"
    with pytest.raises(Refused):
        services.create_organisation(**facts, by=officer)
    with pytest.raises(Refused):
        services.create_organisation(
            **(facts | {"name_ko": "또 다른"}), business_number="012-34-56782", by=officer
        )
    with pytest.raises(Refused):
        services.create_organisation(
            **(facts | {"name_ko": "셋째"}), by=world.people["officer_company"]
        )


def test_officers_keep_their_own_organisation(world: World) -> None:
    officer = world.people["officer_company"]
    services.update_organisation(
        organisation=world.company, name_en="Hanbit Nets", by=officer, at=AT
    )
    world.company.refresh_from_db()
    assert world.company.name_en == "Hanbit Nets"
    assert world.company.name_ko == "한빛네트웍스"
    with pytest.raises(Refused):
        services.update_organisation(organisation=world.employer, name_en="Mine", by=officer, at=AT)


def test_a_role_counts_from_its_first_to_its_last_day(world: World) -> None:
    administrator, person = world.people["administrator"], world.people["graduate"]
    with clock.freeze(AT):
        assert not rules.is_recruiter_of(person, world.employer)
        membership = services.add_membership(
            person=person,
            organisation=world.employer,
            role=Role.RECRUITER,
            started_on=DAY,
            by=administrator,
            at=AT,
        )
        assert rules.is_recruiter_of(person, world.employer)
        with pytest.raises(Refused):
            services.add_membership(
                person=person,
                organisation=world.employer,
                role=Role.RECRUITER,
                started_on=DAY,
                by=administrator,
                at=AT,
            )
        services.end_membership(
            membership=membership, ended_on=DAY, reason="Left", by=administrator, at=AT
        )
        assert rules.is_recruiter_of(User.objects.get(pk=person.pk), world.employer)
    with clock.freeze(AT + dt.timedelta(days=1)):
        # The same object, whose standing of yesterday is remembered.
        assert not rules.is_recruiter_of(person, world.employer)
    assert events(membership) == ["membership.added", "membership.ended"]
    with pytest.raises(Refused):
        services.end_membership(membership=membership, ended_on=DAY, by=administrator, at=AT)


def test_a_role_never_ends_before_it_began(world: World) -> None:
    membership = world.people["mentor"].memberships.get()
    with pytest.raises(Refused):
        services.end_membership(membership=membership, ended_on=dt.date(2020, 1, 1), by=None, at=AT)
    membership.refresh_from_db()
    assert membership.ended_on is None


def test_the_last_administrator_stays(world: World) -> None:
    administrator = world.people["administrator"]
    membership = administrator.memberships.get()
    with pytest.raises(Refused):
        services.end_membership(membership=membership, ended_on=DAY, by=administrator, at=AT)


def test_only_administrators_give_roles(world: World) -> None:
    for role in ("officer_city", "officer_university", "instructor", "trainee"):
        with pytest.raises(Refused):
            services.add_membership(
                person=world.people[role],
                organisation=world.city,
                role=Role.ADMINISTRATOR,
                started_on=DAY,
                by=world.people[role],
                at=AT,
            )
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


# Agreements


def test_an_agreement_is_signed_with_parties_in_order(world: World) -> None:
    agreement = services.sign_agreement(
        title_ko="새 협약",
        signed_on=DAY,
        parties=[world.company, world.city],
        articles=[ArticleText(number=1, text_ko="첫째"), ArticleText(number=2, text_ko="둘째")],
        by=world.people["officer_city"],
        at=AT,
    )
    parties = [party.organisation for party in agreement.signatories.order_by("order")]
    assert parties == [world.company, world.city]
    assert agreement.articles.count() == 2
    assert events(agreement) == ["agreement.signed"]


def test_what_makes_an_agreement_impossible(world: World) -> None:
    facts = {"title_ko": "협약", "signed_on": DAY, "articles": [], "at": AT}
    both = [world.city, world.company]
    for more in (
        {"parties": [world.city], "by": None},
        {"parties": [world.city, world.city], "by": None},
        {"parties": both, "by": None, "ends_on": DAY - dt.timedelta(days=1)},
        {"parties": both, "by": world.people["officer_company"]},
        {"parties": [world.company, world.employer], "by": world.people["officer_city"]},
        {
            "parties": both,
            "by": None,
            "articles": [ArticleText(number=1, text_ko="가"), ArticleText(number=1, text_ko="나")],
        },
    ):
        with pytest.raises(Refused):
            services.sign_agreement(**(facts | more))
    assert Agreement.objects.count() == 1


def test_a_commitment_names_a_party_an_article_and_an_indicator(world: World) -> None:
    facts = {
        "agreement": world.agreement,
        "responsible": world.university,
        "title_ko": "제출물 백 건",
        "indicator_key": "labs.submissions",
        "target": 100,
        "starts_on": DAY,
        "ends_on": DAY,
        "by": world.people["officer_university"],
        "at": AT,
    }
    made = services.add_commitment(**facts, article=world.agreement.articles.get())
    assert events(made) == ["commitment.added"]
    other = services.sign_agreement(
        title_ko="다른",
        signed_on=DAY,
        parties=[world.city, world.company],
        articles=[ArticleText(number=1, text_ko="가")],
        by=None,
        at=AT,
    )
    for more in (
        {"responsible": world.employer},
        {"indicator_key": "labs.nothing"},
        {"article": other.articles.get()},
        {"ends_on": DAY - dt.timedelta(days=1)},
        {"target": -1},
        {"by": world.people["officer_company"]},
        {"by": world.people["trainee"]},
    ):
        with pytest.raises(Refused):
            services.add_commitment(**(facts | more))
    assert Commitment.objects.filter(indicator_key="labs.submissions").count() == 1


# Consent


def test_consent_is_given_withdrawn_and_given_again(world: World) -> None:
    person = world.people["applicant"]
    (text,) = queries.current_consent_texts(purposes=[Purpose.JOB_SUPPORT], on=DAY)
    assert not queries.has_consented(person, Purpose.JOB_SUPPORT)
    (first,) = services.give_consents(person=person, texts=[text, text], by=person, at=AT)
    assert services.give_consents(person=person, texts=[text], by=person, at=AT) == []
    assert queries.has_consented(person, Purpose.JOB_SUPPORT)
    assert person in queries.people_having_consented(Purpose.JOB_SUPPORT)
    later = AT + dt.timedelta(days=1)
    services.withdraw_consent(person=person, purpose=Purpose.JOB_SUPPORT, by=person, at=later)
    assert not queries.has_consented(person, Purpose.JOB_SUPPORT)
    assert person not in queries.people_having_consented(Purpose.JOB_SUPPORT)
    first.refresh_from_db()
    assert (first.given_at, first.withdrawn_at) == (AT, later)
    assert events(first) == ["consent.given", "consent.withdrawn"]
    with pytest.raises(Refused):
        services.withdraw_consent(person=person, purpose=Purpose.JOB_SUPPORT, by=person, at=later)
    services.give_consents(person=person, texts=[text], by=person, at=later)
    assert Consent.objects.filter(person=person).count() == 2


def test_nobody_consents_for_somebody_else_but_by_import(world: World) -> None:
    person, officer = world.people["applicant"], world.people["officer_city"]
    texts = queries.current_consent_texts(purposes=[Purpose.TRAINING], on=DAY)
    for by in (officer, world.people["trainee"]):
        with pytest.raises(Refused):
            services.give_consents(person=person, texts=texts, by=by, at=AT)
    with pytest.raises(Refused):
        services.give_consents(
            person=person, texts=texts, by=world.people["trainee"], at=AT, source="import"
        )
    (given,) = services.give_consents_in_bulk(given=[(person, texts[0])], by=officer, at=AT)
    assert given.source == "import"
    with pytest.raises(Refused):
        services.withdraw_consent(person=person, purpose=Purpose.TRAINING, by=officer, at=AT)


def test_a_new_version_leaves_the_old_consent_standing(world: World) -> None:
    person = world.people["applicant"]
    (old,) = queries.current_consent_texts(purposes=[Purpose.RESEARCH], on=DAY)
    services.give_consents(person=person, texts=[old], by=person, at=AT)
    new = services.publish_consent_text(
        purpose=Purpose.RESEARCH, text_ko="새 글", published_on=DAY, by=None, at=AT
    )
    assert new.version == old.version + 1
    (row,) = [r for r in queries.purposes_of(person, on=DAY) if r.purpose == Purpose.RESEARCH]
    assert row.outdated
    assert row.text == new
    services.give_consents(person=person, texts=[new], by=person, at=AT)
    assert services.withdraw_consent(person=person, purpose=Purpose.RESEARCH, by=person, at=AT) == 2
    with pytest.raises(Refused):
        services.publish_consent_text(
            purpose=Purpose.RESEARCH, text_ko="내 글", published_on=DAY, by=person, at=AT
        )


def test_a_text_is_asked_from_its_day_on(world: World) -> None:
    services.publish_consent_text(
        purpose=Purpose.RESEARCH,
        text_ko="내일 글",
        published_on=DAY + dt.timedelta(days=1),
        by=None,
        at=AT,
    )
    (today,) = queries.current_consent_texts(purposes=[Purpose.RESEARCH], on=DAY)
    assert today.version == 1


# Invitations


def test_an_imported_person_gets_a_letter_and_signs_in(world: World) -> None:
    person = services.register_person(email="new@example.kr", full_name="새 사람", by=None, at=AT)
    services.invite(person=person, by=world.people["administrator"], at=AT)
    services.invite(person=person, by=world.people["administrator"], at=AT)
    assert jobs.run_pending(at=AT) == 1
    (letter,) = mail.outbox
    assert letter.to == ["new@example.kr"]
    assert "새 사람 님" in letter.body
    link = re.search(r"https?://[^/]+(/\S+)", letter.body)
    assert link is not None
    client = Client()
    assert client.get(link.group(1)).status_code == 200
    weak = client.post(link.group(1), {"password1": "12345678", "password2": "12345678"})
    assert weak.status_code == 422
    unlike = client.post(link.group(1), {"password1": PASSWORD, "password2": PASSWORD + "x"})
    assert unlike.status_code == 422
    done = client.post(link.group(1), {"password1": PASSWORD, "password2": PASSWORD})
    assert done.status_code == 302
    assert client.get(link.group(1)).status_code == 410
    assert EmailAddress.objects.get(user=person).verified
    signed_in = client.post("/accounts/login/", {"login": "new@example.kr", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert client.get("/alliance/me/").status_code == 200
    assert events(person)[-1] == "invitation.accepted"


def test_no_secret_is_kept_with_the_job(world: World) -> None:
    person = services.register_person(email="new@example.kr", full_name="새 사람", by=None, at=AT)
    services.invite(person=person, by=None, at=AT)
    (job,) = jobs.Job.objects.filter(task__endswith="send_invitation")
    assert job.args == {"person": str(person.uuid)}


def test_forged_and_old_links_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = services.register_person(email="new@example.kr", full_name="새 사람", by=None, at=AT)
    token = services.invitation_token(person)
    assert services.person_of_invitation(token) == person
    assert services.person_of_invitation(token[:-2] + "xx") is None
    other = signing.dumps({"person": str(person.uuid), "state": ""}, salt="elsewhere")
    assert services.person_of_invitation(other) is None
    real = signing.time.time
    week = 7 * 24 * 3600
    monkeypatch.setattr(signing.time, "time", lambda: real() + week + 5)
    assert services.person_of_invitation(token) is None


def test_whoever_can_sign_in_is_not_invited(world: World) -> None:
    with pytest.raises(Refused):
        services.invite(person=world.people["trainee"], by=world.people["administrator"], at=AT)
    new = services.register_person(email="new@example.kr", full_name="새 사람", by=None, at=AT)
    with pytest.raises(Refused):
        services.invite(person=new, by=world.people["officer_city"], at=AT)


def test_every_write_takes_who_and_when() -> None:
    takes_no_time = {"invitation_token", "person_of_invitation", "send_invitation_letter"}
    takes_no_time |= {"rebuild_name_keys", "send_reset_letter_now"}
    reads = {"role_invitation_of"}
    for name in set(services.__all__) - takes_no_time - reads:
        service = getattr(services, name)
        if inspect.isclass(service):
            continue  # what a service takes
        parameters = inspect.signature(service).parameters
        assert "at" in parameters, name
        assert all(p.kind in {p.KEYWORD_ONLY, p.VAR_KEYWORD} for p in parameters.values()), name
