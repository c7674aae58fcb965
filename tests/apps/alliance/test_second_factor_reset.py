"""Getting back in: one asks, another decides, the owner is told; the journal has it all."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import SecondFactorReset
from bitgoeul.core import jobs
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.web.sign_in.signing import enter
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    Authenticator.objects.create(
        user=world.people["recruiter"], type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    return world


def client_of(world: World, role: str) -> Client:
    client = Client(headers={"accept-language": "ko"})
    client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(world: World) -> SecondFactorReset:
    address = f"/alliance/people/{world.people['recruiter'].uuid}/second-step/"
    client_of(world, "administrator").post(address, {"reason": "신분증으로 확인"})
    return SecondFactorReset.objects.get()


def test_one_asks_another_grants_and_every_device_is_signed_out(world: World) -> None:
    owner = world.people["recruiter"]
    lost = Authenticator.objects.get(user=owner)
    lost.delete()
    device = enter(owner)
    lost.save(force_insert=True)
    assert device.get("/alliance/me/").status_code == 200
    reset = ask(world)
    assert jobs.run_pending(at=AT) == 1
    assert mail.outbox[-1].to == [owner.email]
    assert "다른 사람" in mail.outbox[-1].body
    # Who asked cannot decide, in the page, in the service, in the database.
    own = client_of(world, "administrator")
    assert "다른 사람의 결정을 기다림" in own.get("/alliance/second-steps/").content.decode()
    own.post(f"/alliance/second-steps/{reset.uuid}/", {"granted": "yes"})
    assert Authenticator.objects.filter(user=owner).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.update(decided_by=world.people["administrator"])
    officer = client_of(world, "officer_city")
    assert "신분증으로 확인" in officer.get("/alliance/second-steps/").content.decode()
    officer.post(f"/alliance/second-steps/{reset.uuid}/", {"granted": "yes"})
    assert not Authenticator.objects.filter(user=owner).exists()
    assert device.get("/alliance/me/").status_code == 302
    assert jobs.run_pending(at=AT) == 1
    assert "로그아웃" in mail.outbox[-1].body
    found = Entry.objects.filter(object_uuid=owner.uuid).order_by("pk")
    actors = {entry.event: entry.actor_uuid for entry in found}
    assert actors["second_factor.reset_asked"] == world.people["administrator"].uuid
    assert actors["second_factor.reset"] == world.people["officer_city"].uuid
    assert enter(owner).get("/alliance/me/").status_code == 200


def test_a_refusal_changes_nothing_and_is_final(world: World) -> None:
    reset = ask(world)
    officer = world.people["officer_university"]
    services.decide_second_factor_reset(reset=reset, granted=False, by=officer, at=AT)
    assert Authenticator.objects.filter(user=world.people["recruiter"]).exists()
    with pytest.raises(Refused, match="이미"):
        services.decide_second_factor_reset(reset=reset, granted=True, by=officer, at=AT)


def test_who_may_ask_and_decide(world: World) -> None:
    people = world.people
    facts = {"reason": "신분증", "at": AT}
    for by, person in (("officer_city", "recruiter"), ("administrator", "administrator")):
        with pytest.raises(Refused):
            services.ask_second_factor_reset(person=people[person], by=people[by], **facts)
    with pytest.raises(Refused, match="두 번째 단계"):
        services.ask_second_factor_reset(
            person=people["mentor"], by=people["administrator"], **facts
        )
    reset = ask(world)
    for by in ("recruiter", "officer_company", "mentor", "administrator"):
        with pytest.raises(Refused):
            services.decide_second_factor_reset(reset=reset, granted=True, by=people[by], at=AT)
    with pytest.raises(Refused, match="기다리"):
        services.ask_second_factor_reset(
            person=people["recruiter"], by=people["administrator"], **facts
        )
