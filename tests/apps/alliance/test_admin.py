"""The admin looks; what it writes goes through the services."""

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.core.journal.models import Entry
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world: World) -> Client:
    root = User.objects.create_superuser("root@example.kr", "x", full_name="뿌리")
    client = Client()
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("model", ["organisation", "agreement", "consenttext"])
def test_rows_are_shown_and_not_changed(client: Client, world: World, model: str) -> None:
    row = {
        "organisation": world.city,
        "agreement": world.agreement,
        "consenttext": ConsentText.objects.first(),
    }[model]
    listed = client.get(reverse(f"admin:alliance_{model}_changelist"))
    assert listed.status_code == 200
    address = reverse(f"admin:alliance_{model}_change", args=[row.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(address, {}).status_code == 403
    deletion = reverse(f"admin:alliance_{model}_delete", args=[row.pk])
    assert client.post(deletion, {"post": "yes"}).status_code == 403


def test_a_consent_text_is_published_with_the_next_version(client: Client, world: World) -> None:
    address = reverse("admin:alliance_consenttext_add")
    form = {"purpose": Purpose.RESEARCH, "text_ko": "새 글", "published_on": "2025-07-01"}
    assert client.post(address, form).status_code == 302
    made = ConsentText.objects.get(purpose=Purpose.RESEARCH, version=2)
    assert made.text_ko == "새 글"
    entry = Entry.objects.get(event="consent_text.published")
    assert entry.object_uuid == made.uuid


def test_staff_without_the_role_see_nothing(world: World) -> None:
    person = world.people["trainee"]
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:alliance_organisation_changelist")).status_code == 404
