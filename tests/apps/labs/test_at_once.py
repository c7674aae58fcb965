"""Several uploads in the same moment: the day's limit holds, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import Submission
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.models import Job
from tests.apps.labs.bench import Bench, make_lab
from tests.world import AT, build_world


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_when_five_windows_hand_in_at_once(bench: Bench) -> None:
    world = build_world()
    lab = make_lab(world, bench, daily_limit=2)
    person = world.people["trainee"]
    ready = Barrier(5)

    def hand_in(number: int) -> str:
        try:
            ready.wait(timeout=20)
            services.receive_submission(
                lab=lab,
                person=person,
                name=f"{number}.csv",
                content=bench.good,
                by=person,
                at=AT,
            )
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "received"

    with ThreadPoolExecutor(5) as pool:
        answers = sorted(pool.map(hand_in, range(5)))
    assert answers == ["daily_limit"] * 3 + ["received"] * 2
    rows = Submission.objects.filter(lab=lab)
    assert rows.count() == 2
    assert Job.objects.filter(uuid__in=rows.values("job_uuid")).count() == 2
