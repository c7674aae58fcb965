"""Who hears of a published match, an answer, and a check that is due; and who does not."""

import datetime as dt

import pytest

from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.models import Offer, RetentionCheck
from bitgoeul.core.notices.models import Notice
from tests.apps.careers.market import CLOSES, HOUR, build_market
from tests.world import AT, DAY, build_world

pytestmark = pytest.mark.django_db


def told(message: str) -> set[str]:
    rows = Notice.objects.filter(message=message).select_related("person")
    assert rows.count() == len({row.person_id for row in rows}), "each person once"
    return {row.person.email for row in rows}


def test_a_match_and_its_answers() -> None:
    market = build_market()
    market.wants(g1="V-1", g2="V-1", g3="V-2")
    market.rates("V-1", g1=80, g2=70)
    market.rates("V-2", g3=90)
    market.run()
    market.publish()
    recruiter = market.world.people["recruiter"]
    assert told("offers.made") == {"g1@people.example", "g3@people.example"}
    assert told("offers.published") == {"g2@people.example", recruiter.email}
    offer = Offer.objects.get(person=market.graduates["g1"], round=market.round)
    services.accept_offer(offer=offer, by=market.graduates["g1"], at=CLOSES + 2 * HOUR)
    assert told("offers.answered") == {recruiter.email}
    text = Notice.objects.get(message="offers.answered").text
    assert "졸업" not in text, "who answered stands on the page, not in the letter"


def test_a_due_check_is_asked_once_of_both_sides() -> None:
    world = build_world()
    RetentionCheck.objects.all().delete()
    placement = world.placements["graduate"]
    for months, due in ((3, DAY), (6, DAY + dt.timedelta(days=1)), (1, DAY.replace(year=2024))):
        RetentionCheck.objects.create(placement=placement, months=months, due_on=due)
    for _each in range(2):
        services.ask_due_checks(at=AT)
    assert told("checks.due") == {placement.person.email}
    assert told("checks.due_employer") == {world.people["recruiter"].email}
    assert Notice.objects.get(message="checks.due").values["months"] == "3"
