"""The bench, at one moment."""

from collections.abc import Iterator

import pytest

from bitgoeul.core import clock
from tests.apps.reviews.bench import AT, Bench, make_bench


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.freeze(AT):
        yield


@pytest.fixture
def bench(db: None) -> Bench:
    """A panel of four, its officer, and six people."""
    return make_bench()
