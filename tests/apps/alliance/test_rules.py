"""The yes/no and the list filter agree for every role over every row."""

from typing import Any

import pytest

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Agreement, Membership, Organisation, RoleInvitation, User
from bitgoeul.core import clock
from tests.world import AT, ROLES, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHO = [role for role in ROLES if role != "public"]


@pytest.mark.parametrize("role", WHO)
def test_filters_and_answers_agree(world: World, role: str) -> None:
    for organisation in (world.city, world.employer, world.company):
        RoleInvitation.objects.create(
            email="asked@people.example", organisation=organisation, role="mentor",
            invited_by=world.people["administrator"], invited_at=AT, expires_at=AT,
        )  # fmt: skip
    with clock.freeze(AT):
        user = world.people[role]
        for model, visible, answer in (
            (User, rules.people_visible_to, rules.can_view_person),
            (Membership, rules.memberships_visible_to, rules.can_view_membership),
            (Organisation, rules.organisations_visible_to, rules.can_view_organisation),
            (Agreement, rules.agreements_visible_to, rules.can_view_agreement),
            (RoleInvitation, rules.invitations_visible_to, rules.can_view_invitation),
        ):
            listed = set(model.objects.filter(visible(user)).values_list("pk", flat=True))
            said = {row.pk for row in model.objects.all() if answer(user, row)}
            assert listed == said, model


def test_the_public_sees_agreements_and_organisations_only(world: World) -> None:
    assert Agreement.objects.filter(rules.agreements_visible_to(None)).count() == 1
    assert Organisation.objects.filter(rules.organisations_visible_to(None)).count() == 5
    assert not User.objects.filter(rules.people_visible_to(None)).exists()
    assert not Membership.objects.filter(rules.memberships_visible_to(None)).exists()
    assert not rules.can_view_person(None, world.people["trainee"])


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("trainee", {"trainee"}),
        ("recruiter", {"recruiter"}),
        ("officer_company", {"officer_company", "mentor", "consultant"}),
    ],
)
def test_whom_a_person_sees(world: World, role: str, sees: set[str]) -> None:
    with clock.freeze(AT):
        found = set(User.objects.filter(rules.people_visible_to(world.people[role])))
    assert found == {world.people[name] for name in sees}


def test_a_citys_officer_sees_staff_of_the_parties_and_no_applicant(world: World) -> None:
    with clock.freeze(AT):
        found = set(User.objects.filter(rules.people_visible_to(world.people["officer_city"])))
    assert world.people["instructor"] in found
    assert world.people["mentor"] in found
    assert not found & {world.people[name] for name in ("applicant", "trainee", "recruiter")}


def test_a_role_that_ended_gives_nothing(world: World) -> None:
    officer = world.people["officer_city"]
    officer.memberships.update(ended_on=AT.date().replace(year=2024))
    with clock.freeze(AT):
        assert not rules.is_officer(officer)
        assert not rules.oversees_agreement(officer, world.agreement)
        assert not Agreement.objects.filter(rules.overseen_agreements(officer)).exists()


def test_oversight_is_the_citys_and_the_universitys(world: World) -> None:
    with clock.freeze(AT):
        for role in WHO:
            user = world.people[role]
            yes = role in {"officer_city", "officer_university"}
            listed = Agreement.objects.filter(rules.overseen_agreements(user)).exists()
            assert rules.oversees_agreement(user, world.agreement) is yes is listed


def test_standing_costs_one_query_whatever_is_asked(
    world: World, django_assert_num_queries: Any
) -> None:
    user = User.objects.get(pk=world.people["officer_city"].pk)
    with clock.freeze(AT), django_assert_num_queries(1):
        assert rules.is_officer_of(user, world.city)
        assert not rules.is_instructor_of(user, world.city)
        assert not rules.is_administrator(user)
        assert rules.organisations_in_role(user, Role.OFFICER) == {world.city.pk}
        assert not rules.officer_organisations(user, kinds=[OrganisationKind.COMPANY])


def test_several_roles_add_up(world: World) -> None:
    user = world.people["trainee"]
    member(user, world.city, Role.OFFICER)
    member(user, world.company, Role.OFFICER)
    with clock.freeze(AT):
        assert rules.officer_organisations(user) == {world.city.pk, world.company.pk}
        assert rules.officer_organisations(user, kinds=rules.PUBLIC_KINDS) == {world.city.pk}


def test_a_superuser_is_an_administrator(world: World) -> None:
    root = User.objects.create_superuser("root@example.kr", "x", full_name="뿌리")
    assert rules.is_administrator(root)
