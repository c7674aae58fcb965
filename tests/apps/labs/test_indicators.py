"""The room's numbers against a count by hand, opened down to their rows."""

import datetime as dt

from bitgoeul.apps.labs import indicators
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import jobs
from bitgoeul.core.indicators import Scope, collect
from tests.apps.labs.bench import Bench, hand_in
from tests.world import AT, DAY, World


def test_both_are_registered() -> None:
    assert {"labs.submissions", "labs.passed_share"} <= collect().keys()


def test_submissions_and_passes_of_a_cohort(lab: Lab, world: World, bench: Bench) -> None:
    good = hand_in(lab, world, bench.good)
    hand_in(lab, world, bench.wrong)
    hand_in(lab, world, bench.wrong, who="graduate")
    hand_in(lab, world, b"id,target\n1,x\n", who="graduate")
    jobs.run_pending(at=AT)
    scope = Scope(cohort=world.cohort.uuid)
    counted = indicators.scored_submissions(scope, DAY)
    assert counted.number == 3
    assert good.uuid in {row.uuid for row in counted.numerator}
    share = indicators.passed_share(scope, DAY)
    # The world's own lab has three places without a score, this one has two: one passed.
    assert (len(share.numerator), len(share.denominator)) == (1, 5)
    assert share.number == 0.2
    assert {row.uuid for row in share.numerator} <= {row.uuid for row in share.denominator}
    (passed,) = share.numerator
    assert passed.subject == world.people["trainee"].uuid
    assert passed.groups == {"lab": "breast-cancer"}


def test_what_came_later_does_not_count(lab: Lab, world: World, bench: Bench) -> None:
    hand_in(lab, world, bench.good)
    jobs.run_pending(at=AT + dt.timedelta(days=2))
    scope = Scope(cohort=world.cohort.uuid)
    assert indicators.scored_submissions(scope, DAY).number == 0
    assert len(indicators.passed_share(scope, DAY).numerator) == 0
    assert len(indicators.passed_share(scope, DAY + dt.timedelta(days=2)).numerator) == 1


def test_scopes_divide_the_rows(lab: Lab, world: World, bench: Bench) -> None:
    hand_in(lab, world, bench.good)
    jobs.run_pending(at=AT)
    assert indicators.scored_submissions(Scope(agreement=world.agreement.uuid), DAY).number == 1
    elsewhere = Scope(agreement=world.university.uuid)
    assert indicators.scored_submissions(elsewhere, DAY).number == 0
    empty = indicators.passed_share(Scope(cohort=world.university.uuid), DAY)
    assert empty.number is None
