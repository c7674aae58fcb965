"""The bench, at one moment."""

from collections.abc import Iterator

import pytest

from bitgoeul.core import clock
from tests.apps.contests.bench import Bench, make_bench
from tests.world import AT


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.freeze(AT):
        yield


@pytest.fixture
def bench(db: None) -> Bench:
    """A running contest with one phase and one task."""
    return make_bench()
