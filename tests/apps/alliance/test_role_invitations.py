"""Invitations into a role: one link, one address, seven days, once."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bitgoeul.apps.alliance import queries, rules, services, tasks
from bitgoeul.apps.alliance.enums import InvitationState, Role
from bitgoeul.apps.alliance.models import Membership, RoleInvitation, User
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry, Reading
from tests.web.sign_in.signing import enter, verified
from tests.world import AT, PASSWORD, World

LINK = re.compile(r"http://localhost:8000(/alliance/invitations/roles/\S+)")
NEW = "new-mentor@people.example"
FOUR_WORDS = "four words are enough"


def _invite(world: World, email: str = NEW, by: str = "officer_company") -> RoleInvitation:
    return services.invite_into_role(
        email=email,
        organisation=world.company,
        role=Role.MENTOR,
        by=world.people[by],
        at=clock.now(),
    )


def _link(invitation: RoleInvitation) -> str:
    """Have the worker send the letter, and read it."""
    tasks.send_role_invitation.func(invitation=str(invitation.uuid))
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return found[1]


def _mentors(world: World) -> set[str]:
    held = Membership.objects.filter(organisation=world.company, role=Role.MENTOR)
    return set(held.values_list("person__email", flat=True))


def test_somebody_new_takes_the_role_with_a_first_password(world: World) -> None:
    invitation = _invite(world)
    path = _link(invitation)
    assert mail.outbox[-1].to == [NEW]
    invitation.refresh_from_db()
    # The key stands in the letter only.
    key = path.rstrip("/").rsplit("/", 1)[1]
    assert len(key) >= 43
    assert key not in str(RoleInvitation.objects.values().get())
    client = Client(headers={"accept-language": "ko"})
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "멘토" in page.content.decode()
    weak = client.post(
        path, {"full_name": "새", "password1": "password1", "password2": "password1"}
    )
    assert weak.status_code == 422
    facts = {"full_name": "새 멘토", "password1": FOUR_WORDS, "password2": FOUR_WORDS}
    assert client.post(path, facts).headers["Location"] == "/accounts/login/"
    person = User.objects.get(email=NEW)
    assert (person.full_name, person.check_password(FOUR_WORDS)) == ("새 멘토", True)
    assert NEW in _mentors(world)
    assert client.get(path).status_code == 410  # used
    events = set(Entry.objects.values_list("event", flat=True))
    assert {"role_invitation.sent", "role_invitation.accepted", "membership.added"} <= events
    signed_in = client.post("/accounts/login/", {"login": NEW, "password": FOUR_WORDS})
    assert signed_in.status_code == 302


def test_an_address_with_an_account_signs_in_first(world: World) -> None:
    cache.clear()
    owner = verified(world.people["graduate"])
    path = _link(_invite(world, owner.email))
    public = Client(headers={"accept-language": "ko"})
    page = public.get(path).content.decode()
    assert f"/accounts/login/?next={path}" in page
    assert "password1" not in page
    facts = {"full_name": "남", "password1": FOUR_WORDS, "password2": FOUR_WORDS}
    public.post(path, facts)
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)  # a letter is no way to another password
    # Somebody else who is signed in gets nowhere with it.
    other = enter(world.people["trainee"])
    assert "다른 주소" in other.get(path).content.decode()
    assert other.post(path).status_code == 422
    assert owner.email not in _mentors(world)
    mine = enter(owner)
    assert mine.post(path).headers["Location"] == "/alliance/me/"
    assert owner.email in _mentors(world)
    assert RoleInvitation.objects.get().state(at=clock.now()) == InvitationState.ACCEPTED


def test_a_link_dies_when_it_is_taken_back_sent_again_or_old(world: World) -> None:
    officer = world.people["officer_company"]
    invitation = _invite(world)
    first = _link(invitation)
    services.resend_role_invitation(invitation=invitation, by=officer, at=clock.now())
    second = _link(invitation)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    services.revoke_role_invitation(invitation=invitation, by=officer, at=clock.now())
    assert Client().get(second).status_code == 410
    sent = len(mail.outbox)
    tasks.send_role_invitation.func(invitation=str(invitation.uuid))  # a letter that was under way
    assert len(mail.outbox) == sent
    with pytest.raises(Refused):
        services.resend_role_invitation(invitation=invitation, by=officer, at=clock.now())
    third = _link(_invite(world))
    with clock.freeze(clock.now() + dt.timedelta(days=7, seconds=1)):
        assert Client().get(third).status_code == 410
        waiting = queries.invitations_listed(
            rules.invitations_visible_to(officer), state="expired", at=clock.now()
        )
        assert waiting.count() == 1


def test_an_invitation_falls_with_the_right_of_whoever_sent_it(world: World) -> None:
    path = _link(_invite(world))
    held = world.people["officer_company"].memberships.get()
    Membership.objects.filter(pk=held.pk).update(ended_on=dt.date(2024, 1, 1))
    assert Client().get(path).status_code == 410


def test_who_may_invite_whom(world: World) -> None:
    for by, organisation, role, allowed in (
        ("officer_company", world.company, Role.MENTOR, True),
        ("officer_company", world.company, Role.OFFICER, True),
        ("officer_company", world.company, Role.ADMINISTRATOR, False),
        ("officer_company", world.university, Role.MENTOR, False),
        ("officer_city", world.company, Role.MENTOR, False),
        ("mentor", world.company, Role.MENTOR, False),
        ("administrator", world.employer, Role.ADMINISTRATOR, True),
    ):
        facts = {"email": f"{by}-{role}@people.example", "organisation": organisation, "role": role}
        try:
            services.invite_into_role(**facts, by=world.people[by], at=clock.now())
        except Refused:
            assert not allowed, (by, role)
        else:
            assert allowed, (by, role)


def test_one_invitation_waits_for_an_address_and_a_role(world: World) -> None:
    _invite(world)
    with pytest.raises(Refused):
        _invite(world, NEW.upper())
    with pytest.raises(Refused):
        _invite(world, world.people["mentor"].email)


def test_what_came_to_nothing_is_forgotten(world: World) -> None:
    with clock.freeze(AT):
        _invite(world)
    _invite(world, "another@people.example")
    assert [row.email for row in RoleInvitation.objects.all()] == ["another@people.example"]


def test_the_pages(world: World) -> None:
    client = Client(headers={"accept-language": "ko"})
    client.force_login(
        world.people["officer_company"], backend="django.contrib.auth.backends.ModelBackend"
    )
    form = client.get(f"/alliance/invitations/new/?organisation={world.company.pk}")
    text = form.content.decode()
    assert f'<option value="{world.company.pk}" selected' in text
    assert "administrator" not in text
    assert world.university.name_ko not in text
    facts = {"email": NEW, "organisation": world.company.pk, "role": "mentor", "language": "ko"}
    assert client.post("/alliance/invitations/new/", facts).status_code == 302
    again = client.post("/alliance/invitations/new/", facts)
    assert again.status_code == 422
    assert "이미" in again.content.decode()
    listed = client.get("/alliance/invitations/", {"state": "open"}).content.decode()
    assert NEW in listed
    assert NEW not in client.get("/alliance/invitations/?state=revoked").content.decode()
    assert Reading.objects.filter(what="alliance.invitation_list").exists()
    file = client.post("/alliance/invitations/?form=csv", {"reason": "명단 확인"})
    assert file.status_code in {200, 405}
    invitation = RoleInvitation.objects.get()
    revoke = f"/alliance/invitations/{invitation.uuid}/revoke/"
    assert client.post(revoke).status_code == 302
    assert "취소" in client.get("/alliance/invitations/").content.decode()


def test_an_administrator_names_any_organisation(world: World) -> None:
    client = Client()
    client.force_login(
        world.people["administrator"], backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(f"/alliance/invitations/new/?organisation={world.employer.pk}")
    assert f'value="{world.employer}"' in page.content.decode()
    facts = {"email": NEW, "organisation": "가나다", "role": "administrator", "language": "ko"}
    assert client.post("/alliance/invitations/new/", facts).status_code == 302
    assert RoleInvitation.objects.get().organisation == world.employer
    for odd in ("x", "-1", "9" * 40, "\0"):
        assert client.get("/alliance/invitations/new/", {"organisation": odd}).status_code == 200
