"""The yes/no and the list filter say the same, for every role."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bitgoeul.apps.credentials import rules
from bitgoeul.apps.credentials.models import Achievement, Credential
from tests.apps.credentials.given import give, make_achievement
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build_world()
    own = make_achievement(made)
    city = make_achievement(made, "city-award", issuer=made.city)
    give(made, own)
    give(made, own, "trainee")
    give(made, city, "stranger")
    return made


def test_yes_no_and_filter_agree(world: World) -> None:
    for person in (*world.people.values(), AnonymousUser(), None):
        for visible, can in (
            (rules.credentials_visible_to, rules.can_view_credential),
            (rules.credentials_issued_by, rules.can_revoke_credential),
        ):
            seen = set(Credential.objects.filter(visible(person)))
            assert seen == {row for row in Credential.objects.all() if can(person, row)}
        mine = set(Achievement.objects.filter(rules.achievements_manageable_by(person)))
        rows = Achievement.objects.all()
        assert mine == {row for row in rows if rules.can_manage_achievement(person, row)}


def test_partners_see_what_was_issued_and_revoke_only_their_own(world: World) -> None:
    officer = world.people["officer_city"]
    seen = Credential.objects.filter(rules.credentials_overseen_by(officer))
    assert seen.count() == 3
    assert Credential.objects.filter(rules.credentials_issued_by(officer)).count() == 1
    assert not rules.can_read_issued(world.people["officer_company"])
    own = Achievement.objects.get(key="academy-completion")
    assert rules.can_issue_achievement(officer, own)
    assert not rules.can_issue_achievement(world.people["officer_company"], own)
    assert rules.can_issue_achievement(world.people["instructor"], own)
