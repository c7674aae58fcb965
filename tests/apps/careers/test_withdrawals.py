"""Taking a consent back has its effect at once; refusing what is free changes nothing else."""

import datetime as dt

import pytest

from bitgoeul.apps.alliance import services as alliance
from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.models import Profile, RetentionCheck
from bitgoeul.apps.careers.queries import bundles, rounds
from bitgoeul.core.errors import Refused
from bitgoeul.web import front_page
from tests.apps.careers.market import build_market
from tests.world import AT, DAY, build_world

pytestmark = pytest.mark.django_db


def agree(person: User, purpose: Purpose) -> None:
    text = alliance.publish_consent_text(
        purpose=purpose, text_ko="문안", published_on=DAY, by=None, at=AT
    )
    alliance.give_consents(person=person, texts=[text], by=person, at=AT)


def take_back(person: User, purpose: Purpose) -> None:
    alliance.withdraw_consent(person=person, purpose=purpose, by=person, at=AT)


def seen_by(user: User, person: User) -> bool:
    profile = Profile.objects.get(person=person)
    listed = Profile.objects.filter(rules.profiles_visible_to(user), pk=profile.pk).exists()
    assert rules.can_see_profile(user, profile) is listed
    return listed


def test_employers_lose_sight_of_the_profile_and_the_person_leaves_the_market() -> None:
    market = build_market()
    market.wants(g1="V-1 V-2", g2="V-1")
    market.rates("V-1", g1=90, g2=80)
    person, vacancy = market.graduates["g1"], market.vacancies["V-1"]
    recruiter = market.world.people["recruiter"]
    Profile.objects.update_or_create(person=person, defaults={"visible": True})
    agree(person, Purpose.EMPLOYER_SHARING)

    def rated() -> set[int]:
        found = rounds.applications_to_rate(market.round, vacancy, recruiter)
        return set(found.values_list("person", flat=True))

    def matched() -> set[str]:
        _problem, people = bundles.build_problem(market.round)
        return set(people.values())

    def counted() -> tuple[int, int]:
        found = rounds.vacancies_to_rate(market.round, market.world.people["officer_university"])
        row = found.get(pk=vacancy.pk)
        return row.applied, row.rated

    assert seen_by(recruiter, person) is (vacancy.organisation in rules.employers_of(recruiter))
    assert person.pk in rated()
    assert str(person.uuid) in matched()
    assert counted() == (2, 2)
    take_back(person, Purpose.EMPLOYER_SHARING)
    assert not seen_by(recruiter, person)
    assert rated() == {market.graduates["g2"].pk}
    assert matched() == {str(market.graduates["g2"].uuid)}
    assert counted() == (1, 1)
    with pytest.raises(Refused, match="동의를 철회"):
        market.wants(g1="V-2")
    agree(person, Purpose.EMPLOYER_SHARING)
    assert str(person.uuid) in matched()


def test_without_job_support_the_office_does_not_see_the_profile() -> None:
    world = build_world()
    person, officer = world.people["graduate"], world.people["officer_university"]
    agree(person, Purpose.JOB_SUPPORT)
    assert seen_by(officer, person)
    take_back(person, Purpose.JOB_SUPPORT)
    assert not seen_by(officer, person)
    assert seen_by(person, person)


def test_without_follow_up_nobody_else_is_asked_whether_the_job_is_kept() -> None:
    world = build_world()
    person = world.people["graduate"]
    check = world.placements["graduate"].checks.get()
    agree(person, Purpose.OUTCOME_FOLLOW_UP)

    def asked(user: User) -> bool:
        visible = RetentionCheck.objects.filter(rules.checks_visible_to(user))
        listed = visible.filter(pk=check.pk).exists()
        assert rules.can_answer_check(user, check) is listed
        return listed

    recruiter, officer = world.people["recruiter"], world.people["officer_university"]
    assert [asked(user) for user in (person, recruiter, officer)] == [True, True, True]
    take_back(person, Purpose.OUTCOME_FOLLOW_UP)
    check = RetentionCheck.objects.get(pk=check.pk)
    assert [asked(user) for user in (person, recruiter, officer)] == [True, False, False]
    later = AT + dt.timedelta(days=400)
    assert not [t for t in front_page.tasks_of(recruiter, at=later) if "/checks/" in t.url]
    facts = {"state": "kept", "answered_on": check.due_on, "source": "employer"}
    with pytest.raises(Refused, match="철회"):
        services.answer_check(check=check, **facts, by=None, at=later)
    own = facts | {"source": "graduate"}
    services.answer_check(check=check, **own, by=person, at=later)
    check.refresh_from_db()
    assert check.state == "kept"
