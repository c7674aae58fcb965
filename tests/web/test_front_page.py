"""The front page names what waits for each person, and nothing that is another's business."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import translation

from bitgoeul.apps.careers.enums import CheckState, OfferState, RoundState
from bitgoeul.apps.careers.models import Offer, RetentionCheck
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.apps.reports.models import Report
from bitgoeul.web import front_page
from tests.world import AT, DAY, World, build_world

pytestmark = pytest.mark.django_db
SOON = AT + dt.timedelta(days=7)


@pytest.fixture
def world() -> World:
    """An alliance in which nothing waits yet."""
    made = build_world()
    RetentionCheck.objects.all().delete()
    Offer.objects.all().delete()
    made.lab.participants.all().delete()
    made.round.state = RoundState.CLOSED
    made.round.save()
    return made


def titles(world: World, role: str) -> list[str]:
    with translation.override("en"):
        return [item.title for item in front_page.tasks_of(world.people[role], at=AT)]


def waiting_for(world: World, part: str) -> set[str]:
    """The roles whose list has a line with these words."""
    return {role for role in world.people if any(part in title for title in titles(world, role))}


def test_a_public_reader_has_no_tasks() -> None:
    assert front_page.tasks_of(AnonymousUser(), at=AT) == []


def test_nothing_waits_for_anyone_in_a_quiet_alliance(world: World) -> None:
    assert {role: titles(world, role) for role in world.people} == {r: [] for r in world.people}


def test_a_draft_waits_for_its_author_while_applications_are_open(world: World) -> None:
    application = world.applications["applicant"]
    application.state = ApplicationState.DRAFT
    application.save()
    world.cohort.state = CohortState.APPLYING
    world.cohort.save()
    assert waiting_for(world, "Finish your application") == {"applicant"}
    world.cohort.state = CohortState.SELECTING
    world.cohort.save()
    assert waiting_for(world, "Finish your application") == set()


def test_an_offer_waits_for_its_graduate_until_it_expires(world: World) -> None:
    offer = Offer.objects.create(
        round=world.round,
        vacancy=world.vacancy,
        person=world.people["graduate"],
        state=OfferState.MADE,
        made_at=AT,
        expires_at=SOON,
    )
    assert waiting_for(world, "Answer the offer") == {"graduate"}
    offer.expires_at = AT
    offer.save()
    assert waiting_for(world, "Answer the offer") == set()


def test_ratings_wait_for_the_employer_of_the_vacancy_only(world: World) -> None:
    world.round.state = RoundState.COLLECTING
    world.round.closes_at = SOON
    world.round.offers_expire_at = SOON
    world.round.save()
    for application in world.job_applications.values():
        application.rated_at, application.rating = AT, 80
        application.save()
    waiting = world.job_applications["graduate"]
    waiting.rated_at = None
    waiting.save()
    with translation.override("en"):
        items = {
            role: [i.count for i in front_page.tasks_of(who, at=AT) if "Rate the" in i.title]
            for role, who in world.people.items()
        }
    assert {role: counts for role, counts in items.items() if counts} == {"recruiter": [1]}


def test_a_due_check_is_asked_of_both_sides_of_the_job(world: World) -> None:
    RetentionCheck.objects.create(
        placement=world.placements["graduate"], months=3, due_on=DAY, state=CheckState.DUE
    )
    assert waiting_for(world, "Do you still work at") == {"graduate"}
    assert waiting_for(world, "Say who still works for you") == {"recruiter"}
    RetentionCheck.objects.update(due_on=DAY + dt.timedelta(days=30))
    assert waiting_for(world, "still work") == set()


def test_a_report_waits_for_the_officers_who_may_publish_it(world: World) -> None:
    report = Report.objects.create(
        title_ko="2024년 성과",
        title_en="Outcome of 2024",
        agreement=world.agreement,
        as_of=DAY,
        created_at=AT,
        created_by=world.people["officer_city"],
    )
    assert waiting_for(world, "Outcome of 2024") == {"officer_city", "officer_university"}
    assert front_page.published_reports() == []
    report.state = ReportState.PUBLISHED
    report.save()
    assert waiting_for(world, "Outcome of 2024") == set()
    with translation.override("ko"):
        (item,) = front_page.published_reports()
    assert (item.title, item.note) == ("2024년 성과", "2025. 6. 2. 기준")


def test_the_page_asks_the_database_a_fixed_number_of_times(
    world: World, django_assert_max_num_queries: object
) -> None:
    client = Client()
    client.force_login(
        world.people["recruiter"], backend="django.contrib.auth.backends.ModelBackend"
    )
    with django_assert_max_num_queries(24):  # type: ignore[operator]  # an untyped fixture
        assert client.get("/").status_code == 200
