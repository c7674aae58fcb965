"""Two reviewers hand in at once: the later one sees the other's opinion, and a third is asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from bitgoeul.apps.reviews.models import Review
from bitgoeul.core import clock
from tests.apps.reviews.bench import AT, judge, make_bench, started


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other")
@pytest.mark.django_db(transaction=True)
def test_a_third_is_asked_when_two_hand_in_at_once() -> None:
    with clock.freeze(AT):
        bench = make_bench()
        started(bench)
    first, second = (review.pk for review in bench.of(1))
    written, other = Event(), Event()

    def hand_in(key: int, points: int, *, waits: bool) -> None:
        try:
            with clock.freeze(AT), transaction.atomic():
                if not waits:
                    written.wait(timeout=20)
                judge(Review.objects.get(pk=key), points // 2, points)
                written.set()
                if waits:
                    # Whoever does not wait for this one's lock comes through here, unseen.
                    other.wait(timeout=1)
            other.set()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        tasks = [
            pool.submit(hand_in, first, 10, waits=True),
            pool.submit(hand_in, second, 0, waits=False),
        ]
    for task in tasks:
        task.result()
    assert [review.third for review in bench.of(1)] == [False, False, True]
