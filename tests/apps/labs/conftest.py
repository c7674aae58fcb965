"""A world with a real lab in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.services import grading
from bitgoeul.runner import LocalRunner, Warmth
from tests.apps.labs.bench import Bench, make_lab
from tests.world import World, build_world


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def lab(world: World, bench: Bench) -> Lab:
    return make_lab(world, bench)


@pytest.fixture(scope="session")
def _parent() -> Iterator[LocalRunner]:
    """A parent that has imported nothing: quick to start, ended with the session."""
    runner = LocalRunner(warmth=Warmth(modules=(), memory_mb=1024, processes=200))
    if runner.tier is None:
        pytest.skip(f"no sandbox here: {runner.complaints}")
    yield runner
    runner.close()


@pytest.fixture
def here(_parent: LocalRunner, monkeypatch: pytest.MonkeyPatch) -> LocalRunner:
    """The runner that grades submitted code in this test."""
    monkeypatch.setattr(grading, "here", lambda: _parent)
    return _parent
