"""The yes/no and the list filter agree for every role over every row and state."""

import pytest

from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import LabState
from bitgoeul.apps.labs.models import Lab, LabFile, Practice, Submission
from bitgoeul.core import clock
from tests.world import AT, ROLES, World

pytestmark = pytest.mark.once

WHO = [role for role in ROLES if role != "public"]
SEES_ALL = {"instructor", "officer_city", "officer_university"}


@pytest.mark.parametrize("state", LabState)
@pytest.mark.parametrize("role", WHO)
def test_filters_and_answers_agree(world: World, lab: Lab, role: str, state: LabState) -> None:
    Lab.objects.filter(pk=lab.pk).update(state=state)
    Practice.objects.create(lab=lab, person=world.people["trainee"], name="a.py", tried_at=AT)
    with clock.freeze(AT):
        user = world.people[role]
        for model, visible, answer in (
            (Lab, rules.labs_visible_to, rules.can_view_lab),
            (LabFile, rules.files_visible_to, rules.can_download_file),
            (Submission, rules.submissions_visible_to, rules.can_view_submission),
            (Practice, rules.practices_visible_to, rules.can_view_practice),
            (Lab, rules.staffed_labs, rules.can_view_submissions),
        ):
            listed = set(model.objects.filter(visible(user)).values_list("pk", flat=True))
            said = {row.pk for row in model.objects.all() if answer(user, row)}
            assert listed == said, model


def test_nobody_downloads_the_truth(world: World, lab: Lab) -> None:
    truth = LabFile.objects.get(lab=lab, kind=LabFile.Kind.TRUTH)
    assert truth.kind in rules.HIDDEN_KINDS
    with clock.freeze(AT):
        for role in WHO:
            user = world.people[role]
            assert not rules.can_download_file(user, truth)
            assert truth not in LabFile.objects.filter(rules.files_visible_to(user))
        assert truth not in LabFile.objects.filter(rules.files_visible_to(None))


def test_who_sees_everybodys_submissions(world: World, lab: Lab) -> None:
    with clock.freeze(AT):
        for role in WHO:
            assert rules.can_view_submissions(world.people[role], lab) is (role in SEES_ALL)


def test_a_draft_is_hidden_from_the_public(world: World, lab: Lab) -> None:
    Lab.objects.filter(pk=lab.pk).update(state=LabState.DRAFT)
    assert lab not in Lab.objects.filter(rules.labs_visible_to(None))
    lab.refresh_from_db()
    assert not rules.can_view_lab(None, lab)
    with clock.freeze(AT):
        assert rules.can_view_lab(world.people["instructor"], lab)
