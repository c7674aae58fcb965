"""A runner behind each tier that stands on this machine; elsewhere the reason is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitgoeul.runner import LocalRunner, Tier, Warmth


@pytest.fixture(scope="session", params=list(Tier), ids=str)
def here(request: pytest.FixtureRequest) -> Iterator[LocalRunner]:
    """A parent that has imported nothing: quick to start, and all that most tests need."""
    tier: Tier = request.param
    runner = LocalRunner(tiers=(tier,), warmth=Warmth(modules=(), memory_mb=1024, processes=200))
    if runner.tier is None:
        pytest.skip(f"no {tier} here: {runner.complaints[tier]}")
    yield runner
    runner.close()
