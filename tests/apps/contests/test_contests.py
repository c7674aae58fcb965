"""A contest is planned and led to its end; who may what; what does not fit is refused."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.contests import rules, services, workflow
from bitgoeul.apps.contests.enums import Audience, ContestState, Shown, TermsKind
from bitgoeul.apps.contests.models import Contest
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry as JournalEntry
from tests.web.access.contests import build
from tests.world import AT, ROLES, World, build_world

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def _facts(world: World, **more: object) -> dict[str, object]:
    return {
        "key": "energy", "kind": "data", "title_ko": "전력 수요 예측", "text_ko": "맞히세요.",
        "owner": world.university, "registration_opens_at": AT, "agreement": world.agreement,
        "registration_closes_at": AT + 10 * DAY, "by": world.people["officer_university"],
        "at": AT,
    } | more  # fmt: skip


def _phase(contest: Contest, start: int, end: int, **more: object) -> dict[str, object]:
    return {
        "contest": contest, "title_ko": "예선", "opens_at": AT + start * DAY,
        "closes_at": AT + end * DAY, "by": None, "at": AT,
    } | more  # fmt: skip


def test_a_contest_goes_from_draft_to_closed_and_each_step_is_written_down() -> None:
    world = build_world()
    officer = world.people["officer_city"]
    contest = services.create_contest(**_facts(world))  # type: ignore[arg-type]  # a table of facts
    with pytest.raises(Refused, match=r"phase|단계"):
        services.move_contest(contest=contest, action="publish", by=officer, at=AT)
    services.plan_phase(**_phase(contest, 0, 5))  # type: ignore[arg-type]  # the same
    for action, event, state in (
        ("publish", "announced", ContestState.PUBLISHED),
        ("start", "started", ContestState.RUNNING),
        ("judge", "judging_begun", ContestState.JUDGING),
        ("resume", "resumed", ContestState.RUNNING),
        ("close", "closed", ContestState.CLOSED),
    ):
        contest = services.move_contest(contest=contest, action=action, by=officer, at=AT)
        assert contest.state == state
        assert JournalEntry.objects.filter(event=f"contest.{event}").count() == 1
    with pytest.raises(Refused):
        services.change_contest(contest=contest, title_ko="다른", by=officer, at=AT)
    assert workflow.steps_from(workflow.CONTEST, ContestState.CLOSED) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"registration_closes_at": AT - DAY},
        {"team_least": 4, "team_most": 3},
        {"age_from": 39, "age_to": 18},
        {"regions": ["99"]},
        {"key": "no good key"},
    ],
)
def test_what_does_not_fit_is_refused_in_words(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        services.create_contest(**_facts(build_world(), **wrong))  # type: ignore[arg-type]  # the same
    assert not Contest.objects.filter(key="energy").exists()


def test_phases_follow_each_other() -> None:
    contest = services.create_contest(**_facts(build_world()))  # type: ignore[arg-type]  # the same
    first = services.plan_phase(**_phase(contest, 0, 5))  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused):
        services.plan_phase(**_phase(contest, 4, 9))  # type: ignore[arg-type]  # the same
    second = services.plan_phase(**_phase(contest, 5, 9), blind=True)  # type: ignore[arg-type]  # the same
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(Refused):
        services.change_phase(phase=first, closes_at=AT + 6 * DAY, by=None, at=AT)
    shown = dict(second.policies.values_list("audience", "public_score"))
    assert shown[Audience.TEAM] == Shown.RESULTS
    assert shown[Audience.ORGANISER] == Shown.ALWAYS


def test_a_policy_is_set_for_everybody_but_the_organiser() -> None:
    world = build_world()
    build(world)
    asked = {"phase": world.more["phase"], "public_score": Shown.NEVER, "by": None, "at": AT,
             "private_score": Shown.RESULTS, "rank": Shown.PHASE_END}  # fmt: skip
    made = services.set_score_policy(audience=Audience.PUBLIC, **asked)
    assert (made.public_score, made.rank) == (Shown.NEVER, Shown.PHASE_END)
    with pytest.raises(Refused):
        services.set_score_policy(audience=Audience.ORGANISER, **asked)
    with pytest.raises(Refused):
        services.set_score_policy(audience=Audience.PUBLIC, **asked | {"rank": "soon"})


def test_terms_come_in_versions() -> None:
    contest = build(build_world())
    for version in (1, 2):
        terms = services.publish_terms(
            contest=contest, kind=TermsKind.CONDUCT, text_ko="정직하게.", by=None, at=AT
        )
        assert terms.version == version


def test_the_rule_and_the_filter_say_the_same_for_every_role_and_state() -> None:
    from django.contrib.auth.models import AnonymousUser

    world = build_world()
    contest = build(world)
    for state in ContestState.values:
        Contest.objects.update(state=state)
        row = Contest.objects.get(pk=contest.pk)
        for role in ROLES:
            user = world.people[role] if role != "public" else AnonymousUser()
            seen = Contest.objects.filter(rules.contests_visible_to(user)).exists()
            assert seen == rules.can_view_contest(user, row), (state, role)
            run = Contest.objects.filter(rules.contests_managed_by(user)).exists()
            assert run == rules.can_manage_contest(user, row), (state, role)


def test_an_officer_makes_a_contest_and_plans_it_on_the_pages() -> None:
    world = build_world()
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        world.people["officer_university"], backend="django.contrib.auth.backends.ModelBackend"
    )
    data = {
        "kind": "data", "key": "energy", "owner": world.university.pk, "title_ko": "전력",
        "text_ko": "맞히세요.", "prize_places": 3, "registration_opens_at": "2025-06-01T09:00",
        "registration_closes_at": "2025-07-01T09:00", "team_least": 1, "team_most": 4,
        "regions": ["24"], "external_data": "declared",
    }  # fmt: skip
    wrong = client.post(reverse("contests:contest_create"), data | {"team_most": 0})
    assert wrong.status_code == 422
    made = client.post(reverse("contests:contest_create"), data)
    contest = Contest.objects.get(key="energy")
    plan = reverse("contests:contest_plan", args=[contest.uuid])
    assert made["Location"] == plan
    phase = {
        "title_ko": "예선", "opens_at": "2025-06-02T09:00", "closes_at": "2025-06-20T09:00",
        "daily_limit": 5, "finals": 2, "advances": 0, "board": "plain", "blind": "on",
    }  # fmt: skip
    assert client.post(plan, phase)["Location"] == plan
    assert "When the contest is closed" in client.get(plan).content.decode()
    client.post(reverse("contests:contest_move", args=[contest.uuid, "publish"]))
    page = Client().get(reverse("contests:contest_detail", args=[contest.uuid])).content.decode()
    assert "전력" in page
    assert "광주" in page
