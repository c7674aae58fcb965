"""The yes/no and the list filter say the same, for every role, whoever's row it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Role
from bitgoeul.apps.alliance.models import Consent, ConsentText, Organisation
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import ExclusionReason, OfferState, RoundState, VacancyState
from bitgoeul.apps.careers.models import (
    Application,
    MatchingRound,
    Offer,
    OutcomeExclusion,
    Placement,
    Profile,
    RetentionCheck,
    Vacancy,
)
from bitgoeul.apps.careers.queries import personal_data_of
from bitgoeul.apps.programmes.models import Cohort, Programme
from tests.apps.careers.market import CLOSES, EXPIRES, graduate, vacancy
from tests.world import AT, DAY, World, build_world, member, person

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def world() -> World:
    made = build_world()
    _elsewhere(made)
    for state in VacancyState:
        for owner in (made.employer, made.other_employer):
            row = vacancy(made, f"S-{state}-{owner.pk}", organisation=owner)
            Vacancy.objects.filter(pk=row.pk).update(state=state)
    for state in RoundState:
        row = MatchingRound.objects.create(
            name_ko=state,
            cohort=made.cohort,
            state=state,
            closes_at=CLOSES,
            offers_expire_at=EXPIRES,
        )
        row.vacancies.add(made.vacancy)
    text = ConsentText.objects.get(purpose=Purpose.EMPLOYER_SHARING)
    Consent.objects.create(person=made.people["graduate"], text=text, given_at=AT)
    Consent.objects.create(person=made.people["stranger"], text=text, given_at=AT, withdrawn_at=AT)
    Offer.objects.filter(person=made.people["stranger"]).update(state=OfferState.DECLINED)
    for name in ("graduate", "stranger"):
        OutcomeExclusion.objects.create(
            person=made.people[name],
            cohort=made.cohort,
            reason=ExclusionReason.STUDY,
            evidence_on=DAY,
        )
    made.people["hidden"] = graduate(made, "hidden")
    Profile.objects.create(person=made.people["hidden"], visible=False)
    return made


def _elsewhere(world: World) -> None:
    """Another university with its own programme and officer, and a programme without agreement."""
    other = Organisation.objects.create(name_ko="먼대학교", kind=OrganisationKind.UNIVERSITY)
    officer = person("먼 담당", "far-officer@hanbit.example")
    member(officer, other, Role.OFFICER)
    world.people["far_officer"] = officer
    former = person("옛 담당", "former-officer@hanbit.example")
    old = member(former, world.city, Role.OFFICER)
    old.ended_on = old.started_on
    old.save()
    world.people["former_officer"] = former
    programme = Programme.objects.create(key="far", name_ko="먼 과정", organiser=other)
    same = world.cohort
    cohort = Cohort.objects.create(
        programme=programme,
        number=1,
        rule_set=same.rule_set,
        applications_open_at=same.applications_open_at,
        applications_close_at=same.applications_close_at,
        starts_on=same.starts_on,
        ends_on=same.ends_on,
        hours=10,
    )
    for state in (RoundState.DRAFT, RoundState.COLLECTING):
        MatchingRound.objects.create(
            name_ko="먼 매칭",
            cohort=cohort,
            state=state,
            closes_at=CLOSES,
            offers_expire_at=EXPIRES,
        )


Filter = Callable[[Any], Q]
Answer = Callable[[Any, Any], bool]
PAIRS: dict[str, tuple[Any, Filter, Answer]] = {
    "see vacancies": (Vacancy, rules.vacancies_visible_to, rules.can_see_vacancy),
    "edit vacancies": (Vacancy, rules.vacancies_editable_by, rules.can_edit_vacancy),
    "see profiles": (Profile, rules.profiles_visible_to, rules.can_see_profile),
    "see rounds": (MatchingRound, rules.rounds_visible_to, rules.can_see_round),
    "run rounds": (MatchingRound, rules.rounds_run_by, rules.can_run_round),
    "take part": (MatchingRound, rules.rounds_taken_part_in_by, rules.can_take_part),
    "see the curriculum gap": (Cohort, rules.cohorts_with_gap_for, rules.can_see_gap_of),
    "rate in rounds": (MatchingRound, rules.rounds_rated_in_by, rules.can_rate_in_round),
    "check rounds": (MatchingRound, rules.rounds_checkable_by, rules.can_check_round),
    "see applications": (Application, rules.applications_visible_to, rules.can_see_application),
    "see offers": (Offer, rules.offers_visible_to, rules.can_see_offer),
    "see placements": (Placement, rules.placements_visible_to, rules.can_see_placement),
    "edit placements": (Placement, rules.placements_editable_by, rules.can_edit_placement),
    "answer checks": (RetentionCheck, rules.checks_visible_to, rules.can_answer_check),
    "see exclusions": (OutcomeExclusion, rules.exclusions_visible_to, rules.can_see_exclusion),
    "run cohorts": (
        Cohort,
        lambda user: Q(pk__in=rules.cohorts_run_by(user).values("pk")),
        rules.can_run_cohort,
    ),
    "follow up cohorts": (
        Cohort,
        lambda user: Q(pk__in=rules.cohorts_followed_up_by(user).values("pk")),
        rules.can_follow_up_cohort,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_filter_and_answer_agree(name: str, world: World) -> None:
    model, visible_to, can = PAIRS[name]
    rows = list(model.objects.all())
    seen: set[bool] = set()
    for role, user in {"public": AnonymousUser(), **world.people}.items():
        listed = set(model.objects.filter(visible_to(user)).values_list("pk", flat=True))
        answered = {row.pk for row in rows if can(user, row)}
        assert listed == answered, role
        seen |= {row.pk in listed for row in rows}
    assert seen == {True, False}, "the pair must let somebody in and keep somebody out"


def test_what_matters_most_of_who_sees_what(world: World) -> None:
    people = world.people
    placement = world.placements["graduate"]
    for role, expected in (
        ("graduate", True),
        ("stranger", False),
        ("recruiter", True),
        ("other_recruiter", False),
        ("officer_city", True),
        ("officer_university", True),
        ("officer_company", False),
        ("far_officer", False),
        ("former_officer", False),
        ("administrator", False),
        ("instructor", False),
    ):
        assert rules.can_see_placement(people[role], placement) is expected, role
    shown = people["graduate"].profile
    assert rules.can_see_profile(people["recruiter"], shown)
    assert not rules.can_see_profile(people["recruiter"], people["stranger"].profile)
    withdrawn = people["stranger"].profile
    assert not rules.can_see_profile(people["other_recruiter"], withdrawn)


def test_a_person_sees_everything_that_is_kept_about_them(world: World) -> None:
    mine = personal_data_of(world.people["graduate"])
    assert {name: len(rows) for name, rows in mine.items()} == {
        "profile": 1,
        "job_applications": 1,
        "offers": 1,
        "placements": 1,
        "retention_checks": 1,
        "outcome_exclusions": 1,
    }
    assert mine["placements"][0]["organisation__name_ko"] == "가나다테크"
    assert not any(personal_data_of(world.people["recruiter"]).values())
