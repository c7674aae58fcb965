"""The bench, at one moment."""

from collections.abc import Iterator

import pytest

from bitgoeul.core import clock
from tests.world import AT


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.freeze(AT):
        yield
