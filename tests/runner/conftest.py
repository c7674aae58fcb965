"""A runner behind each tier that stands on this machine; elsewhere the reason is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bitgoeul.runner import LocalRunner, Tier, Warmth

from ..conftest import LONG


@pytest.fixture(scope="session", params=list(Tier), ids=str)
def here(request: pytest.FixtureRequest) -> Iterator[LocalRunner]:
    """A parent that has imported nothing: quick to start, and all that most tests need."""
    tier: Tier = request.param
    runner = LocalRunner(tiers=(tier,), warmth=Warmth(modules=(), memory_mb=1024, processes=200))
    if runner.tier is None:
        pytest.skip(f"no {tier} here: {runner.complaints[tier]}")
    yield runner
    runner.close()


@pytest.fixture(scope="session", params=list(Tier) if LONG else ["best"], ids=str)
def shell(request: pytest.FixtureRequest) -> Iterator[LocalRunner]:
    """A parent that has imported IPython, behind the best walls; a long run tries both."""
    tiers = tuple(Tier) if request.param == "best" else (request.param,)
    runner = LocalRunner(tiers=tiers, warmth=Warmth(modules=("IPython",)))
    if runner.tier is None:
        pytest.skip(f"no sandbox here: {runner.complaints}")
    yield runner
    runner.close()
